"""The commands about what models cost, and may cost in a day."""

import argparse
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, as_it_is
from runtime.models.budgets import Budget
from runtime.models.prices import Price
from runtime.schema import first_problem
from runtime.settings import Settings

R = TypeVar("R", Price, Budget)
NONE = Text("「{id}」没有填过。", "Nothing is set for {id!r}.")


@needs(Permission.MODELS_EDIT)
def put_price(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings naming the option."""
    policy = control_of(settings).policy
    price = _made(Price, options, "input", "output", "currency")
    policy.save_prices(_with(policy.prices(), price), by=who.id)


@needs(Permission.MODELS_VIEW)
def list_prices(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    _say(control_of(settings).policy.prices())


@needs(Permission.MODELS_EDIT)
def remove_price(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    policy = control_of(settings).policy
    policy.save_prices(_without(policy.prices(), options.id), by=who.id)


@needs(Permission.MODELS_EDIT)
def put_budget(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings naming the option."""
    policy = control_of(settings).policy
    budget = _made(Budget, options, "tokens", "money", "currency")
    policy.save_budgets(_with(policy.budgets(), budget), by=who.id)


@needs(Permission.MODELS_VIEW)
def list_budgets(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    _say(control_of(settings).policy.budgets())


@needs(Permission.MODELS_EDIT)
def remove_budget(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    policy = control_of(settings).policy
    policy.save_budgets(_without(policy.budgets(), options.id), by=who.id)


def _made(kind: type[R], options: argparse.Namespace, *names: str) -> R:
    given: dict[str, Any] = {name: getattr(options, name) for name in names}
    try:
        made: R = kind.model_validate({"id": options.id, **given})
    except ValidationError as e:
        problem = first_problem(e)
        option = "MODEL" if problem.field == "id" else f"--{problem.field}"
        raise BadSettings(problem.sentence(as_it_is(option)), field=problem.field) from None
    return made


def _with(known: Sequence[R], one: R) -> list[R]:
    return [other for other in known if other.id != one.id] + [one]


def _without(known: Sequence[R], id: str) -> list[R]:
    left = [one for one in known if one.id != id]
    if len(left) == len(known):
        raise NotFound(NONE.fill(id=id))
    return left


def _say(records: Sequence[Price] | Sequence[Budget]) -> None:
    for one in records:
        say(one.model_dump(exclude={"by"}))
