"""A version that does worse than the one beside it is taken back by itself, and its owner hears why."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.errors import HongyanError
from runtime.gateway.alarm import Alarm
from runtime.gateway.arms import Arms
from runtime.gateway.canaries import Canary
from runtime.gateway.context import Context
from runtime.gateway.surfaces import Surface
from runtime.gateway.verdict import Worse, cannot_tell, worse
from runtime.lang import Text, joined
from runtime.store.messages.compared import figures_of, looked_at
from runtime.store.vanishing import Share

log = logging.getLogger(__name__)

PAUSES = 20
"""Times as long as a look took, until the next…"""
QUICK = 0.1
"""…unless it took no more seconds than these."""
WHY: dict[Worse, Text] = {
    "failures": Text("它失败得多", "it fails more often"),
    "slow": Text("它慢得多", "it is slower"),
    "thumbs": Text("它得到的差评多", "people like its answers less"),
}
TOLD = Text(
    "试用的 v{version} 已自动撤回，所有人都由 v{stable} 回答：{why}。\n{report}",
    "The canary v{version} was taken back by itself, and v{stable} answers everybody: {why}.\n{report}",
)
HOUR = 3600.0
UNTOLD = Text(
    "v{version} 最近都没答上来，原因在模型服务商那边；同一时间几乎没有人用 v{stable}，"
    "分不清是不是这一版的问题，所以没有撤回。请看看服务商是否正常；不放心就先停止试用。",
    "v{version} fails just now by what its provider of models has. Hardly anybody asked v{stable} at "
    "the same time, so nothing can be told, and it is not taken back. See whether the provider is well; if "
    "in doubt, stop the canary.",
)
SIDE = Text(
    "v{version}：{messages} 条消息，{failed} 条失败，95% 在 {seconds} 秒内，{bad} 个差评",
    "v{version}: {messages} messages, {failed} failed, 95% within {seconds} s, {bad} thumbs down",
)


class TakingBack:
    """Implements Due. Each process looks; whoever ends it tells."""

    def __init__(
        self, context: Context, arms: Arms, alarm: Alarm, alert: Callable[[str, Text], None]
    ) -> None:
        self._surfaces, self._path = context.surfaces, context.messages.counting.path
        self._background, self._looking = context.background, False
        self._not_before = 0.0
        """By the loop's clock."""
        self._alert, self.arms, self._vanishing = alert, arms, context.vanishing
        arms.wake, arms.alert = alarm.wake, alert
        alarm.add(self)

    async def run_due(self, now: float) -> float | None:
        """See alarm.Due. It looks beside: schedules and reminders wait for none of it."""
        if not self._looking and asyncio.get_running_loop().time() >= self._not_before:
            found = []
            for surface in self._surfaces.all():
                canary = self._surfaces.publications.canaries.find(surface.id)
                if canary is not None and canary.version != surface.publication.version:
                    found.append((surface, canary))
            if found:
                self._looking = True
                self._background.start(self._look_at(found, now))
        return None

    async def _look_at(self, found: Sequence[tuple[Surface, Canary]], now: float) -> None:
        began = time.monotonic()
        try:
            for surface, canary in found:
                await self._look(surface, canary, now)
        finally:
            self._looking = False
            self._not_before = asyncio.get_running_loop().time() + rest(time.monotonic() - began)

    async def _look(self, surface: Surface, canary: Canary, now: float) -> None:
        stable = surface.publication.version
        which = (surface.id, canary.version, stable)
        try:
            found = await looked_at(self._path, *which, canary.since, now)
            if (why := worse(found)) is None:
                if cannot_tell(found):
                    await self._say_once(surface, canary)
                return
            sides = (
                figures_of(found.canary, canary.version, found.since),
                figures_of(found.stable, stable, found.since),
            )
            ended = self._surfaces.publications.canaries.end(
                surface.id, canary.version, why, now, sides=sides
            )
        except HongyanError as e:  # the others are looked at all the same
            log.error("how the canary of %s does is not known: %s", surface.id, e.text.en)
            return
        if ended:
            report = joined([_said(side) for side in sides], Text("\n", "\n"))
            text = TOLD.fill(version=canary.version, stable=stable, why=WHY[why], report=report)
            log.warning("%s: %s", surface.id, text.en)
            self._alert(surface.id, text)

    async def _say_once(self, surface: Surface, canary: Canary) -> None:
        """Whichever process finds it; again after an hour."""
        once = Share(("canary untold", surface.id, str(canary.version)), 1, HOUR)
        if not await self._vanishing.take(once):
            self._alert(surface.id, UNTOLD.fill(version=canary.version, stable=surface.publication.version))


def rest(took: float) -> float:
    """Seconds until the next look."""
    return PAUSES * took if took > QUICK else 0.0


def _said(side: Mapping[str, Any]) -> Text:
    return SIDE.fill(**{**side, "seconds": "–" if side["seconds"] is None else side["seconds"]})
