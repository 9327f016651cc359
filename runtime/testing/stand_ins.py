"""What tools give in a test: nothing that acts is called."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.lang import Text
from runtime.testing.suite import Given
from runtime.testing.way_checks import among
from runtime.tools import ASKED, Tool
from runtime.turn.using import Used

NOT_GIVEN = Text(
    "测试里没有写「{tool}」这次调用的结果，它会改动外面的东西，所以没有执行。",
    "Not called: it would act outside, and the test gives no result of this call of {tool!r}.",
)


class StandIns:
    """Those of one case: of several that fit, each is given once, and the last again and again."""

    def __init__(self, given: Sequence[Given], lang: str) -> None:
        self._left, self._lang = list(given), lang

    def __call__(self, tool: Tool, arguments: Mapping[str, Any]) -> Used | None:
        """None: let it be called, since it only reads."""
        name = tool.name or tool.type
        fit = [one for one in self._left if one.tool == name and among(one.arguments, arguments)]
        if fit:
            if len(fit) > 1:
                self._left.remove(fit[0])
            return Used(fit[0].gives, failed=fit[0].fails)
        if tool.repeatable and not tool.powers & ASKED:
            return None
        return Used(NOT_GIVEN.fill(tool=name).to(self._lang), failed=True)
