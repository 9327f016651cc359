"""Among which others an owner looks for a block."""

from dataclasses import dataclass

from runtime.lang import Text


@dataclass(frozen=True)
class Group:
    """Those of the lowest `rank` stand first."""

    title: Text
    rank: int


THINK = Group(Text("思考和查找", "Think and look up"), 1)
TALK = Group(Text("对话", "Talk"), 2)
ACT = Group(Text("做事", "Act"), 3)
ORDER = Group(Text("安排", "Arrange"), 4)
PEOPLE = Group(Text("交给人", "Ask colleagues"), 5)
