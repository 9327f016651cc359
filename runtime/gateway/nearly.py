"""What the owner hears while a day's limit goes: at 80 % and once it is used up, each once a day."""

from collections.abc import Callable, Mapping

from runtime.caps import ALL
from runtime.gateway.abreast import Bound
from runtime.gateway.background import Background
from runtime.lang import Text, as_it_is
from runtime.store.vanishing import Share, Vanishing

DAY = 86_400
LEVELS = (0.8, 1.0)
NEARLY = Text("今天的额度已用掉 {used}%：{whose}。", "{used} % of today's limit is used: {whose}.")
GONE = Text("今天的额度用完了：{whose}。", "Today's limit is used up: {whose}.")
WHOSE: Mapping[str, Text] = {
    "agent": Text("智能体「{name}」", "the agent {name}"),
    "key": Text("API 密钥「{name}」", "the API key {name}"),
    "user": Text("成员「{name}」", "{name}, who works here"),
    ALL: Text("全部智能体", "all agents"),
}
"""A person's is told to the person alone."""


class Nearly:
    """`tell` brings it to where the owner reads; `named`: how one of them is called. Never waits."""

    def __init__(
        self,
        vanishing: Vanishing,
        background: Background,
        tell: Callable[[Text], None],
        today: Callable[[], str],
        named: Callable[[str, str], str],
    ) -> None:
        self._vanishing, self._background, self._tell = vanishing, background, tell
        self._today, self._named = today, named

    def took(self, bound: Bound, before: float) -> None:
        """Something was counted; `before`: the share that had been taken."""
        now = bound.cap.share(bound.spent())
        reached = [level for level in LEVELS if before < level <= now]
        if reached and bound.kind in WHOSE:
            self._background.start(self._once(bound, reached[-1], now))

    async def _once(self, bound: Bound, level: float, now: float) -> None:
        """Of several instances, one tells."""
        name = ("limit", bound.kind, bound.name, self._today(), str(level))
        if not await self._vanishing.take(Share(name, 1, DAY)):
            self._tell(said(bound.kind, self._named(bound.kind, bound.name), now))


def said(kind: str, name: str, share: float) -> Text:
    """`share`: which is used, from 0 on."""
    whose = WHOSE[kind].fill(name=as_it_is(name))
    return GONE.fill(whose=whose) if share >= 1 else NEARLY.fill(used=int(100 * share), whose=whose)
