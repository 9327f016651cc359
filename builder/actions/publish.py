"""The publish page's clicks: connect, watch it come alive, test, roll back, take offline; API keys."""

import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from builder.actions import Notice, pair
from builder.actions.agents import is_changed
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.keys import Keys
from runtime.access.permissions import Permission, needs
from runtime.channels import Channel, Receives, Words, registry
from runtime.errors import BadSettings, HongyanError, NotFound, Unreadable
from runtime.gateway.surfaces import opened
from runtime.lang import Text
from runtime.publish import USUAL, deploy, issue_key, publish, roll_back, self_test, unpublish
from runtime.publish.credentials import channel_named, suggested
from runtime.publish.doctor import HOUR
from runtime.publish.standing import standing
from runtime.settings import check_url
from runtime.store.control.records import ApiKey, Publication
from runtime.store.messages.failing import Failing
from runtime.store.messages.insights import Insights, Lately

log = logging.getLogger(__name__)

Json = dict[str, Any]

ASKED_FIRST = ("app_id", "app_secret", "original_id")
"""What everybody has to look up, in the order in which the console shows it."""


@needs(Permission.AGENTS_VIEW)
def overview(studio: Studio, agent: str) -> Json:
    """The agent, the channels, what is published already, the API keys."""
    file = studio.library.get(agent)
    mine = [p for p in studio.control.publications() if p.agent == agent and p.enabled]
    keys = Keys(studio.control).all()
    draft = studio.library.open(agent).is_draft
    return {
        "agent": {"id": agent, "name": file.agent.name},
        "draft": draft,
        "public_url": public_url(studio),
        "fixed_url": bool(studio.settings.public_url),
        "channels": [_channel(name, kind) for name, kind in _surfaces_first()],
        "dead": [{"id": id, "text": pair(text)} for id, text in _dead(studio, agent, mine)],
        "publications": [_publication(studio, p, draft or is_changed(studio, file.agent, p)) for p in mine],
        "keys": [_key(key) for key in keys if key.agent == agent and key.revoked_at is None],
    }


PUBLISHED = Text("已发布为 v{version}，新消息由它回答。", "Published as v{version}; it answers from now on.")
CHOSEN = Text("现在由 v{version} 回答。", "v{version} answers now.")
AWAITED = Text(
    "v{version} 已准备好。把下面的设置填到公众平台并通过验证后，它才开始回答。",
    "v{version} is ready. It answers once the platform has verified the settings below.",
)


@needs(Permission.AGENTS_PUBLISH)
def go_live(
    studio: Studio,
    who: Actor,
    agent: str,
    channel: str,
    given: Mapping[str, Any],
    note: str = "",
    publication: str = "",
) -> Notice:
    """Freeze the agent as it is saved and let it answer; `publication` says which, where it has several.

    Raises BadAgent, BadSettings, Conflict.
    """
    found, allowed = studio.library.ready(agent), studio.settings.egress_allow
    published = publish(
        studio.control, found, channel, _texts(given), note, id=publication, allowed=allowed, by=who
    )
    known = studio.control.publication(published.publication)
    answers = PUBLISHED if known is None or is_reached(studio, known) else AWAITED
    text = answers.fill(version=published.version)
    return Notice(text, {"publication": published.publication, "version": published.version})


@needs(Permission.AGENTS_VIEW)
def state(studio: Studio, publication: str) -> Json:
    """How far the connection is, and what to tell of it; asked every 1.5 s."""
    now = time.time()
    seen = studio.doctor.state(publication, now)
    look = standing(seen, _words(studio, publication), *_lately(studio, publication, now))
    return {
        "verified_at": seen.verified_at,
        "message_at": seen.message_at,
        "tone": look.tone,
        "title": pair(look.title),
        "hint": pair(look.hint),
        "at": look.at,
    }


def _words(studio: Studio, publication: str) -> Words:
    record = studio.control.publication(publication)
    return registry().get(record.channel if record else "", Channel).words


def _lately(studio: Studio, publication: str, now: float) -> tuple[Lately, Failing | None]:
    """How its messages ended in the last hour, and why the newest were not answered, if they were not."""
    path = studio.settings.data / "messages.db"
    if not path.exists():
        return Lately(), None
    insights = Insights(path)
    try:
        found = (one for one in insights.failing(now) if one.publication == publication)
        return insights.lately(publication, now - HOUR), next(found, None)
    except HongyanError as e:  # what is known of the connection is told all the same
        log.warning("cannot tell how messages of %s ended: %s", publication, e.text.en)
        return Lately(), None


