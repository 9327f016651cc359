"""Whether a thumb that somebody types judges the answer before it."""

from builder.actions import Notice
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.lang import Text
from runtime.publish.changing import let_judge
from runtime.store.control.control import Control

ON = Text("打 👍 或 👎 从现在起算评价。", "From now on a 👍 or 👎 that is typed is a judgement.")
OFF = Text("打 👍 或 👎 从现在起是普通消息。", "From now on a 👍 or 👎 is a message like any.")


@needs(Permission.AGENTS_PUBLISH, on="publication")
def switch_thumbs(control: Control, who: Actor, publication: str, on: int) -> Notice:
    """Raises NotFound."""
    let_judge(control, publication, judged=on == 1, by=who)
    return Notice(ON if on == 1 else OFF)
