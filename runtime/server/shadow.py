"""A version that nobody hears, joined to the gateway whose answers it stands beside."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from runtime.gateway.gateway import Gateway
from runtime.models.routed import RoutedModels
from runtime.shadowing.running import Shadowing
from runtime.store.control.control import Control
from runtime.turn.turn import Services


def join_shadow(gateway: Gateway, models: RoutedModels, services: Services, control: Control) -> None:
    own = replace(services, models=models.apart(), answers=None)
    shadowing = Shadowing(gateway, own, control, gateway.onlooker.alert)
    gateway.tell_ends(shadowing.ended)
    gateway.more.append(shadowing.run)
    gateway.metrics.show("hongyan_trials", lambda: trials(control, time.time()))


DAY = 86_400.0
BY_ITSELF = ("failures", "slow", "thumbs", "gone")


def trials(control: Control, now: float) -> list[tuple[Sequence[str], float]]:
    """See the metric of that name. Costs microseconds a publication."""
    counted = Counter[str]()
    for publication in control.publications():
        last = next(iter(control.canaries.past(publication.id)), None)
        counted["canary"] += control.canaries.find(publication.id) is not None
        counted["shadow"] += control.shadows.find(publication.id) is not None
        counted["taken_back"] += last is not None and last.why in BY_ITSELF and now - last.at < DAY
    return [([state], float(many)) for state, many in counted.items()]
