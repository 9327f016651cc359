"""Publish an agent on a channel, publish it anew, take it back, roll it back."""

import secrets
import string
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from runtime.access.actor import SYSTEM, Actor
from runtime.access.issuing import USUAL
from runtime.access.keys import ASKS, Keys
from runtime.access.permissions import Permission
from runtime.agents.agent import Agent
from runtime.agents.check import check, refuse_errors
from runtime.agents.nesting import gathered
from runtime.channels import Channel, Guides, Joins, Opens, registry
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.lang import Text, listed
from runtime.publish.applications import kept, known
from runtime.publish.credentials import channel_named, checked, cleaned, suggested, with_suggested
from runtime.publish.moving import refuse_moving
from runtime.publish.trials import end_trials
from runtime.store.control.canaries import Why
from runtime.store.control.control import Control
from runtime.store.control.records import Contact, Publication, Version
from runtime.templating.prompts import prompts_of

API = "api"
SUFFIX = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Published:
    """Where it answers, and what its owner enters at the platform."""

    publication: str
    path: str
    version: int
    to_copy: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Settings that we made up, or were given for the platform too, by name."""


def publish(
    control: Control,
    agent: Agent,
    channel: str,
    given: Mapping[str, str],
    note: str = "",
    *,
    id: str = "",
    is_new: bool = False,
    allowed: Collection[str] = (),
    also: bool = False,
    whole: bool = False,
    by: Actor = SYSTEM,
) -> Published:
    """Freeze the agent as the version that answers on the channel's account from now on.

    The same agent on the same account again keeps its publication, and the credentials not `given`; `id` says
    which one where it has several, and `is_new` that another account is to be scanned. `allowed`:
    `host:port` that tools may reach; `whole`: with what it uses in it, as an earlier version was frozen.
    Raises BadAgent when the check finds an error, BadSettings (`field` names what to correct), NotFound (no
    such channel or publication), and Conflict (`field`: also) when another agent answers on that account,
    unless `also`.
    """
    refuse_errors(agent, check(agent, prompts_of(control.home), control, allowed))
    agent = agent if whole else gathered(agent, control.home)
    for inner in agent.others.values():
        refuse_errors(inner, check(inner, prompts_of(control.home), control, allowed))
    kind = channel_named(channel)
    values = cleaned(given)
    existing = _existing(control, kind, agent.id, channel, values, id, is_new=is_new)
    before = control.known_settings(existing.id) if existing else known(control, kind, channel, values)
    credentials = checked(kind, with_suggested(kind, {**before, **values}))
    refuse_moving(kind, before, values, credentials)
    values = {**before, **values}
    if not also:
        refuse_taken(control, agent.id, channel, credentials.account)

    id = existing.id if existing else _new_id(control, agent.id)
    former = former_of(control, existing, kind, before, values)
    own = {"account": credentials.account, **kept(control, id, channel, kind, credentials, by)}
    if existing and changed_there(kind, before, values):
        control.save_contact(Contact(id=id))  # the platform is to verify the address anew
    version = control.freeze(id, agent.to_json(), note, by=by.id)
    record = {"id": id, "agent": agent.id, "channel": channel, **own, "version": version.number, "by": by.id}
    publication = Publication(**record, **_kept(existing), **former)
    _saved(control, publication, "replaced", by)
    if issubclass(kind, Joins):
        control.joinings.change(id, asked_at=time.time())  # whoever publishes is there to scan
    to_copy = {name: value for name in suggested(kind) if (value := credentials.get(name))}
    return Published(id, publication.path, version.number, to_copy)


def unpublish(control: Control, id: str, *, by: Actor = SYSTEM) -> None:
    """Its callback answers as an unknown one from now on; everything is kept. Raises NotFound."""
    publication = the_publication(control, id)
    change = {"enabled": False, "paused_at": None, "paused_text": "", "by": by.id}
    control.save_publication(publication.model_copy(update=change))


def versions(control: Control, id: str) -> list[Version]:
    """Oldest first. Raises NotFound."""
    the_publication(control, id)
    return control.versions(id)


def roll_back(control: Control, id: str, number: int, *, by: Actor = SYSTEM) -> None:
    """Let an earlier (or later) version answer. Raises NotFound; BadAgent when it can no longer be read."""
    publication = the_publication(control, id)
    Agent.load(control.frozen_agent(id, number))
    canary, changed = control.canaries.find(id), {"version": number, "by": by.id}
    why: Why | None = "released" if canary and canary.version == number else None
    _saved(control, publication.model_copy(update=changed), why, by)


def _saved(control: Control, publication: Publication, why: Why | None, by: Actor) -> None:
    """`why`: how that ends what answers a part of the people; None: it does not."""
    control.save_publication(publication)
    end_trials(control, publication, why, by)


def issue_key(
    control: Control,
    agent: Agent,
    *,
    allowed: Collection[str] = (),
    by: Actor = SYSTEM,
    **fields: Any,
) -> str:
    """A new API key of the agent, which is published on the API if it is not yet. Raises as `publish`, and
    Forbidden for whoever may not ask it, or not publish it, themselves.

    `fields` of ApiKey; None for the usual, 0 for no bound.
    """
    by.must(ASKS, agent.id)
    put_on_api(control, agent, allowed=allowed, by=by)
    given = {name: value for name, value in fields.items() if value is not None}
    most = {name: n or None for name, n in {**USUAL, **given}.items()}
    return Keys(control).create(agent.id, by=by.id, **most)


def put_on_api(control: Control, agent: Agent, *, allowed: Collection[str] = (), by: Actor = SYSTEM) -> None:
    """Where its keys open, unless it is there. Raises as `publish`, and Forbidden."""
    if not is_live(control, agent.id):
        by.must(Permission.AGENTS_PUBLISH, agent.id)
        publish(control, agent, API, {}, allowed=allowed, by=by)


def is_live(control: Control, agent: str) -> bool:
    """Whether it answers on the API."""
    return any(p.enabled and (p.agent, p.channel) == (agent, API) for p in control.publications())


def addresses(control: Control, publication: Publication, base: str) -> dict[str, str]:
    """What its platform is told to call, by the channel's names, where that is more than one address, or
    where people open it. `base`: where the world reaches us, "" when that is not known."""
    kind = registry().get(publication.channel, Channel)
    if issubclass(kind, Opens):
        return {"page": base.rstrip("/") + kind.page_of(publication.id)}
    if not issubclass(kind, Guides):
        return {}
    channel = kind(kind.Settings.model_validate(control.known_settings(publication.id)))
    assert isinstance(channel, Guides)
    there = base.rstrip("/") + publication.path
    found = {line.name: line.value for line in channel.to_copy(there) if line.value.startswith(there)}
    return found if len(found) > 1 else {}


def the_publication(control: Control, id: str) -> Publication:
    """Raises NotFound."""
    found = control.publication(id)
    if found is None:
        raise NotFound(Text("没有「{id}」这个发布。", "There is no publication {id!r}.").fill(id=id))
    return found


def _kept(existing: Publication | None) -> dict[str, Any]:
    """What of the record stays when it is published again."""
    if existing is None:
        return {"created_at": time.time()}
    kept = {"created_at", "paused_at", "paused_text", "lapsed_at", "judged", "score_after"}
    return existing.model_dump(include=kept)


def changed_there(
    kind: type[Channel], before: Mapping[str, Any], values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Of the settings that the platform has too those that change, as they were; "" where there was none."""
    shared = kind.verified_by if issubclass(kind, Guides) else frozenset[str]()
    return {name: before.get(name, "") for name in shared if before.get(name, "") != values.get(name, "")}


