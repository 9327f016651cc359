"""Put Streamlit at /insights, into the program that answers messages."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import streamlit as st
from starlette._utils import get_route_path
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from builder.actions import (
    Action,
    actions_of,
    bound,
    click,
    insights,
    judging,
    person,
    places,
    starts,
    taken_cases,
    teaching,
    tickets,
    weekly,
)
from builder.actions.whose import ByStore
from builder.insights._ahead import asked_ahead
from builder.insights._drawn import callout, esc
from builder.insights._go import Name
from builder.insights._page import html
from builder.insights._streamlit import Files
from builder.insights._words import t
from builder.insights.desk import Desk, place
from runtime.access.actor import NOBODY, Actor
from runtime.access.audit.log import Audit
from runtime.access.audit.trail import Trail
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.agents.file import load, path_of
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.knowledge.sources.bases import Bases
from runtime.publish.weekly import announcing
from runtime.server.door.guard import ORIGIN_HEADER, USER_HEADER
from runtime.server.door.page_policy import STREAMLIT, answer
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Folder, Way
from runtime.store.control.control import Control
from runtime.store.messages.insights import Insights
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.restored import Restored
from runtime.store.messages.runs_list import RunsList
from runtime.store.messages.shared_list import SharedList
from runtime.store.messages.waits_list import WaitsList
from runtime.time_zones import zone
from runtime.trying.rated import rated
from runtime.weekly.groups import Grouping
from runtime.weekly.report import Report, Week, reported, whole_week

T = TypeVar("T")
log = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("script.py")
"""Beside no folder `pages`: Streamlit would take it for pages of its own."""
PATIENCE = 20.0
"""Seconds that a click waits for the gateway."""
SOCKET = "/_stcore/stream"
READS = re.compile(r"/_stcore/(health|host-config)|/media/[\w.-]+")
"""The rest is closed: uploads, components, metrics, an interface for agents. No page of ours needs it."""

ACTIONS = actions_of(insights, person, starts.run_start, places, tickets)
"""What its clicks do."""


def mount(
    app: Starlette,
    control: Control,
    gateway: Gateway,
    data: Path,
    audit: Audit,
    grouping: Grouping | None = None,
) -> None:
    """Call it before the builder is mounted at "/", which swallows every other path."""
    actions = _bound(control, gateway, data)
    insights = st.App(SCRIPT, on_script_error=_tell)
    before = app.router.lifespan_context
    who = partial(_who, Users(control))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Any]:
        loop = asyncio.get_running_loop()
        place(
            Desk(
                Insights(data / "messages.db"),
                control,
                PeopleList(data / "messages.db"),
                RunsList(data / "messages.db"),
                SharedList(data / "messages.db"),
                WaitsList(data / "messages.db"),
                act=lambda name, args: _wait(
                    click(actions, {"action": name, "args": args}, who(), trail=_trail(audit)), loop
                ),
                lets=lambda name, args: actions[name].lets(who(), args),
                tried=partial(rated, data),
                week=lambda back, publications: _wait(
                    _week(Insights(data / "messages.db"), control, back, publications, grouping), loop
                ),
                week_of=partial(_week_of, control),
                announcing=lambda: announcing(control),
                bases=partial(_bases, control.home),
                agent_name=partial(_agent_name, control.home / "agents"),
                who=who,
                looked=lambda page, of: _looked(_trail(audit), who(), page, of),
                held_back=Restored(data / "messages.db").count,
                instances=lambda: gateway.instances(),
            )
        )
        async with insights.lifespan()(app), before(app) as state:
            yield state

    app.router.lifespan_context = lifespan
    _route(app, insights)


def _route(app: Starlette, insights: st.App) -> None:
    files = Files()

    async def page(request: Request) -> Response:
        return answer(html(await files.page(), Visit(request.scope).lang), STREAMLIT)

    for path, endpoint in (
        ("/insights", _with_slash),
        ("/insights/favicon.png", _icon),
        ("/insights/overview", _first),
        *((f"/insights/{name}", page) for name in ("", *get_args(Name)) if name != "overview"),
        ("/insights/static/{name:path}", files.serve),
    ):
        way = Way(path, endpoint, methods=["GET", "HEAD"], needs=Permission.CONVERSATIONS_READ)
        app.router.routes.append(way)
    app.router.routes.append(Folder("/insights", _Gate(insights), needs=Permission.CONVERSATIONS_READ))


def _bound(control: Control, gateway: Gateway, data: Path) -> dict[str, Action]:
    whose = ByStore(control, data / "messages.db")
    parts = (
        (gateway, ACTIONS),
        (control, actions_of(weekly, judging)),
        (Bases(control.home), actions_of(teaching)),
        (taken_cases.Talks(control, data), (taken_cases.keep_rated,)),
    )
    return {name: one for of, asked in parts for name, one in bound(of, *asked, whose=whose).items()}


async def _icon(request: Request) -> Response:
    """Streamlit's script asks for it before it is told of ours."""
    return RedirectResponse("../favicon.ico", 308)


async def _first(request: Request) -> Response:
    """Streamlit knows the first page by no name."""
    return RedirectResponse("./", 308)


async def _with_slash(request: Request) -> Response:
    """Streamlit's pages ask for what lies beside them."""
    url = request.url
    return RedirectResponse(f"{url.path}/" + (f"?{url.query}" if url.query else ""), 308)


def _week_of(control: Control, back: int) -> Week:
    return whole_week(time.time(), zone(control.options().zone), back)


async def _week(
    insights: Insights, control: Control, back: int, publications: Sequence[str], grouping: Grouping | None
) -> Report:
    weeks = _week_of(control, back), _week_of(control, back + 1)
    return await reported(insights, publications, *weeks, grouping)


def _bases(home: Path) -> list[tuple[str, str]]:
    return [(one.id, one.name or one.id) for one in Bases(home).listing().bases]


def _agent_name(folder: Path, id: str) -> str:
    try:
        return load(path_of(id, folder)).agent.name or id
    except HongyanError:
        return id


def _trail(audit: Audit) -> Trail:
    return Trail(audit, st.context.headers.get(ORIGIN_HEADER) or "")


def _looked(trail: Trail, who: Actor, page: str, of: str) -> None:
    trail.audit.add(trail.deed(who.id, f"conversations.{page}", "page", of))


def _who(users: Users) -> Actor:
    """Whose page this thread of Streamlit's draws, as the guard told when its WebSocket was opened."""
    return users.actor(st.context.headers.get(USER_HEADER) or "") or NOBODY


def _wait(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """Let the server's loop do it, from a thread of Streamlit's. Raises TimeoutError; it goes on then."""
    return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE)


def _tell(error: Exception) -> bool:
    """A bug: whole in the log, one sentence on the page."""
    log.error("a page of the insights failed", exc_info=error)
    again = f'<a class="hy-btn" target="_self" href="">{esc(t("list.refresh"))}</a>'
    callout("bad", esc(t("bug")), again, role="alert")
    return True


class _Gate:
    """What of Streamlit's own a browser may reach."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = get_route_path(scope)
        if scope["type"] == "websocket" and path == SOCKET:
            return await self._app(scope, asked_ahead(scope, receive), send)
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and READS.fullmatch(path):
            return await self._app(scope, receive, send)
        if scope["type"] == "http":
            await JSONResponse({"error": "Not Found"}, 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
