"""The publish page's clicks: connect, watch it come alive, test, roll back, take offline; API keys."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from builder.actions import Notice, pair
from builder.actions.agents import is_changed
from builder.actions.channel_words import described, in_words, of_kind, told
from builder.actions.scanning import shown
from builder.actions.suites import tested
from builder.actions.taking_away import for_good
from builder.actions.trials import mark_of_trials, trials
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.issuing import Issuing
from runtime.access.keys import Keys
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.check import Finding
from runtime.agents.places import at_place
from runtime.agents.powers import may
from runtime.channels import Channel, Joins, Opens, by_family, registry
from runtime.checkup.pages import refused
from runtime.deployment.shown import to_type
from runtime.errors import HongyanError, Unreadable
from runtime.gateway.former import DAY
from runtime.gateway.surfaces import opened
from runtime.lang import Text, joined
from runtime.management.published import offers
from runtime.publish import USUAL, issue_key, may_see_shared, publish
from runtime.publish.credentials import channel_named, spared
from runtime.publish.doctor import HOUR
from runtime.publish.publications import is_live
from runtime.publish.scanning import is_joined
from runtime.publish.standing import PAUSED, standing
from runtime.publish.unmet import Place, unmet, unmet_where_published
from runtime.publish.ways_in import channel_of, is_called, is_linked, is_reached
from runtime.settings import check_url
from runtime.store.control.records import ApiKey, Publication
from runtime.store.messages.beside import is_there
from runtime.store.messages.failing import Failing
from runtime.store.messages.insights import Insights, Lately

log = logging.getLogger(__name__)

Json = dict[str, Any]


@needs(Permission.AGENTS_VIEW, on="agent")
def overview(studio: Studio, who: Actor, agent: str) -> Json:
    """The agent, the channels, what is published already, the API keys.

    Who may only look gets nothing that acts: no token or key to copy, no code to scan, no list of API keys.
    """
    file = studio.library.get(agent)
    mine = [p for p in studio.control.publications() if p.agent == agent and p.enabled]
    keys = Keys(studio.control).all() if who.may(Permission.KEYS_VIEW, agent) else []
    draft = studio.library.open(agent).is_draft
    return {
        "agent": {"id": agent, "name": file.agent.name},
        "may": [one.to_json() for one in may(file.agent)],
        "draft": draft,
        "tests": tested(studio, file.agent).to_json(),
        "public_url": studio.public_url(),
        "fixed_url": bool(studio.settings.public_url),
        "channels": [
            {
                **described(name, kind),
                "unmet": _told(file.agent, unmet(studio.control, file.agent, [Place(kind)])),
            }
            for name, kind in by_family()
        ],
        "dead": [{"id": id, "text": pair(text)} for id, text in _dead(studio, agent, mine)],
        "publications": [
            {
                **_publication(studio, who, p, draft or is_changed(studio, file.agent, p)),
                "unmet": _told(file.agent, unmet_where_published(studio.control, file.agent, [p])),
            }
            for p in mine
        ],
        "keys": [_key(key) for key in keys if key.agent == agent and key.revoked_at is None],
    }


def _told(agent: Agent, found: Sequence[Finding]) -> list[Json]:
    return [pair(at_place(agent, one.field, one.text)) for one in found]


PUBLISHED = Text("已发布为 v{version}，新消息由它回答。", "Published as v{version}; it answers from now on.")
AWAITED = Text(
    "v{version} 已准备好。把下面的设置填到{console}并通过验证后，它才开始回答。",
    "v{version} is ready. It answers once {platform} has verified the settings below.",
)
SCANNED = Text(
    "v{version} 已准备好，扫下面的码就上线。", "v{version} is ready; scan the code below and it is live."
)
STILL = Text("改好之前，旧的仍然有效，不丢消息。", " Until then the old ones count, too; no message is lost.")
LINKING = Text(
    "v{version} 已准备好，正在连接{platform}，连上就开始回答。",
    "v{version} is ready and connects to {platform}; it answers as soon as that is done.",
)


@needs(Permission.AGENTS_PUBLISH, on=("agent", "publication"))
def go_live(
    studio: Studio,
    who: Actor,
    agent: str,
    channel: str,
    given: Mapping[str, Any],
    note: str = "",
    publication: str = "",
    also: bool = False,
) -> Notice:
    """Freeze the agent as it is saved and let it answer; `publication` says which, where it has several.
    `also`: beside another agent on the same account.

    Raises BadAgent, BadSettings, Conflict.
    """
    found, allowed = studio.library.ready(agent), studio.settings.egress_allow
    tested(studio, found).refuse()
    published = publish(
        studio.control,
        found,
        channel,
        _texts(given),
        note,
        id=publication,
        is_new=not publication,
        allowed=allowed,
        also=also,
        by=who,
    )
    known = studio.control.publication(published.publication)
    text = PUBLISHED if known is None or is_reached(studio.control, known) else awaited(studio, known)
    text = channel_named(channel).words.fill(text, version=published.version)
    return Notice(text, {"publication": published.publication, "version": published.version})


@needs(Permission.AGENTS_VIEW, on="publication")
def state(studio: Studio, who: Actor, publication: str) -> Json:
    """How far the connection is, and what to tell of it; asked every 1.5 s.

    When `mark` is another, so is what `overview` says. The code to scan is for who may publish: whoever scans
    it has the account.
    """
    now = time.time()
    seen, kind = studio.doctor.state(publication, now), _kind(studio, publication)
    record = studio.control.publication(publication)
    scan, mark = None, ""
    strangers = refused(channel_of(studio.control, record), seen) if record else None
    if record:
        mark = f"{record.version} {record.enabled} {record.paused_at} {is_reached(studio.control, record)}"
        mark += mark_of_trials(studio, record.id)
    if record and record.paused_at is not None:
        look = replace(PAUSED, at=record.paused_at)
    else:
        scan = shown(studio, who, record, kind)
        linked = record is not None and is_linked(studio.control, record)
        called = record is None or is_called(studio.control, record)
        lately = _lately(studio, publication, now)
        needs_address = record is not None and kind.profile.public_address
        is_open = bool(studio.public_url()) or issubclass(kind, Opens) or not needs_address
        look = standing(seen, kind, *lately, is_linked=linked, is_called=called, is_open=is_open)
        if seen.verified_at is None and record and record.former and now < (record.former_at or 0) + DAY:
            look = replace(look, hint=joined([look.hint, STILL]))
    return {
        "mark": mark,
        "scan": scan,
        "verified_at": seen.verified_at,
        "message_at": seen.message_at,
        "tone": scan["tone"] if scan else look.tone,
        "title": scan["title"] if scan else pair(look.title),
        "hint": scan["hint"] if scan else pair(look.hint),
        "at": None if scan else look.at,
        "strangers": strangers and in_words(strangers),
        "compared": [
            {"name": pair(one.name), "here": one.here, "there": one.there}
            for one in (seen.refusal.compared if seen.refusal else ())
        ],
    }


def _kind(studio: Studio, publication: str) -> type[Channel]:
    record = studio.control.publication(publication)
    return registry().get(record.channel if record else "", Channel)


def _lately(studio: Studio, publication: str, now: float) -> tuple[Lately, Failing | None]:
    """How its messages ended in the last hour, and why the newest were not answered, if they were not."""
    path = studio.settings.data / "messages.db"
    if not is_there(path):
        return Lately(), None
    insights = Insights(path)
    try:
        found = (one for one in insights.failing(now) if one.publication == publication)
        return insights.lately(publication, now - HOUR), next(found, None)
    except HongyanError as e:  # what is known of the connection is told all the same
        log.warning("cannot tell how messages of %s ended: %s", publication, e.text.en)
        return Lately(), None


@needs(Permission.SETTINGS_EDIT)
def set_public_url(studio: Studio, who: Actor, url: str) -> Notice:
    """Where the world reaches us. Raises BadSettings."""
    url = url.strip()
    title = Text("公网地址", "The public address")
    checked = check_url(url if "://" in url or not url else f"https://{url}", "public_url", title)
    options = studio.control.options()
    studio.control.save_options(options.model_copy(update={"public_url": checked, "by": who.id}))
    return Notice(Text("公网地址已保存。", "The public address is saved."), {"public_url": checked})


@needs(Permission.SETTINGS_VIEW)
def on_server(studio: Studio) -> Json:
    """What to type on a server, by file. `example`: stands there for the domain while that is unknown."""
    example, files = to_type(studio.settings, studio.public_url())
    return {"example": example, "files": files}


@needs(Permission.KEYS_EDIT, on="agent")
def create_key(studio: Studio, who: Actor, agent: str) -> Json:
    """The key is in this answer and nowhere else."""
    found, allowed = studio.library.ready(agent), studio.settings.egress_allow
    if not is_live(studio.control, agent):
        tested(studio, found).refuse()
    return {"key": issue_key(studio.control, found, allowed=allowed, by=who)}


@needs(Permission.KEYS_EDIT, on=SOME)
@for_good("api.revoke.hint")
def revoke_key(studio: Studio, who: Actor, id: str) -> Notice:
    """For whoever may on all agents that it is for. Raises NotFound, Forbidden."""
    Issuing(studio.control).end(id, who)
    return Notice(Text("密钥已作废，立即失效。", "The key is revoked and no longer works."))


def awaited(studio: Studio, publication: Publication) -> Text:
    """What one that is not reached yet waits for."""
    if is_linked(studio.control, publication):
        return LINKING
    is_scanned = issubclass(_kind(studio, publication.id), Joins)
    return SCANNED if is_scanned and not is_joined(studio.control, publication) else AWAITED


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    """The form's values as publishing takes them."""
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in given.items()
    }


