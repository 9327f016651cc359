"""What people are asked, and may type, of what they think of answers."""

from builder.actions import Notice
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.lang import Text
from runtime.publish.changing import ask_scores as asking_after
from runtime.publish.changing import let_judge
from runtime.store.control.control import Control

ON = Text("打 👍 或 👎 从现在起算评价。", "From now on a 👍 or 👎 that is typed is a judgement.")
OFF = Text("打 👍 或 👎 从现在起是普通消息。", "From now on a 👍 or 👎 is a message like any.")

ASKED = Text(
    "从现在起，聊完 {n} 分钟没有再说话，就请对方打分。",
    "From now on people are asked for a rating after {n} minutes of silence.",
)
UNASKED = Text("从现在起不再请人打分。", "From now on nobody is asked for a rating.")


@needs(Permission.AGENTS_PUBLISH, on="publication")
def switch_thumbs(control: Control, who: Actor, publication: str, on: int) -> Notice:
    """Raises NotFound, BadSettings."""
    let_judge(control, publication, judged=on == 1, by=who)
    return Notice(ON if on == 1 else OFF)


@needs(Permission.AGENTS_PUBLISH, on="publication")
def ask_scores(control: Control, who: Actor, publication: str, after: int) -> Notice:
    """After so many minutes of silence; 0: never. Raises NotFound, BadSettings."""
    asking_after(control, publication, after, by=who)
    return Notice(ASKED.fill(n=after) if after else UNASKED)
