"""Whatever is kept stands on the data map: a table or a file that nobody put there fails here."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runtime.agents.agent import Agent
from runtime.agents.providers_used import models, tools
from runtime.privacy.gets import GOES
from runtime.privacy.kinds import KINDS, MOMENTARY, of_file, of_table
from runtime.store.control.control import Control
from runtime.store.control.table import Table
from runtime.store.home_files import FOLDERS
from runtime.store.messages import erasing
from runtime.store.messages.retention import KINDS as KEPT
from runtime.store.messages.tables import TABLES
from runtime.store.sealing.columns import TABLES as SEALED

ROOT = Path(__file__).parents[3]
IN_DATA = re.compile(r"(?:\bdata|settings\.data|self\.data) / \"([\w.-]+)\"")
IN_CONTROL = re.compile(r"folder / \"([\w.-]+)\"")
NOT_OURS = {"control", "locks", "versions.json", "sample"}
"""Folders that hold what is listed itself, or locks; and a name of long ago."""


def sources(*rooms):
    return [path.read_text() for room in rooms for path in (ROOT / room).rglob("*.py")]


def tables():
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(TABLES.script)
        return {row[0] for row in db.execute("select name from sqlite_master where type='table'")}


def test_every_table_stands_on_the_map_once():
    there = tables() - {"sqlite_sequence"}
    assert {name: len(of_table(name)) for name in there} == dict.fromkeys(there, 1)
    assert {name for one in KINDS for name in one.tables} == there


def test_every_file_that_the_code_names_stands_on_the_map():
    named = {f"data/{name}" for text in sources("runtime", "builder") for name in IN_DATA.findall(text)}
    control = {name for text in sources("runtime/store/control") for name in IN_CONTROL.findall(text)}
    named |= {f"data/control/{name}" for name in control}
    named |= {f"{folder}/x" for folder in FOLDERS if folder != "data"}
    momentary = tuple(one.removeprefix("*") for one in MOMENTARY if one.startswith("*."))
    left = {one for one in named if not one.endswith(momentary) and one.rpartition("/")[2] not in NOT_OURS}
    missing = sorted(one for one in left if of_file(one) is None and of_file(f"{one}/x") is None)
    assert missing == []
    assert len(left) > 30


def registered(thing, seen):
    """Paths of all tables that a control keeps, wherever within it."""
    if isinstance(thing, Table):
        yield thing._path
    elif type(thing).__module__.startswith("runtime.store.control") and id(thing) not in seen:
        seen.add(id(thing))
        for one in vars(thing).values():
            yield from registered(one, seen)


def test_every_table_of_settings_stands_on_the_map_by_its_own_name(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    files = {str(path.relative_to(tmp_path)) for path in registered(control, set())}
    assert len(files) > 20
    listed = [one for kind in KINDS for one in kind.files if one.startswith("data/control/")]
    assert sorted(one for one in listed if not one.endswith("/*")) == sorted(files)
    assert of_file("data/control/of-tomorrow.json") is None


def test_what_is_somebodys_goes_with_them_and_what_is_none_says_so():
    wordless = set(erasing.WORDLESS) - {"uploads", "runs", "handed"}
    for one in KINDS:
        if one.of_people and one.sealed == "plain":
            assert not set(one.tables) & wordless, one.name


def test_an_end_that_the_owner_sets_is_one_that_there_is():
    assert {one.ends for one in KINDS if one.ends} <= set(KEPT)


def test_what_is_encrypted_by_choice_says_so_and_nothing_else_does():
    for one in KINDS:
        assert one.seals == bool({*one.tables} & {*SEALED} or one.name == "media"), one.name


KEPT_TOO = {"backups", "database"}


def test_whoever_else_may_get_it_is_named_and_everybody_named_gets_something():
    everywhere = {goes for one in KINDS for goes in (*one.goes, *one.may_go)}
    assert everywhere == {*GOES}
    for one in KINDS:
        assert {*one.may_go} >= KEPT_TOO or one.name == "logs"
        assert ("bucket" in one.may_go) == bool(one.files)
        assert "nobody" not in one.goes or len(one.goes) == 1
    told = {one.name: {*one.told} for one in KINDS if one.told}
    assert told == {"messages": {"reports", "collector"}, "figures": {"reports", "collector", "watchers"}}


class Endpoints:
    def endpoints(self):
        return [type("E", (), {"name": "own", "provider": "openai"})()]

    def default_model(self):
        return "deepseek/deepseek-chat"


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"type": "model"}, [("deepseek/deepseek-chat", False)]),
        ({"type": "model", "model": "own/gpt"}, [("own/gpt", True)]),
        ({"type": "model", "model": "anthropic/claude"}, [("anthropic/claude", True)]),
        ({"type": "model", "model": "qwen/max"}, [("qwen/max", False)]),
    ],
)
def test_who_gets_what_people_write_is_said_and_whether_abroad(block, found):
    inside = {"type": "branch", "id": "b", "cases": [{"when": "1", "flow": [{"id": "m", **block}]}]}
    agent = Agent.load({"format": 1, "id": "a", "name": "店", "flow": [inside]})
    assert [(one.name, one.abroad) for one in models([agent], Endpoints())] == found
    asks = {"type": "model", "id": "m", "tools": [{"type": "clock", "name": "now"}]}
    agent = Agent.load({"format": 1, "id": "a", "name": "店", "flow": [asks]})
    assert tools([agent]) == {"clock": ["店"]}
