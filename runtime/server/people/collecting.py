"""What is really kept of people who come by themselves, in words for a privacy notice."""

from collections.abc import Mapping, Sequence

from runtime.agents.answering import takes_files
from runtime.gateway.surfaces import Surface
from runtime.lang import Text

MESSAGES = (
    Text("您发的消息和收到的回答", "What you write, and the answers"),
    Text("用来回答您，并接着上次聊", "To answer you, and to go on where you were"),
)
FILES = (
    Text("您发的图片、语音和文件", "Pictures, voice and files that you send"),
    Text("用来看懂您的问题", "To understand your question"),
)
MEMORY = (
    Text("聊天中您说到的关于自己的事", "What you say of yourself"),
    Text("让您不用重复说", "So that you need not say it again"),
)
FEEDBACK = (
    Text("您对回答的评价", "What you think of answers"),
    Text("用来改进回答", "To make answers better"),
)


def collects(surface: Surface, days: Mapping[str, int], lang: str) -> Sequence[Mapping[str, object]]:
    """`days`: how long each kind is kept, where that is bounded; told as None else: until it is deleted."""
    assert surface.door
    known = surface.door.known_by
    kept = [((known.title, known.hint), None), (MESSAGES, "messages"), (FEEDBACK, "messages")]
    if takes_files(surface.agent):
        kept.append((FILES, "media"))
    if surface.agent.memory.remembers:
        kept.append((MEMORY, "memory"))
    return [
        {"what": what.to(lang), "why": why.to(lang), "days": days.get(kind) if kind else None}
        for (what, why), kind in kept
    ]
