"""Change what is published without taking it off: pause it, let it go on."""

import time

from runtime.access.actor import SYSTEM, Actor
from runtime.errors import Conflict
from runtime.lang import Text
from runtime.publish.publications import the_publication
from runtime.store.control.control import Control
from runtime.store.control.records import Publication

MOST = 500
"""Characters of what people are told."""
OFFLINE = Text("「{id}」已经下线，没有可以暂停的。", "{id!r} was taken offline; there is nothing to pause.")


def pause(control: Control, id: str, text: str = "", *, by: Actor = SYSTEM) -> Publication:
    """From now on its messages are taken and kept. `text`: what people are told meanwhile, once each.

    Paused again, only the text changes. Raises NotFound; Conflict when it was taken offline.
    """
    publication = the_publication(control, id)
    if not publication.enabled:
        raise Conflict(OFFLINE.fill(id=id))
    since, told = publication.paused_at or time.time(), text.strip()[:MOST]
    change = {"paused_at": since, "paused_text": told, "by": by.id}
    return _saved(control, publication, change)


def resume(control: Control, id: str, *, by: Actor = SYSTEM) -> Publication:
    """What was kept is answered now, in order, and what comes at once. Raises NotFound."""
    return _saved(control, the_publication(control, id), {"paused_at": None, "paused_text": "", "by": by.id})


def _saved(control: Control, publication: Publication, change: dict[str, object]) -> Publication:
    changed = publication.model_copy(update=change)
    control.save_publication(changed)
    return changed