@needs(Permission.AGENTS_PUBLISH)
async def test(studio: Studio, publication: str) -> Notice:
    """Call our own public address as WeChat would."""
    finding = await self_test(studio.control, publication, public_url(studio))
    return Notice(finding.text, ok=finding.ok, code="" if finding.ok else "self_test")


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
    try:
        domain = deploy.domain_of("", public_url(studio))
    except BadSettings:  # an address for trying out, such as http://localhost:7860
        domain = ""
    files = {file: deploy.steps(file, studio.settings, domain or deploy.EXAMPLE) for file in deploy.FILES}
    return {"example": "" if domain else deploy.EXAMPLE, "files": files}


@needs(Permission.AGENTS_PUBLISH)
def take_back(studio: Studio, who: Actor, publication: str) -> Notice:
    unpublish(studio.control, publication, by=who)
    return Notice(Text("已下线，它不再回答消息。", "Taken offline; it answers no more."))


@needs(Permission.AGENTS_PUBLISH)
def use_version(studio: Studio, who: Actor, publication: str, number: int) -> Notice:
    roll_back(studio.control, publication, number, by=who)
    known = studio.control.publication(publication)
    return Notice((CHOSEN if known is None or is_reached(studio, known) else AWAITED).fill(version=number))


@needs(Permission.KEYS_EDIT)
def create_key(studio: Studio, who: Actor, agent: str) -> Json:
    """The key is in this answer and nowhere else."""
    found, allowed = studio.library.ready(agent), studio.settings.egress_allow
    return {"key": issue_key(studio.control, found, allowed=allowed, by=who)}


@needs(Permission.KEYS_EDIT)
def revoke_key(studio: Studio, who: Actor, id: str) -> Notice:
    Keys(studio.control).revoke(id, by=who.id)
    return Notice(Text("密钥已作废，立即失效。", "The key is revoked and no longer works."))


def public_url(studio: Studio) -> str:
    """The environment's, else the one entered here; "" when neither is known."""
    return studio.settings.public_url or studio.control.options().public_url


def is_reached(studio: Studio, publication: Publication) -> bool:
    """Whether messages come in: the platform verified the address, or there is none to verify."""
    calls = issubclass(registry().get(publication.channel, Channel), Receives)
    return not calls or studio.control.contact(publication.id).verified_at is not None


def _surfaces_first() -> list[tuple[str, type[Channel]]]:
    """What people write on before what programs call."""
    return sorted(registry().items(), key=lambda entry: not issubclass(entry[1], Receives))


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    """The form's values as publishing takes them."""
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in given.items()
    }


def _channel(name: str, kind: type[Channel]) -> Json:
    """The form is made from the channel's settings model; what we generate is not asked for."""
    schema = kind.Settings.model_json_schema()
    asked = [field for field in schema.get("properties", {}) if field not in suggested(kind)]
    first = [field for field in ASKED_FIRST if field in asked]
    return {
        "name": name,
        "title": pair(kind.about.title),
        "hint": pair(kind.about.hint),
        "schema": schema,
        "fields": first + [field for field in asked if field not in first],
        "people": issubclass(kind, Receives),
    }


def _dead(studio: Studio, agent: str, publications: list[Publication]) -> Iterator[tuple[str, Text]]:
    """What can no longer be read and has stopped, by id."""
    yield from studio.control.unreadable_of(agent).items()
    for publication in publications:
        try:
            opened(studio.control, publication)
        except Unreadable as e:
            yield publication.id, e.text


def _caution(channel: str, settings: Mapping[str, Any]) -> Json | None:
    """What these settings leave unsafe."""
    try:
        kind = channel_named(channel)
        text = kind(kind.Settings.model_validate(settings)).caution
    except (NotFound, ValidationError):
        return None
    return pair(text) if text else None


def _publication(studio: Studio, publication: Publication, changed: bool) -> Json:
    secrets = studio.control.known_settings(publication.id)
    versions = studio.control.versions(publication.id)
    return {
        "id": publication.id,
        "channel": publication.channel,
        "account": publication.account,
        "path": publication.path,
        "version": publication.version,
        "changed": changed,
        "reached": is_reached(studio, publication),
        "settings": dict(publication.settings),
        "caution": _caution(publication.channel, secrets),
        "secrets": sorted(publication.secrets),
        "token": secrets.get("token", ""),
        "encoding_aes_key": secrets.get("encoding_aes_key", ""),
        "versions": [{"number": v.number, "at": v.at, "note": v.note} for v in reversed(versions)],
        "state": state(studio, publication.id),
    }


def _key(key: ApiKey) -> Json:
    return {
        "id": key.id,
        "prefix": key.prefix,
        "created_at": key.created_at,
        "limits": {name: getattr(key, name) for name in USUAL},
    }
