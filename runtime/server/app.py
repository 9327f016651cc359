"""The web application: own routes, with a place behind them for the builder."""

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.types import ASGIApp

from runtime.access.audit.log import Audit
from runtime.access.keys import Keys
from runtime.access.things.things import Things
from runtime.channels import registry
from runtime.errors import BadSettings, HongyanError
from runtime.gateway.background import Background, Watch
from runtime.lang import Lang, Text
from runtime.management.quota_watch import QuotaWatch
from runtime.media.own import OwnFiles
from runtime.metrics.lag import watch_lag
from runtime.publish.answering import answering_models
from runtime.publish.reached import Reach
from runtime.server import callbacks, consent_page, hooks, shortage
from runtime.server.alert_hook import AlertHook
from runtime.server.answer_page import AnswerPages
from runtime.server.api import later_answers
from runtime.server.api.a2a_api import A2aApi
from runtime.server.api.ag_ui_api import AgUiApi
from runtime.server.api.chat_api import ChatApi
from runtime.server.api.cross_origin import Browsers
from runtime.server.api.decisions_api import DecisionsApi
from runtime.server.api.embeddings_api import EmbeddingsApi
from runtime.server.api.events_api import EventsApi
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.mcp_api import McpApi
from runtime.server.api.openai_api import OpenAiApi
from runtime.server.api.operator_api import OperatorApi
from runtime.server.api.responses_api import ResponsesApi
from runtime.server.api.unasked_api import UnaskedApi
from runtime.server.api.unasked_feed import UnaskedFeed
from runtime.server.api.ws_api import WsApi
from runtime.server.backup_age import BackupAge
from runtime.server.door.door import Door
from runtime.server.door.front import Front
from runtime.server.door.guard import Guard
from runtime.server.door.origins import Origins
from runtime.server.door.sessions import Sessions
from runtime.server.door.sso import SingleSignOn
from runtime.server.door.ways import Way, Ways
from runtime.server.door.while_live import Stop
from runtime.server.health import Health
from runtime.server.made_files import PublicMade
from runtime.server.outermost import Outermost, answer_fault
from runtime.server.own_data_page import OwnData
from runtime.server.own_files import PublicFiles
from runtime.server.people.about_api import AboutApi
from runtime.server.people.asking import Asks
from runtime.server.people.connected import Connected
from runtime.server.people.files_api import FilesApi
from runtime.server.people.own_api import OwnApi
from runtime.server.people.people import People
from runtime.server.people.session_api import SessionApi
from runtime.server.people.speaking import Speaking
from runtime.server.program import Program
from runtime.server.readings import show
from runtime.server.relay import Relay
from runtime.server.role import LOOKS, Role
from runtime.server.traces import bring_traces
from runtime.server.web_chat.pages import WebChat
from runtime.store.installation import Installation

MAX_BODY = 25 * 1024 * 1024
"""Bytes of any request; callbacks and the API have smaller bounds of their own."""

log = logging.getLogger(__name__)


def make_app(program: Program, role: Role) -> Starlette:
    """Callbacks, API, login and health. What is mounted later, the builder, comes after them."""
    gateway, control, shared = program.gateway, program.control, program.gateway.vanishing
    keys = KeyCheck(control, shared)
    sessions, audit = Sessions(control), audit_of(program)
    door = Door(control, sessions, audit, shared, program.public_url)
    others = SingleSignOn(control, program.sso, sessions, door.arrivals, shared, program.public_url)
    people = People(gateway, control, program.public_url)
    browsers = Browsers(program.settings.api_origins, people.origins)
    feed = UnaskedFeed.of(gateway)
    speaking = Speaking(people, feed, Connected(people.families))
    pages = (AnswerPages(gateway), OwnData(gateway), WebChat(gateway))
    messages = [
        *consent_page.routes(gateway.consents.applying),
        *callbacks.routes(gateway, Reach(control)),
        *(way for one in pages for way in one.routes()),
        *hooks.routes(gateway.starts.calls),
        *PublicFiles(OwnFiles(program.settings.own_files)).routes(),
        *PublicMade(program.made).routes(),
        *_to_ours(program, keys, browsers, Asks(people)),
        *ResponsesApi(gateway, keys, control, browsers, gateway.messages.one_answers).routes(),
        *EmbeddingsApi(gateway, keys, control, browsers, program.embedding).routes(),
        *OpenAiApi(gateway, keys, control, browsers).routes(),
        *AgUiApi(gateway, keys, control, browsers).routes(),
        *_to_agents(program, keys, browsers),
        *McpApi(gateway, keys, control, browsers).routes(),
        *later_answers.routes(gateway.waits, program.services.callback),
        *OperatorApi(gateway, keys, control, audit).routes(),
        *DecisionsApi(gateway, keys, control, audit).routes(),
        *UnaskedApi(gateway, keys, browsers).routes(),
        *WsApi(gateway, keys, control, browsers, feed, speaking).routes(),
        *_of_people(people, browsers),
    ]
    quotas = QuotaWatch(program.control, program.accounts)
    routes = [*messages, *_watched(program, quotas), *door.routes(others), *others.routes()]

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(program, role, quotas):
            yield

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={Exception: answer_fault},
        max_body_size=MAX_BODY,
    )


def _watched(program: Program, quotas: QuotaWatch) -> list[Way]:
    """What programs ask that watch over it."""
    settings, gateway, wellness = program.settings, program.gateway, program.wellness
    gateway.metrics.show("hongyan_publications", wellness.counted)
    show(settings.data, gateway, program.control, program.models, program.searching)
    gateway.metrics.show("hongyan_quota_left", quotas.counted)
    age = BackupAge(settings.data)
    gateway.metrics.show("hongyan_backup_age_seconds", age.counted)

    async def told() -> bytes:
        await age.look()
        return await program.together.render()

    own = (wellness, told, settings.metrics_key, gateway.vanishing)
    status = program.status_page.routes() if settings.status_page else []
    return [*Health(settings.data, gateway, *own).routes(), *_alerts(program).routes(), *status]


