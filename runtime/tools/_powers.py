"""What a tool can do to the world, so that the agent's owner sees it in one place and may refuse it."""

from enum import StrEnum

from runtime.lang import Text


class Power(StrEnum):
    """A tool says which it has as it is set up (Tool.powers)."""

    READS = "reads"
    CHANGES = "changes"
    SENDS = "sends"
    SPENDS = "spends"

    @property
    def words(self) -> Text:
        return WORDS[self]


WORDS = {
    Power.READS: Text("读取外面的内容", "read from outside"),
    Power.CHANGES: Text("改动别处的数据", "change things elsewhere"),
    Power.SENDS: Text("向别人发消息", "send messages to others"),
    Power.SPENDS: Text("花钱", "spend money"),
}

ASKED = frozenset({Power.CHANGES, Power.SENDS, Power.SPENDS})
"""Those that do something which cannot be taken back."""

FOREIGN = ASKED | {Power.READS}
"""Those that the new owner of what came from elsewhere is asked for: until then it has none of them.
Who reads somewhere tells that place what is asked for."""

WITHHELD = Text(
    "主人没有允许这个智能体「{power}」，所以没有执行。请告诉用户这件事现在做不了。",
    "Not done: the owner of this agent has not allowed it to “{power}”. Tell the person that this cannot "
    "be done now.",
)
