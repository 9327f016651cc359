"""Links to read one chat of the playground: made, listed, taken back."""

import time
from typing import Any

from builder.actions import Notice
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.trying.kept_chats import KeptChats
from runtime.trying.shared_chats import SharedChats

Json = dict[str, Any]


@needs(Permission.AGENTS_PUBLISH, on="id")
def share_chat(studio: Studio, who: Actor, id: str, chat: str, tip: str = "", days: int = 7) -> Json:
    """{token, public}: the first is told this once; where the world reaches us, "" where nobody knows. Raises
    NotFound, NotSaved."""
    token = SharedChats(studio.settings.data).share(id, who.id, chat, tip, days, time.time())
    return {"token": token, "public": studio.public_url()}


@needs(Permission.AGENTS_RUN, on="id")
def shared_links(studio: Studio, who: Actor, id: str) -> list[Json]:
    """Of all chats with that agent, the newest first. Raises NotFound."""
    kept = KeptChats(studio.settings.data, id, who.id)
    links = SharedChats(studio.settings.data).links(id, who.id, time.time())
    return [
        {"key": one.key, "name": _name(kept, one.chat), "at": one.at, "until": one.until} for one in links
    ]


@needs(Permission.AGENTS_RUN, on="id")
@for_good("share.revoke.hint")
@recorded()
def revoke_link(studio: Studio, who: Actor, id: str, key: str) -> Notice:
    """Raises NotFound, NotSaved."""
    SharedChats(studio.settings.data).revoke(id, who.id, key)
    return Notice(Text("链接已作废。", "The link no longer works."))


def _name(kept: KeptChats, chat: str) -> str:
    try:
        return str(kept.find(chat).head()["name"])
    except NotFound:
        return ""
