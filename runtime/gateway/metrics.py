"""What is counted and timed, for /metrics and the operator."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Read = Callable[[], Iterable[tuple[Sequence[str], float]]]
"""Values of labels, and the number that is read just then."""


class _Read(Collector):
    """What is known elsewhere, and counted nowhere."""

    def __init__(self, name: str, help: str, labels: Sequence[str], read: Read) -> None:
        self._named, self._labels, self._read = (name, help), labels, read

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(*self._named, labels=self._labels)
        for labels, value in self._read():
            family.add_metric(labels, value)
        yield family


class Metrics:
    """Labels are of bounded number: reasons and routes, never people."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.callbacks = Counter(
            "hongyan_callbacks",
            "Callbacks by outcome: accepted, repeat, verified, ignored, application, former, bot, "
            "limited, shed, "
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
        self.runs = Counter(
            "hongyan_runs",
            "Runs of starts by what begins them (schedule, webhook, event, reminder) and how it went: begun, "
            "skipped, failed",
            ["on", "outcome"],
            registry=self.registry,
        )
        self.tickets, self.ticket_deeds = _tickets(self.registry)
        self.machines = _machines(self.registry)
        self.tokens = Counter("hongyan_token_fetches", "Access tokens fetched", registry=self.registry)
        self.running = Gauge("hongyan_turns_running", "Turns running now", registry=self.registry)
        self.unanswered = Gauge(
            "hongyan_messages_unanswered", "Messages accepted and not answered yet", registry=self.registry
        )
        self.waiting = Gauge(
            "hongyan_turns_waiting",
            "Turns that wait for an answer, a decision, a call or a time",
            registry=self.registry,
        )
        self.ack_seconds = Histogram(
            "hongyan_ack_seconds", "Callback received until response", registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 5),
        )  # fmt: skip
        self.turn_seconds = Histogram(
            "hongyan_turn_seconds", "Turn begun until answered", registry=self.registry,
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
        )  # fmt: skip

    def show(self, name: str, help: str, labels: Sequence[str], read: Read) -> None:
        """A gauge whose numbers are read when they are asked for."""
        self.registry.register(_Read(name, help, labels, read))

    def render(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self.registry)


def _tickets(registry: CollectorRegistry) -> tuple[Gauge, Counter]:
    what = (
        "Tickets that are not done: open, taken, waiting; of these late; and the seconds that the oldest "
        "open one has waited (oldest)"
    )
    deeds = "What operators did in this process: taken, said, handed_back, waiting, reopened"
    return (
        Gauge("hongyan_tickets", what, ["what"], registry=registry),
        Counter("hongyan_ticket_deeds", deeds, ["deed"], registry=registry),
    )


def _machines(registry: CollectorRegistry) -> Counter:
    what = "Senders not answered since they write like machines, by what tells them: same, fast, endless"
    return Counter("hongyan_machines", what, ["sign"], registry=registry)
