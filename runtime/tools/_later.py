"""The ability of tools that are answered later: the answer is posted to an address that works once."""

from collections.abc import Iterator, Sequence

from runtime.errors import BadTemplate
from runtime.lang import Text
from runtime.schema import Problem, setting
from runtime.templating import sandbox

CALLBACK = "callback"
"""What `{{ callback.url }}` begins with."""

MINUTES = setting(
    0,
    title=Text("等对方回话（分钟）", "Wait for a later answer (minutes)"),
    hint=Text(
        "请求里写 {{ callback.url }}，对方办完后把结果 POST 到那里，流程再接着走；0 是不等",
        "Put {{ callback.url }} into the request: the other side posts its answer there when it is done, and "
        "the flow goes on; 0: it does not wait",
    ),
    seldom=True,
    ge=0,
    le=43_200,
)
SAYS = setting(
    "",
    title=Text("等的时候对用户说", "What the person is told meanwhile"),
    hint=Text("留空就说已提交，有结果会回复", "Empty: that it is under way and will be answered"),
    seldom=True,
    max_length=500,
)
NO_PLACE = Text(
    "要等对方回话，网址参数、请求头或内容里得有 {{ callback.url }}",
    "to wait for a later answer, {{ callback.url }} has to stand in query, headers or body",
)


class AnsweredLater:
    """With settings called `callback` (minutes) and `callback_says`."""

    callback: int
    callback_says: str

    @property
    def answered_within(self) -> float:
        return self.callback * 60.0

    @property
    def meanwhile(self) -> str:
        return self.callback_says

    @property
    def supplied(self) -> frozenset[str]:
        return frozenset({CALLBACK}) if self.callback else frozenset()


def check(tool: AnsweredLater, sources: Sequence[str]) -> Iterator[Problem]:
    """Whether what is called learns where to answer."""
    try:
        names = frozenset().union(*map(sandbox.names, sources))
    except BadTemplate:
        return  # told of the template itself
    if tool.callback and CALLBACK not in names:
        yield Problem("callback", NO_PLACE)
