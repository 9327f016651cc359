"""Whatever a page's script could be made to ask, each action answers with a sentence: never an exception."""

import asyncio
import io
import logging

import pytest

from builder import ui
from builder.actions import bound, click
from builder.insights.mount import ACTIONS as INSIGHTS
from runtime.access.actor import OWNER
from runtime.server.program import build_program
from runtime.settings import Settings
from runtime.store.control.control import Control

JUNK = [
    *(None, True, -1, 2**70, 1.5, "", "../x", "x" * 3000),
    *([], [None], {"x": None}, {"id": "x", "name": "x", "type": "x"}, [{"id": 7}]),
]
"""Of every type, and of each type what nobody types."""
PATIENCE = 1.0
"""Seconds: what is still at work then, with a model, was not refused, and is ended."""


@pytest.fixture
async def program(tmp_path):
    """What its models and searches began ends with it."""
    made = build_program(Settings(home=tmp_path), Control.in_folder(tmp_path / "data"))
    yield made
    await made.searching.close()
    await made.models.close()


def tables(program):
    for page, actions in (*ui.ACTIONS.items(), ("bar", ui.BAR)):
        yield page, bound(program, *actions)
    yield "insights", bound(program.gateway, *INSIGHTS)


def asked(action):
    """Arguments of every type at once; and each one wrong beside others that fit."""
    names = list(action.kinds)
    for junk in JUNK:
        yield dict.fromkeys(names, junk)
    fitting = {name: [one for one in JUNK if fits(action.kinds[name], one)][:3] for name in names}
    for shift in range(3):
        yield {name: found[shift % len(found)] for name, found in fitting.items() if found}


def fits(kind, value):
    try:
        kind.validate_python(value)
    except ValueError:
        return False
    return True


async def test_every_action_of_every_page_refuses_what_it_does_not_take(program, caplog):
    caplog.set_level(logging.CRITICAL, logger="hongyan.builder")
    wrong, count = [], 0
    for page, actions in tables(program):
        for name, action in actions.items():
            for arguments in asked(action):
                given = {**arguments, **({"file": io.BytesIO(b"x")} if action.takes_file else {})}
                call = click(actions, {"action": name, "args": given}, OWNER, uploads=action.takes_file)
                count += 1
                try:
                    said = await asyncio.wait_for(call, PATIENCE)
                except TimeoutError:
                    continue
                if said["code"] == "bug" or not (said["ok"] or said["text"]["zh"]):
                    wrong.append((page, name, str(arguments)[:120]))
    assert wrong == []
    assert count > 1500
