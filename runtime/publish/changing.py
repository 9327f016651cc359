"""Change what is published without taking it off: pause it, let it go on, change its credentials."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from runtime.access.actor import SYSTEM, Actor
from runtime.agents.agent import Agent
from runtime.channels import Authenticates, Channel, is_for_people
from runtime.errors import BadSettings, Conflict
from runtime.lang import Text
from runtime.publish.applications import kept
from runtime.publish.credentials import Credentials, channel_named, checked, cleaned, suggested
from runtime.publish.moving import refuse_moving
from runtime.publish.publications import Published, changed_there, former_of, refuse_taken, the_publication
from runtime.store.control.control import Control
from runtime.store.control.records import Contact, Publication

MOST = 500
"""Characters of what people are told."""
NOBODY = Text(
    "「{id}」由程序来问，没有可以请来打分的人。", "{id!r} is asked by programs: there is nobody to rate it."
)
MOST_SILENCE = 24 * 60
"""Minutes: who was asked later would not know of what."""
SILENCE = Text("要 1–{most} 分钟，0 是不问。", "1 to {most} minutes; 0 is never.")
IS_UP = Text("已经有人让它重新上线了。", "Somebody brought it back already.")
OFFLINE = Text("「{id}」已经下线，没有可以暂停的。", "{id!r} was taken offline; there is nothing to pause.")
NOTHING = Text("请用 --set 名称=值 写明要换什么。", "Say with --set NAME=VALUE what to change.")
OTHER = Text(
    "{account} 是另一个账号，不是「{id}」的；请另外发布。",
    "{account} is not the account of {id!r}; publish there.",
)
MEANWHILE = Text("「{id}」刚刚被改过，请再试一次。", "{id!r} was changed just now; try again.")


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


def take_up(
    control: Control, id: str, *, paused_at: float | None = None, paused_text: str = "", by: Actor = SYSTEM
) -> None:
    """Undo `unpublish`: the version that answered does again, or is paused as it was.

    Raises NotFound, BadAgent when that can no longer be read, Conflict when another agent answers on its
    account by now, or it was taken up already.
    """
    publication = the_publication(control, id)
    if publication.enabled:
        raise Conflict(IS_UP)
    Agent.load(control.frozen_agent(id, publication.version))
    refuse_taken(control, publication.agent, publication.channel, publication.account)
    told = paused_text.strip()[:MOST]
    change: dict[str, object] = {"enabled": True, "paused_at": paused_at, "paused_text": told, "by": by.id}
    _saved(control, publication, change)


def resume(control: Control, id: str, *, by: Actor = SYSTEM) -> Publication:
    """What was kept is answered now, in order, and what comes at once. Raises NotFound."""
    return _saved(control, the_publication(control, id), {"paused_at": None, "paused_text": "", "by": by.id})


def let_judge(control: Control, id: str, *, judged: bool, by: Actor = SYSTEM) -> Publication:
    """Whether a thumb that somebody types there judges the answer before it. Raises NotFound, BadSettings."""
    if judged and not is_for_people(channel_named(the_publication(control, id).channel)):
        raise BadSettings(NOBODY.fill(id=id), field="publication")
    return _saved(control, the_publication(control, id), {"judged": judged, "by": by.id})


def ask_scores(control: Control, id: str, after: int, *, by: Actor = SYSTEM) -> Publication:
    """Whether people there are asked how satisfied they were: after so many minutes of silence, and when a
    human gives them back; 0: never. Raises NotFound, BadSettings."""
    if not 0 <= after <= MOST_SILENCE:
        raise BadSettings(SILENCE.fill(most=MOST_SILENCE), field="after")
    if after and not is_for_people(channel_named(the_publication(control, id).channel)):
        raise BadSettings(NOBODY.fill(id=id), field="publication")
    return _saved(control, the_publication(control, id), {"score_after": after, "by": by.id})


@dataclass(frozen=True)
class Rotation:
    """Credentials that are to replace others. `is_secret_new`: the platform is to be asked whether they are
    right before they do."""

    publication: Publication
    kind: type[Channel]
    before: Mapping[str, Any]
    credentials: Credentials
    is_secret_new: bool

    @property
    def channel(self) -> Channel:
        return self.kind(self.kind.Settings.model_validate(self.values))

    @property
    def values(self) -> dict[str, Any]:
        return {**self.credentials.settings, **self.credentials.secrets}


def rotation(control: Control, id: str, given: Mapping[str, str], without: Collection[str] = ()) -> Rotation:
    """What `given` makes of a publication's credentials, of which some go (`without`); nothing given: new
    ones of what we make up.

    Raises NotFound, BadSettings, also where one is needed; Conflict when they are another account's.
    """
    publication = the_publication(control, id)
    kind = channel_named(publication.channel)
    before = control.known_settings(id)
    new = dict.fromkeys(without, "") | cleaned(given) or dict(suggested(kind))
    if not new:
        raise BadSettings(NOTHING, field="--set")
    credentials = checked(kind, {**before, **new})
    refuse_moving(kind, before, new, credentials)
    # of a surface that names no account, what is secret names it: another of these is no other account
    is_named = credentials.settings != publication.settings
    if is_named and credentials.account != publication.account:
        raise Conflict(OTHER.fill(account=credentials.account, id=id))
    made = Rotation(publication, kind, before, credentials, is_secret_new=False)
    return replace(made, is_secret_new=_asks_otherwise(made))


def rotate(control: Control, made: Rotation, *, by: Actor = SYSTEM) -> Published:
    """Use them from now on. What the platform proves itself by counts as it was for a day, too.

    Raises Conflict when the publication was changed meanwhile.
    """
    id, kind = made.publication.id, made.kind
    if control.publication(id) != made.publication:
        raise Conflict(MEANWHILE.fill(id=id))
    former = former_of(control, made.publication, kind, made.before, made.values)
    if changed_there(kind, made.before, made.values):
        control.save_contact(Contact(id=id))  # the platform is to verify the address anew
    change = {
        **former,
        **kept(control, id, made.publication.channel, kind, made.credentials, by),
        "account": made.credentials.account,
        "by": by.id,
    }
    changed = _saved(control, made.publication, change)
    to_copy = {name: made.credentials.get(name) for name in suggested(kind)}
    return Published(id, changed.path, changed.version, to_copy)


def _asks_otherwise(made: Rotation) -> bool:
    """Whether the platform's API is to be asked for a token in another way than before."""
    channel = made.channel
    if not isinstance(channel, Authenticates):
        return False
    try:
        was = made.kind(made.kind.Settings.model_validate(made.before))
    except ValidationError:
        return True
    asked = was.token_request() if isinstance(was, Authenticates) else None
    new = channel.token_request()
    return asked is None or (asked.body, asked.query) != (new.body, new.query)


def _saved(control: Control, publication: Publication, change: dict[str, object]) -> Publication:
    changed = publication.model_copy(update=change)
    control.save_publication(changed)
    return changed
