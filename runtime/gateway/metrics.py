"""What is counted and timed, for /metrics and the operator."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """Labels are of bounded number: reasons and routes, never people."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.callbacks = Counter(
            "hongyan_callbacks",
            "Callbacks by outcome: accepted, repeat, verified, ignored, application, former, limited, shed, "
            "not_stored, bug, unknown, or why one was refused",
            ["outcome"],
            registry=self.registry,
        )
        self.turns = Counter(
            "hongyan_turns",
            "Finished turns; failure is empty for those that went well",
            ["failure"],
            registry=self.registry,
        )
        self.deliveries = Counter(
            "hongyan_deliveries",
            "Parts of answers by route (passive, push, bubble), state (sent, grown, failed, …) and the "
            "platform's code",
            ["route", "state", "code"],
            registry=self.registry,
        )
        self.tokens = Counter("hongyan_token_fetches", "Access tokens fetched", registry=self.registry)
        self.running = Gauge("hongyan_turns_running", "Turns running now", registry=self.registry)
        self.unanswered = Gauge(
            "hongyan_messages_unanswered", "Messages accepted and not answered yet", registry=self.registry
        )
        self.ack_seconds = Histogram(
            "hongyan_ack_seconds", "Callback received until response", registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 5),
        )  # fmt: skip
        self.turn_seconds = Histogram(
            "hongyan_turn_seconds", "Turn begun until answered", registry=self.registry,
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
        )  # fmt: skip

    def render(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self.registry)
