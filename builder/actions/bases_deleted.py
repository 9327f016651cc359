"""Bases and their sources deleted, and had back."""

from builder.actions import RESTORED, Notice
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.knowledge.sources import deleting
from runtime.lang import Text

DELETED = Text("已删除「{title}」。", "Deleted {title!r}.")


@needs(Permission.KNOWLEDGE_EDIT)
@undone_by("restore")
def delete(studio: Studio, who: Actor, id: str) -> Notice:
    """With all that is in it. Raises NotFound, NotSaved."""
    known = {one.id: one.name for one in studio.bases.listing().bases}
    token = deleting.delete(studio.bases, id, by=who.id)
    return Notice(DELETED.fill(title=known.get(id, id)), undo={"token": token})


@needs(Permission.KNOWLEDGE_EDIT)
def restore(studio: Studio, token: str) -> Notice:
    """A base as it was. Raises NotFound, Conflict, NotSaved."""
    id = deleting.restore(studio.bases, token)
    studio.upkeep.wake(id)
    return Notice(RESTORED, {"id": id})


@needs(Permission.KNOWLEDGE_EDIT)
@undone_by("put_back")
def remove(studio: Studio, who: Actor, base: str, source: str) -> Notice:
    """Raises NotFound, NotSaved."""
    gone, token = deleting.start_removing(studio.bases, base, source, by=who.id)
    studio.upkeep.wake(base)
    return Notice(DELETED.fill(title=gone.title), undo={"token": token})


@needs(Permission.KNOWLEDGE_EDIT)
def put_back(studio: Studio, token: str) -> Notice:
    """A source as it was; it is read again where the index has forgotten it. Raises NotFound, Conflict,
    NotSaved."""
    studio.upkeep.wake(deleting.put_back(studio.bases, token))
    return Notice(RESTORED)
