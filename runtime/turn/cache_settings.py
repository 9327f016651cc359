"""Which questions are answered as before."""

from typing import Literal

from runtime.lang import Text
from runtime.schema import Strict, setting

Kind = Literal["off", "exact", "near"]
KINDS: dict[Kind, Text] = {
    "off": Text("不用", "Off"),
    "exact": Text("一样的问题", "The same question"),
    "near": Text("一样或意思一样的问题", "The same question, or one that means the same"),
}


class Cache(Strict):
    """Which questions are answered without asking a model again."""

    type: Kind = setting(
        "off",
        title=Text("重复的问题用以前的回答", "Answer equal questions as before"),
        hint=Text(
            "只用在和谁问的无关的回答：用了工具、文件、之前的对话、这个人的资料，或问题里有号码的，总是重新问",
            "Only answers that have to do with nobody in particular: where tools, files, the conversation or "
            "what is known of the person were used, or a number is in the question, a model is always asked",
        ),
        choices=lambda: {kind: text for kind, text in KINDS.items()},
    )
    hours: int = setting(
        24,
        title=Text("保留几小时", "Hours kept"),
        hint=Text("过了就重新问模型", "After that a model is asked anew"),
        ge=1,
        le=8760,
    )
    likeness: float = setting(
        0.9,
        title=Text("多像才算意思一样", "What counts as meaning the same"),
        hint=Text("1 是完全一样；数字不同从不算一样", "1 is word for word; other numbers are never the same"),
        when=("type", "near"),
        ge=0.6,
        le=1,
    )