def _dead(studio: Studio, agent: str, publications: list[Publication]) -> Iterator[tuple[str, Text]]:
    """What can no longer be read and has stopped, by id."""
    yield from studio.control.unreadable_of(agent).items()
    for publication in publications:
        try:
            opened(studio.control, publication)
        except Unreadable as e:
            yield publication.id, e.text


def _publication(studio: Studio, who: Actor, publication: Publication, changed: bool) -> Json:
    secrets = studio.control.known_settings(publication.id)
    versions = studio.control.versions(publication.id)
    return {
        "id": publication.id,
        "channel": publication.channel,
        "account": publication.account,
        "path": publication.path,
        "version": publication.version,
        "changed": changed,
        "reached": is_reached(studio.control, publication),
        "called": is_called(studio.control, publication),
        "paused": publication.paused_at is not None,
        "paused_text": publication.paused_text,
        "alerts": studio.control.options().alerts_to == publication.id,
        "offers": sorted(offers(_kind(studio, publication.id))),
        **of_kind(studio, publication, _kind(studio, publication.id)),
        "settings": dict(publication.settings),
        "secrets": sorted(name for name in publication.secrets if secrets.get(name, "?")),
        "spared": spared(_kind(studio, publication.id), sorted(publication.secrets), secrets),
        **told(studio, publication, secrets, copies=may_see_shared(studio.control, who, publication)),
        "versions": [{"number": v.number, "at": v.at, "note": v.note} for v in reversed(versions)],
        **trials(studio, publication),
        "state": state(studio, who, publication.id),
    }


def _key(key: ApiKey) -> Json:
    return {
        "id": key.id,
        "prefix": key.prefix,
        "created_at": key.created_at,
        "limits": {name: getattr(key, name) for name in USUAL},
    }
