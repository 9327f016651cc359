"""Clicks where somebody only reads: say something, and let alerts be told there."""

from builder.actions import Notice
from builder.actions.lasting import AT_ONCE, lasts
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.channels import registry
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.publish.alerts import choose_alerts

SENT = Text("已发出。", "Sent.")
WAITS = Text("排队中，很快会自动发出。", "It waits, and is sent by itself soon.")
HERE = Text("其他渠道的告警会发到这里。", "The other channels' alerts come here.")
NOWHERE = Text("告警不再发到这里。", "Alerts do not come here any more.")


@needs(Permission.CONVERSATIONS_ANSWER, on="publication")
@lasts(Text("正在发出", "Sending"), but=AT_ONCE)
async def say(studio: Studio, publication: str, text: str, key: str = "") -> Notice:
    """`key`: what has the same is sent once. Raises NotFound, BadSettings (`field`: text)."""
    said = await studio.say(publication, text, key[:64])
    failed = next((code for state, code in said if state in ("failed", "unknown")), None)
    if failed is not None:
        record = studio.control.publication(publication)
        kind = registry().get(record.channel) if record else None
        if kind is None:
            raise NotFound(Text("没有这个发布。", "There is no such publication."))
        return Notice(kind.explain(failed), {"state": "failed"})
    is_sent = all(state == "sent" for state, _ in said)
    return Notice(SENT if is_sent else WAITS, {"state": "sent" if is_sent else "ready"})


@needs(Permission.SETTINGS_EDIT)
def alerts_here(studio: Studio, who: Actor, publication: str, here: bool) -> Notice:
    choose_alerts(studio.control, publication if here else "", by=who)
    return Notice(HERE if here else NOWHERE)
