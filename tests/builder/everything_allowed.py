"""Every way in, and who of each role may take it: asked of the checks themselves, never of what they say.

Run as a program it prints the table. A change of allowed.txt is a decision, and read as one.
"""

import argparse
import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from starlette.requests import HTTPConnection
from starlette.routing import Match, Mount, Route, WebSocketRoute

from builder import ui
from builder.actions import bound
from builder.insights import mount as insights
from runtime.access.actor import NOBODY
from runtime.access.audit.declared import unrecorded
from runtime.access.audit.log import Audit
from runtime.access.keys import Keys
from runtime.access.permissions import needed_on, needs
from runtime.access.roles import TEMPLATES, Roles
from runtime.cli.arguments import parser
from runtime.cli.commands import execute
from runtime.errors import Forbidden, HongyanError
from runtime.server.api.key_check import KeyCheck
from runtime.server.app import make_app
from runtime.server.door.guard import Guard
from runtime.server.door.origins import Origins
from runtime.server.door.sessions import Session
from runtime.server.door.ways import ASKS, Ways
from runtime.server.program import build_program
from runtime.server.role import Role
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given
from runtime.store.vanishing.memory import InMemory

FILE = Path(__file__).with_name("allowed.txt")
KEYS = {"asking key": False, "operating key": True}
"""API keys, and whether they operate."""
ROLES = (*TEMPLATES, "on one agent", *KEYS, "nobody")
"""`on one agent`: whoever is an owner of that one alone. A key opens what asks for one, and nothing else."""
AGENT = "shop"


def table(control, program) -> list[str]:
    actors = {id: Roles(control).actor(id, [Given(role=id)]) for id in TEMPLATES}
    actors["on one agent"] = Roles(control).actor("one", [Given(role="owner", agents=(AGENT,))])
    actors["nobody"] = NOBODY
    rows = dict([*_ways(control, program, actors), *_actions(program, actors), *_commands(actors)]).items()
    width = max(len(name) for name, _ in rows)
    head = f"{'':{width}}  {'  '.join(ROLES)}"
    lines = [
        f"{name:{width}}  " + "  ".join(f"{_mark(may.get(role)):{len(role)}}" for role in ROLES).rstrip()
        for name, may in sorted(rows, key=lambda row: row[0])
    ]
    return [head, *lines]


def _mark(may: bool | None) -> str:
    return "yes" if may else "-"


def _ways(control, program, actors) -> Iterator[tuple[str, dict[str, bool]]]:
    with asyncio.Runner() as runner:
        for scope in scopes(program.app.routes):
            yield (
                re.sub(r"/static/.*", "/static/*", f"{scope['type']} {scope['method']} {scope['shown']}"),
                {role: passes(program, runner, scope, actor) for role, actor in actors.items()}
                | {role: opens(control, program, runner, scope, operates) for role, operates in KEYS.items()},
            )


def passes(program, runner, scope, actor) -> bool:
    """Whether the guard lets that request through."""
    reached = []

    async def app(scope, receive, send):
        reached.append(scope["path"])

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    session = None if actor is NOBODY else Session("s", actor, actor.id, 2**40, "")
    sessions = SimpleNamespace(find=lambda *_, **__: session, who=lambda *_: actor)
    guard = Guard(app, sessions, Origins(lambda: ""), Ways(program.app.routes), lambda key: None)
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    runner.run(guard({**scope, "headers": headers, "raw_path": scope["path"].encode()}, receive, send))
    return bool(reached)


def opens(control, program, runner, scope, operates) -> bool:
    """Whether the check of keys lets a request with such a key through."""
    key = Keys(control).create(AGENT, operates=operates)
    matches = (route.matches(scope) for route in program.app.routes)
    child = next((child for match, child in matches if match is Match.FULL), {})
    if ASKS not in child:
        return False
    headers = [(b"authorization", f"Bearer {key}".encode())]
    request = HTTPConnection({**scope, **child, "headers": headers, "client": ("203.0.113.9", 1)})
    try:
        runner.run(KeyCheck(control, InMemory()).key(request))
    except HongyanError:
        return False
    return True


def scopes(routes) -> Iterator[dict]:
    """One request of each kind that a route takes, also of those that have their say inside a folder."""
    for route in routes:
        path = route.path
        base = {"query_string": b"", "root_path": "", "scheme": "http", "shown": path or "/"}
        plain = (
            path.replace("{", "")
            .replace("}", "")
            .replace(":path", "")
            .replace(":str", "")
            .replace(":int", "")
        )
        if isinstance(route, Mount):
            for inside in ("/anything", *sorted(getattr(route, "inside", {}))):
                below = f"{path}{inside}" if inside == "/anything" else inside
                for method in ("GET", "POST"):
                    yield {**base, "type": "http", "method": method, "path": below, "shown": below}
                yield {
                    **base,
                    "type": "websocket",
                    "scheme": "ws",
                    "method": "-",
                    "path": below,
                    "shown": below,
                }
        elif isinstance(route, WebSocketRoute):
            yield {**base, "type": "websocket", "scheme": "ws", "method": "-", "path": plain}
        elif isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield {**base, "type": "http", "method": method, "path": plain}


def _actions(program, actors) -> Iterator[tuple[str, dict[str, bool]]]:
    tables = {
        **{page: actions for page, actions in ui.ACTIONS.items()},
        "bar": ui.BAR,
        "insights": insights.ACTIONS,
    }
    for page, functions in tables.items():
        for name, action in bound(program, *functions, whose=whose).items():
            given = {one.rpartition(":")[2]: AGENT for one in action.needs.on}
            yield (
                f"click {page}.{name}",
                {role: _asked(action.must, one, given) for role, one in actors.items()},
            )


def whose(kind, value):
    """Whatever is asked for is of that agent."""
    return [AGENT]


def _commands(actors) -> Iterator[tuple[str, dict[str, bool]]]:
    for name, run in commands(parser()):
        probe = needs(needed_on(run).permission, on=needed_on(run).on)(lambda *_: None)
        options = argparse.Namespace(run=unrecorded("only asked")(probe))
        yield f"command {name}", {role: _asked(execute, options, None, one) for role, one in actors.items()}


def commands(top, before="") -> Iterator[tuple[str, object]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                if run := below.get_default("run"):
                    yield f"{before}{name}", run
                else:
                    yield from commands(below, f"{before}{name} ")


def _asked(check, *given) -> bool:
    try:
        check(*given)
    except Forbidden:
        return False
    return True


def whole(folder: Path) -> list[str]:
    app, program, _ = served(folder)
    control = program.control
    return table(control, SimpleNamespace(app=app, control=WithOne(control), gateway=program.gateway))


def served(folder: Path):
    """A program as it is served, with all of its pages, and its role."""
    settings = Settings(home=folder)
    control = Control.in_folder(settings.data)
    program = build_program(settings, control)
    role = Role(settings, 0.0)
    app = make_app(program, role)
    audit = Audit(settings.data, control.mark)
    insights.mount(app, control, program.gateway, settings.data, audit)
    ui.mount(app, program, settings, audit)
    return app, program, role


class WithOne:
    """A control in which one agent is published."""

    def __init__(self, control):
        self._control = control

    def publication(self, id):
        return SimpleNamespace(agent=AGENT) if id == f"{AGENT}-1" else None

    def __getattr__(self, name):
        return getattr(self._control, name)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write("\n".join(whole(Path(folder))) + "\n")
