"""The commands about rules that choose a model."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound
from runtime.knowledge.search.searching import Searching
from runtime.lang import Text
from runtime.models.routes import Route, route_of
from runtime.models.routing import AT_EASE, Asked, Chosen, Routing
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.model_policy import NO_ROUTE

NOT_JSON = Text("「{file}」不是 JSON 对象（{why}）。", "{file!r} is no JSON object ({why}).")


@needs(Permission.MODELS_EDIT)
def put(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings naming the field."""
    given = _read(options.file)
    route = route_of({**given, "id": options.name})
    control_of(settings).policy.save_route(route, by=who.id)


@needs(Permission.MODELS_VIEW)
def list_all(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    for route in control_of(settings).policy.routes():
        sys.stdout.write(f"{route.id}\t{len(route.rules)}\t{', '.join(route.otherwise)}\n")


@needs(Permission.MODELS_VIEW)
def show(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    route = _found(control_of(settings), options.name)
    shown = route.model_dump(mode="json", exclude_defaults=True, exclude={"id", "by"})
    sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")


@needs(Permission.MODELS_VIEW)
def attempt(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Which rule would hold for a question that comes now."""
    control = control_of(settings)
    chosen = asyncio.run(_attempt(control, settings, _found(control, options.name), options))
    say(chosen.to_json())


@needs(Permission.MODELS_EDIT)
def remove(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control_of(settings).policy.remove_route(options.name)


async def _attempt(control: Control, settings: Settings, route: Route, options: argparse.Namespace) -> Chosen:
    searching = Searching(settings.data / "knowledge")
    routing = Routing(control.policy, control.default_model)
    routing.meanings = searching.meanings
    try:
        asked = Asked(options.text, options.picture, time.time())
        return await routing.choose(route, asked, AT_EASE)
    finally:
        await searching.close()


def _read(file: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        given = json.loads(text)
    except OSError as e:
        why = Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).")
        raise NotFound(why.fill(file=file, why=e.strerror)) from None
    except (ValueError, RecursionError) as e:
        raise BadSettings(NOT_JSON.fill(file=file, why=str(e)[:100])) from None
    if not isinstance(given, dict):
        raise BadSettings(NOT_JSON.fill(file=file, why=type(given).__name__))
    return given


def _found(control: Control, name: str) -> Route:
    route = control.policy.route(name)
    if route is None:
        raise NotFound(NO_ROUTE.fill(name=name))
    return route
