"""What is known elsewhere and shown in /metrics, read when somebody asks."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from runtime.child_process import Seen
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.knowledge.search.searching import Searching
from runtime.metrics import machine
from runtime.models.routed import RoutedModels
from runtime.store.control.control import Control

STATES = {"closed": 0.0, "half_open": 0.5, "open": 1.0}
"""Of a model's breaker."""

Numbers = Iterator[tuple[Sequence[str], float]]


def show(data: Path, gateway: Gateway, control: Control, models: RoutedModels, search: Searching) -> None:
    """Tell the gateway's metrics where to read. `data`: where it keeps what lasts."""

    def out() -> Numbers:
        for one in models.unwell():
            yield [one.model, one.failed.code if one.failed else ""], STATES[one.state]

    def resting() -> Numbers:
        with contextlib.suppress(HongyanError):  # what else is counted is seen while a file is damaged
            for endpoint in control.endpoints():
                for key in models.resting(endpoint):
                    if key.failed:
                        yield [endpoint.name, key.key, key.failed.code], key.rests

    def left() -> Numbers:
        with contextlib.suppress(HongyanError):
            for budget in control.policy.budgets():
                yield [budget.id], budget.left(models.budgets.of_budget(budget))

    def children() -> Iterator[tuple[str, Seen]]:
        asking = models.processes()
        yield "models", Seen(any(one.is_there for one in asking), sum(one.starts for one in asking))
        yield "search", search.child.seen

    metrics = gateway.metrics
    metrics.show("hongyan_child_up", lambda: [([name], one.is_there) for name, one in children()])
    metrics.show("hongyan_child_starts", lambda: [([name], one.starts) for name, one in children()])
    metrics.show("hongyan_model_out", out)
    metrics.show("hongyan_model_key_rests", resting)
    metrics.show("hongyan_budget_left", left)
    metrics.show("hongyan_memory_bytes", lambda: [([k], v) for k, v in machine.memory_by_process().items()])
    metrics.show("hongyan_memory_limit_bytes", lambda: [([], machine.memory().limit)])
    metrics.show("hongyan_memory_available_bytes", lambda: [([], machine.memory().available)])
    metrics.show("hongyan_disk_free_bytes", lambda: [([], machine.disk(data)[0])])
    metrics.show("hongyan_disk_size_bytes", lambda: [([], machine.disk(data)[1])])