def former_of(
    control: Control,
    existing: Publication | None,
    kind: type[Channel],
    before: Mapping[str, Any],
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """What the record says of settings that the platform has too, and that change now: for a day it may prove
    itself by either. Not by one that leaves something unsafe which the new one does not.
    """
    if existing is None:
        return {}
    changed = changed_there(kind, before, values)
    if not changed:
        return {"former": existing.former, "former_at": existing.former_at}
    try:
        was, will = (kind(kind.Settings.model_validate(known)) for known in (before, values))
    except ValidationError:  # what was stored is damaged, so nothing proves itself by it
        return {"former": {}, "former_at": None}
    if was.caution and not will.caution:
        return {"former": {}, "former_at": None}
    sealed = control.seal(existing.id, {name: str(value) for name, value in changed.items()})
    return {"former": sealed, "former_at": time.time()}


def _own(control: Control, agent: str, channel: str, id: str) -> Publication:
    """Raises NotFound when it is not one of this agent's on this channel."""
    found = the_publication(control, id)
    if (found.agent, found.channel) != (agent, channel):
        raise NotFound(
            Text("「{id}」不是这个智能体的发布。", "{id!r} is not a publication of this agent.").fill(id=id)
        )
    return found


def _same(
    control: Control, kind: type[Channel], agent: str, channel: str, values: Mapping[str, str]
) -> Publication | None:
    """The agent's publication on the account that `values` mean."""
    found = []
    for publication in control.publications():
        if (publication.agent, publication.channel) != (agent, channel):
            continue
        try:
            merged = checked(kind, {**control.known_settings(publication.id), **values})
        except BadSettings:
            continue
        if merged.account == publication.account:
            found.append(publication)
    if len(found) > 1:
        ids = listed(publication.id for publication in found)
        raise Conflict(
            Text(
                "这个智能体在该渠道有多个发布（{ids}），请写明账号。",
                "This agent has several publications there ({ids}); name the account.",
            ).fill(ids=ids)
        )
    return found[0] if found else None


def _existing(
    control: Control,
    kind: type[Channel],
    agent: str,
    channel: str,
    values: Mapping[str, str],
    id: str,
    *,
    is_new: bool,
) -> Publication | None:
    """The one that is published anew. Raises NotFound, Conflict."""
    if is_new and issubclass(kind, Joins):
        return _unscanned(control, agent, channel)
    return _own(control, agent, channel, id) if id else _same(control, kind, agent, channel, values)


def _unscanned(control: Control, agent: str, channel: str) -> Publication | None:
    """One that waits for its scan."""
    found = (p for p in control.publications() if (p.agent, p.channel, p.account) == (agent, channel, ""))
    return next(found, None)


def refuse_taken(control: Control, agent: str, channel: str, account: str) -> None:
    """Raises Conflict (`field`: also) when another agent answers on that account."""
    for other in control.publications():
        same_account = (other.channel, other.account) == (channel, account)
        if account and same_account and other.enabled and other.agent != agent:
            raise Conflict(
                Text(
                    "账号 {account} 已由「{agent}」的发布 {other} 使用。请先下线它；"
                    "要都留着，请写明 also（命令行是 --also）。",
                    "Account {account} is in use by {other} of {agent!r}. Unpublish that first, or say "
                    "`also` (--also on the command line) to keep both.",
                ).fill(account=account, agent=other.agent, other=other.id),
                field="also",
            )


def _new_id(control: Control, agent: str) -> str:
    while True:
        id = f"{agent}-{''.join(secrets.choice(SUFFIX) for _ in range(6))}"
        if control.publication(id) is None:
            return id
