"""Clicks on what is published: another version, new credentials, a pause, the end."""

from collections.abc import Mapping

from builder.actions import RESTORED, Notice
from builder.actions.lasting import AT_ONCE, lasts
from builder.actions.publish import awaited
from builder.actions.taking_away import for_good, undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.channels import Channel, registry
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.management.rotating import rotated
from runtime.publish import pause, resume, roll_back, rotate, rotation, take_up, unpublish
from runtime.publish.publications import the_publication
from runtime.publish.ways_in import is_reached

CHOSEN = Text("现在由 v{version} 回答。", "v{version} answers now.")
ROTATED = Text(
    "已更换。还要在{console}改成一样的：改好之前，旧的仍然有效（最多一天），不丢消息。",
    "Changed. Enter the same in {console}: until then the old ones count, too, for a day at most; "
    "no message is lost.",
)
CLEARED = Text("已去掉，需要时可以再填。", "Removed; it can be entered again at any time.")
NO_SECRET = Text("这里没有「{name}」。", "There is no {name!r} here.")
SECRET_CHANGED = Text("已更换，试过可以用。", "Changed; it was tried and works.")


@needs(Permission.AGENTS_PUBLISH, on="publication")
@undone_by("bring_back")
def take_back(studio: Studio, who: Actor, publication: str) -> Notice:
    known = studio.control.publication(publication)
    unpublish(studio.control, publication, by=who)
    paused = {"paused_at": known.paused_at, "paused_text": known.paused_text} if known else {}
    said = Text("已下线，它不再回答消息。", "Taken offline; it answers no more.")
    return Notice(said, undo={"publication": publication, **paused} if known and known.enabled else None)


@needs(Permission.AGENTS_PUBLISH, on="publication")
def bring_back(
    studio: Studio, who: Actor, publication: str, paused_at: float | None = None, paused_text: str = ""
) -> Notice:
    """As it was before it was taken offline. Raises NotFound, BadAgent, Conflict, also where somebody else
    brought it back since, whose pause it may have."""
    take_up(studio.control, publication, paused_at=paused_at, paused_text=paused_text, by=who)
    return Notice(RESTORED)


@needs(Permission.AGENTS_PUBLISH, on="publication")
def pause_it(studio: Studio, who: Actor, publication: str, text: str = "") -> Notice:
    """Keep its messages and answer none; `text`: what each person is told meanwhile, once."""
    pause(studio.control, publication, text, by=who)
    return Notice(Text("已暂停。消息照收，都留着。", "Paused. Messages are taken and kept."))


@needs(Permission.AGENTS_PUBLISH, on="publication")
def resume_it(studio: Studio, who: Actor, publication: str) -> Notice:
    resume(studio.control, publication, by=who)
    return Notice(Text("已继续。留着的消息正在回答。", "It goes on; what was kept is being answered."))


@needs(Permission.AGENTS_PUBLISH, on="publication")
def use_version(studio: Studio, who: Actor, publication: str, number: int) -> Notice:
    roll_back(studio.control, publication, number, by=who)
    known = studio.control.publication(publication)
    text = CHOSEN if known is None or is_reached(studio.control, known) else awaited(studio, known)
    return Notice(_kind(studio, publication).words.fill(text, version=number))


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(Text("正在核对新凭证", "Checking the new credentials"), but=AT_ONCE)
async def rotate_it(studio: Studio, who: Actor, publication: str, given: Mapping[str, str]) -> Notice:
    """Other credentials; nothing given: a new token and key. Raises BadSettings, Conflict, NotFound."""
    before = studio.control.publication(publication)
    await rotated(studio.control, studio.accounts, publication, given, by=who)
    after = studio.control.publication(publication)
    is_shared = before is not None and after is not None and after.former_at != before.former_at
    return Notice(_kind(studio, publication).words.fill(ROTATED if is_shared else SECRET_CHANGED))


@needs(Permission.AGENTS_PUBLISH, on="publication")
@for_good("rotate.clear.hint")
def clear_secret(studio: Studio, who: Actor, publication: str, name: str) -> Notice:
    """One that its settings do without. Raises BadSettings where they do not, NotFound, Conflict."""
    known = the_publication(studio.control, publication)
    if name not in known.secrets:
        raise BadSettings(NO_SECRET.fill(name=name[:60]), field=name[:60])
    rotate(studio.control, rotation(studio.control, publication, {}, without=[name]), by=who)
    return Notice(CLEARED)


def _kind(studio: Studio, publication: str) -> type[Channel]:
    record = studio.control.publication(publication)
    return registry().get(record.channel if record else "", Channel)
