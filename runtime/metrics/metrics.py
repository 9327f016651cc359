"""What is counted and timed, for /metrics and the operator."""

import logging
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Metric,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from runtime.metrics.table import KNOWN
from runtime.version import VERSION

Read = Callable[[], Iterable[tuple[Sequence[str], float]]]
"""Values of labels, and the number that is read just then."""
MODELS = 200
"""That are told apart; what is asked beside them counts as OTHER."""
OTHER = "other"

log = logging.getLogger(__name__)


class _Read(Collector):
    """What is known elsewhere, and counted nowhere."""

    def __init__(self, name: str, read: Read) -> None:
        self._about, self._read, self._is_told = KNOWN[name], read, False

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        kind = CounterMetricFamily if self._about.kind == "counter" else GaugeMetricFamily
        family = kind(self._about.name, self._about.help, labels=self._about.labels)
        for labels, value in self._found():
            family.add_metric(labels, value)
        yield family

    def _found(self) -> Iterable[tuple[Sequence[str], float]]:
        """Nothing where it cannot be read, as from a damaged file: the other numbers are needed then."""
        try:
            found = list(self._read())
        except Exception:  # whatever a reader does, the others are told
            if not self._is_told:
                log.exception("%s cannot be told", self._about.name)
            self._is_told = True
            return ()
        self._is_told = False
        return found


class Metrics:
    """See table.py for what each one is of."""

    def __init__(self) -> None:
        # When a counter was made would be a second series for each, which nobody asks.
        disable_created_metrics()  # type: ignore[no-untyped-call] # it has no types
        self.registry = CollectorRegistry()
        self.callbacks = self._counter("hongyan_callbacks")
        self.turns = self._counter("hongyan_turns")
        self.deliveries = self._counter("hongyan_deliveries")
        self.handed = self._counter("hongyan_handed")
        self.ratings = self._counter("hongyan_ratings")
        self.scores = self._counter("hongyan_scores")
        self.runs = self._counter("hongyan_runs")
        self.ticket_deeds = self._counter("hongyan_ticket_deeds")
        self.machines = self._counter("hongyan_machines")
        self.shadows = self._counter("hongyan_shadow_turns")
        self.tokens = self._counter("hongyan_token_fetches")
        self.model_tries = self._counter("hongyan_model_tries")
        self.model_tokens = self._counter("hongyan_model_tokens")
        self.model_cost = self._counter("hongyan_model_cost_dollars")
        self.model_unpriced = self._counter("hongyan_model_unpriced_tokens")
        self.tickets = self._gauge("hongyan_tickets")
        self.running = self._gauge("hongyan_turns_running")
        self.unanswered = self._gauge("hongyan_messages_unanswered")
        self.waiting = self._gauge("hongyan_turns_waiting")
        self.ack_seconds = self._histogram("hongyan_ack_seconds")
        self.turn_seconds = self._histogram("hongyan_turn_seconds")
        self.answer_seconds = self._histogram("hongyan_answer_seconds")
        self.model_seconds = self._histogram("hongyan_model_seconds")
        self.loop_lag = self._histogram("hongyan_loop_lag_seconds")
        self._gauge("hongyan_build_info").labels(VERSION, platform.python_version()).set(1)
        self._models: set[str] = set()
        ProcessCollector(registry=self.registry)  # process_cpu_seconds_total and what else everybody knows

    def model(self, name: str) -> str:
        """By which a model is told apart: an owner may set up any number of them."""
        if name in self._models:
            return name
        if len(self._models) >= MODELS:
            return OTHER
        self._models.add(name)
        return name

    def show(self, name: str, read: Read) -> None:
        """One of the table whose numbers are kept elsewhere, and read when they are asked for."""
        self.registry.register(_Read(name, read))

    def render(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self.registry)

    def _counter(self, name: str) -> Counter:
        about = KNOWN[name]
        return Counter(about.name, about.help, about.labels, registry=self.registry)

    def _gauge(self, name: str) -> Gauge:
        about = KNOWN[name]
        return Gauge(about.name, about.help, about.labels, registry=self.registry)

    def _histogram(self, name: str) -> Histogram:
        about = KNOWN[name]
        return Histogram(about.name, about.help, about.labels, buckets=about.buckets, registry=self.registry)
