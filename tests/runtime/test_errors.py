"""Our errors: a tree that shows all of them, codes that are known, and a status over HTTP for each."""

import ast
import functools
import re
from pathlib import Path
from typing import get_args

import pytest

from architecture import statements
from runtime import errors
from runtime.errors import (
    CallbackCode,
    HongyanError,
    ModelCode,
    ModelFailed,
    RequestCode,
    SendFailed,
    SignInCode,
    StoreCode,
    TurnCode,
    TurnFailed,
)
from runtime.lang import Text
from runtime.models import failure_kinds
from runtime.models.failure_kinds import Kind
from runtime.server.api.api_errors import RETRY_AFTER, SENTENCES
from runtime.server.statuses import OF_REQUESTS, OF_STORES, OF_TURNS, STATUSES, status_of

ROOT = Path(errors.__file__).parents[1]
WHY = Text("为什么", "why")
LINE = re.compile(r"([│ ]*)[├└]── (\w+)")


def drawn():
    """Each error's parent, as the tree in the docstring shows it."""
    found, above = {}, {0: "HongyanError"}
    for line in errors.__doc__.splitlines():
        if match := LINE.match(line):
            depth = len(match[1]) // 4
            found[match[2]] = above[depth]
            above[depth + 1] = match[2]
    return found


@functools.cache
def defined():
    """Each error's parent, from the source of everything."""
    files = [*ROOT.glob("runtime/**/*.py"), *ROOT.glob("builder/**/*.py")]
    classes: dict[str, list[str]] = {}
    for file in files:
        for node in statements(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):  # another one may be called the same
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                classes.setdefault(node.name, []).extend(bases)
    found, more = {}, {"HongyanError"}
    while more:
        below = {name: base for name, bases in classes.items() for base in bases if base in more}
        found |= below
        more = set(below)
    return found


def test_the_tree_shows_every_error_and_no_other():
    assert drawn() == defined()


def test_every_error_has_a_status_of_its_own_or_of_its_parent():
    rows = {kind.__name__ for kind in STATUSES} - {"HongyanError"}
    parents = defined()
    without = {name for name in parents if not rows & set(ancestors(name, parents))}
    assert without == set()


def ancestors(name, parents):
    while name in parents:
        yield name
        name = parents[name]


@pytest.mark.parametrize(
    ("codes", "rows"),
    [
        (get_args(RequestCode) + get_args(CallbackCode) + get_args(SignInCode), OF_REQUESTS),
        (get_args(TurnCode) + get_args(ModelCode) + get_args(StoreCode), OF_TURNS),
        (get_args(StoreCode), OF_STORES),
    ],
    ids=["requests", "turns", "stores"],
)
def test_every_code_has_a_status_and_every_status_a_code(codes, rows):
    assert set(codes) == rows.keys()


def test_what_a_client_is_told_of_is_a_code_that_there_is():
    assert RETRY_AFTER.keys() | SENTENCES.keys() <= OF_TURNS.keys()
    assert all(OF_TURNS[code] == 503 for code in RETRY_AFTER)


def test_a_failed_turn_is_one_of_five_statuses_and_a_strange_callback_another():
    assert set(OF_TURNS.values()) == {422, 429, 502, 503, 504}
    assert {OF_REQUESTS[code] for code in get_args(CallbackCode)} == {400, 403, 405, 413}


KINDS = [kind for kind in vars(failure_kinds).values() if isinstance(kind, Kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.code}: {kind.text.en[:20]}")
def test_of_a_providers_failures_those_that_pass_are_5xx_and_the_others_not(kind):
    assert (status_of(ModelFailed(WHY, code=kind.code)) >= 500) == kind.retryable


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.BadTemplate(WHY), 400),
        (errors.NotFound(WHY, code="model_not_found"), 404),
        (errors.Conflict(WHY), 409),
        (errors.TooMany(WHY, 3), 429),
        (errors.Refused(WHY, code="no_key"), 401),
        (ModelFailed(WHY, code="no_key"), 422),
        (errors.Refused(WHY, code="malformed"), 400),
        (ModelFailed(WHY, code="malformed"), 502),
        (TurnFailed(WHY, code="unfinished"), 503),
        (TurnFailed(WHY, code="gone"), 503),
        (TurnFailed(WHY, code="BadTemplate"), 422),
        (errors.StoreFailed(WHY, code="gone"), 503),
        (errors.NotSaved(WHY), 503),
        (errors.Unreadable(WHY), 503),
        (errors.Forbidden(WHY, code="agents.edit"), 403),
        (errors.Blocked(WHY), 422),
        (SendFailed(WHY, code="45047"), 502),
        (HongyanError(WHY), 422),
    ],
    ids=lambda value: f"{type(value).__name__} {value.code}" if isinstance(value, HongyanError) else None,
)
def test_one_code_is_another_status_where_it_means_something_else(error, status):
    assert status_of(error) == status
