"""The commands about model endpoints."""

import argparse
import asyncio
import os
import sys

from pydantic import ValidationError

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, as_it_is
from runtime.models.providers import Endpoint
from runtime.models.routed import RoutedModels
from runtime.models.usual import chosen_models
from runtime.schema import first_problem
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.default_model import first_of

OPTIONS = {"name": "NAME", "api_base": "--api-base", "api_key": "--api-key", "models": "--model"}


@needs(Permission.MODELS_EDIT)
def set_up(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    endpoint = _endpoint(options, control)
    control.save_endpoint(endpoint, by=who.id)
    if options.default:
        model = options.default.removeprefix(f"{endpoint.name}/")
        control.choose_default(f"{endpoint.name}/{model}", by=who.id)
    elif not first_of(endpoint) and not control.default_model():
        text = Text(
            "还没有默认模型：加上 --model 模型名，或 --default {name}/模型名。",
            "There is no default model yet: add --model MODEL, or --default {name}/MODEL.",
        ).fill(name=endpoint.name)
        sys.stderr.write(f"{text}\n")


@needs(Permission.MODELS_VIEW)
def list_all(_: argparse.Namespace, settings: Settings, who: Actor) -> None:
    for endpoint in control_of(settings).endpoints():
        key = "***" if endpoint.api_key else ""
        sys.stdout.write(f"{endpoint.name}\t{endpoint.provider}\t{endpoint.api_base}\t{key}\n")


@needs(Permission.MODELS_EDIT)
def test(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, ModelFailed that says why not."""
    name, _, model = options.name.partition("/")
    control = control_of(settings)
    endpoint = control.find(name)
    if endpoint is None:
        raise NotFound(
            Text("没有叫「{name}」的模型。", "There is no model endpoint {name!r}.").fill(name=name)
        )
    if not model:
        model = first_of(endpoint).partition("/")[2]
    said = asyncio.run(_check(RoutedModels(control), endpoint, model))
    line = {"model": f"{name}/{model}", "ok": True, "says": said.by_language()}
    say(line)


@needs(Permission.MODELS_EDIT)
def remove(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control_of(settings).remove_endpoint(options.name, by=who.id)


@needs(Permission.MODELS_EDIT)
def usual(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """What sees, hears and speaks for agents that name no model; what is not given stays.

    Raises BadSettings.
    """
    control = control_of(settings)
    before = control.usual_models()
    given = {name: value for name in before.model_dump() if (value := getattr(options, name)) is not None}
    if given:
        chosen = chosen_models(
            {**before.model_dump(), **given}, before, control, os.environ, control.policy.is_route
        )
        control.save_options(control.options().model_copy(update={"usual": chosen, "by": who.id}))
    sys.stdout.write(control.usual_models().model_dump_json() + "\n")


async def _check(models: RoutedModels, endpoint: Endpoint, model: str) -> Text:
    try:
        return await models.check(endpoint, model)
    finally:
        await models.close()


def _endpoint(options: argparse.Namespace, control: Control) -> Endpoint:
    """What was given; what was not, stays as it is. Raises BadSettings naming the option."""
    listed = (
        one for one in control.endpoints() if (one.name, one.provider) == (options.name, options.provider)
    )
    stored = next(listed, None)
    base = options.api_base if options.api_base is not None else stored.api_base if stored else ""
    key = sys.stdin.read() if options.api_key == "-" else options.api_key
    given = {
        "name": options.name,
        "provider": options.provider,
        "api_base": base,
        "api_key": key.strip() or None,
        "models": options.models or (stored.models if stored else []),
    }
    try:
        return Endpoint.model_validate(given)
    except ValidationError as e:
        problem = first_problem(e)
        option = OPTIONS.get(problem.field.split(".")[0], problem.field)
        raise BadSettings(problem.sentence(as_it_is(option)), field=problem.field) from None