def _alerts(program: Program) -> AlertHook:
    """Where Alertmanager rings."""

    def lang_of(publication: str) -> Lang:
        surface = program.gateway.surfaces.find(publication)
        return surface.agent.language if surface else "en"

    def titled(channel: str) -> Text | None:
        found = registry().get(channel)
        return found.about.title if found else None

    own = (program.say, program.alerts_to, lang_of, program.public_url)
    return AlertHook(*own, program.settings.metrics_key, program.vanishing, titled)


def _of_people(people: People, browsers: Browsers) -> list[Way]:
    """What those need who come by themselves."""
    return [
        *SessionApi(people, browsers).routes(),
        *AboutApi(people, browsers).routes(),
        *OwnApi(people, browsers).routes(),
        *FilesApi(people, people.gateway.kept, browsers).routes(),
    ]


def _to_ours(program: Program, keys: KeyCheck, browsers: Browsers, asks: Asks) -> list[Way]:
    """Where programs and people ask by our own API, and follow what they asked."""
    gateway = program.gateway
    own = (gateway, keys, program.control, browsers)
    answers = gateway.messages.one_answers
    return [*ChatApi(*own, asks).routes(), *EventsApi(*own, answers, asks).routes()]


def _to_agents(program: Program, keys: KeyCheck, browsers: Browsers) -> list[Way]:
    """Where agents of others ask ours."""
    gateway = program.gateway

    def is_public(publication: str) -> bool:
        surface = gateway.surfaces.find(publication)
        return surface is not None and surface.channel.shows_card

    answers, url = gateway.messages.one_answers, program.public_url
    own = (gateway, keys, program.control, browsers)
    return A2aApi(*own, answers, gateway.acts.stop, is_public, url).routes()


def audit_of(program: Program) -> Audit:
    """Of everything that is done in this program."""
    settings, control = program.settings, program.control
    return Audit(settings.data, control.mark, settings.audit_days, things=Things(control))


def guarded(app: Starlette, program: Program, role: Role, stop: Stop) -> ASGIApp:
    """The application as it is served: nothing reaches it but through the guard."""
    control, url = program.control, program.public_url
    sessions, origins, ways = Sessions(control), Origins(url), Ways(app.routes)
    guard = Guard(app, sessions, origins, ways, Keys(control).may_now, stop)
    return Outermost(Front(Relay(guard, role), url, program.settings.proxies))


@contextlib.asynccontextmanager
async def running(program: Program, role: Role, quotas: QuotaWatch) -> AsyncIterator[None]:
    """Start what works in the background, and stop it in the opposite order."""
    program.gateway.vanishing.start()
    if role.is_ours:
        await program.gateway.start()
        role.works = True
    beside = Background()
    for watch in _watches(program, role, quotas):
        beside.keep(watch)
    try:
        async with program.together.served():
            yield
    finally:
        await beside.end()
        await program.gateway.stop()
        await program.gateway.vanishing.close()
        await program.searching.close()
        await program.programs.close()
        await program.services.sessions.close()
        await program.models.close()
        await program.egress.close()


def _watches(program: Program, role: Role, quotas: QuotaWatch) -> list[Watch]:
    """What goes on beside the answering for as long as the program runs; what fails of it is begun anew."""
    return [
        *(functools.partial(one, program, role) for one in (_take_over, _watch, _short, _tell_status)),
        *(functools.partial(one, program) for one in (_warm, bring_traces)),
        functools.partial(_watch_quotas, program, role, quotas),
        functools.partial(watch_lag, program.gateway.metrics.loop_lag),
        functools.partial(program.upkeep.run, lambda: role.works),
    ]


async def _take_over(program: Program, role: Role) -> None:
    """Work on the messages as soon as the process that does is gone."""
    while not role.works:
        await asyncio.sleep(LOOKS)
        try:
            if not await asyncio.to_thread(role.take_over):
                continue
            installation = Installation(program.settings.data)
            installation.check()
            installation.take()
            await program.gateway.start()
        except HongyanError as e:
            log.error("the messages cannot be taken over: %s", e.text.en)
            role.leave()
        except Exception:  # another may take them, and this one tries again
            role.leave()
            raise
        else:
            role.works = True
            log.info("the messages are worked on here now")


async def _watch(program: Program, role: Role) -> None:
    if program.settings.address_watch:
        await program.address_watch.run(lambda: role.works)


async def _watch_quotas(program: Program, role: Role, quotas: QuotaWatch) -> None:
    if program.settings.address_watch and program.together.is_first:
        await quotas.run(lambda: role.works)


async def _short(program: Program, role: Role) -> None:
    if program.together.is_first:
        data, gateway = program.settings.data, program.gateway
        await shortage.watch(data, gateway.queue_age, gateway.onlooker.tell, lambda: role.works)


async def _tell_status(program: Program, role: Role) -> None:
    if program.settings.status_page and program.together.is_first:
        await program.status_page.watch(lambda: role.works)


async def _warm(program: Program) -> None:
    try:
        await program.models.warm()
        await program.models.preload(await asyncio.to_thread(answering_models, program.control))
    except ImportError:
        log.exception("litellm cannot be imported: models that need it will not answer")
    except BadSettings as e:
        log.error("models are not warmed: %s", e.text.en)
