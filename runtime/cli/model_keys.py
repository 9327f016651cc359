"""The commands about several keys of one model endpoint."""

import argparse
import sys
from getpass import getpass

from pydantic import SecretStr, ValidationError

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound
from runtime.lang import as_it_is
from runtime.models.keys import MAIN
from runtime.models.providers import Endpoint, MoreKey
from runtime.models.targets import keys_of
from runtime.schema import first_problem
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.model_endpoints import NONE

OPTIONS = {"name": "KEY", "api_key": "API_KEY", "per_minute": "--per-minute"}


@needs(Permission.MODELS_EDIT)
def put(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The key itself comes from standard input; an empty one keeps that which is stored."""
    control, limits = control_of(settings), (options.per_minute or None, options.tokens_per_minute or None)
    if options.key == MAIN:
        control.model_endpoints.limit_key(options.name, *limits, by=who.id)
        return
    given = getpass(f"{options.name}.{options.key}: ") if sys.stdin.isatty() else sys.stdin.read()
    values = {
        "name": options.key,
        "api_key": SecretStr(given) if given.strip() else None,
        "per_minute": limits[0],
        "tokens_per_minute": limits[1],
    }
    try:
        key = MoreKey.model_validate(values)
    except ValidationError as e:
        problem = first_problem(e)
        option = OPTIONS.get(problem.field, f"--{problem.field.replace('_', '-')}")
        raise BadSettings(problem.sentence(as_it_is(option)), field=problem.field) from None
    control.model_endpoints.put_key(options.name, key, by=who.id)


@needs(Permission.MODELS_VIEW)
def list_all(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    for key in keys_of(_found(control_of(settings), options.name)):
        limits = {"per_minute": key.per_minute, "tokens_per_minute": key.tokens_per_minute}
        say({"key": key.name, **limits})


@needs(Permission.MODELS_EDIT)
def remove(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control_of(settings).model_endpoints.remove_key(options.name, options.key, by=who.id)


def _found(control: Control, name: str) -> Endpoint:
    endpoint = control.find(name)
    if endpoint is None:
        raise NotFound(NONE.fill(name=name))
    return endpoint
