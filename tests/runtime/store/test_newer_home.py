"""What a newer program wrote is refused by its name, each kind of file, and not one byte of it is changed."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest

from runtime.agents.library import Library
from runtime.backups.plan import Plans
from runtime.errors import HongyanError
from runtime.knowledge.sources import work
from runtime.store.control.control import Control
from runtime.store.messages.messages import Messages

pytestmark = pytest.mark.of_files
MUST = ("options", "owner", "users", "role_rules", "second_factors", "sso_options")


def bumped(path, tables):
    work_of = {"messages": Messages, "work": work.Work}[tables]
    work_of(path).close()
    with closing(sqlite3.connect(path)) as db:
        version = db.execute("pragma user_version").fetchone()[0]
        db.execute(f"pragma user_version={version + 1}")
        db.execute("pragma wal_checkpoint(truncate)")


def record(path):
    """One that has a field more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {"1": {"id": path.stem, "of_a_newer_version": 1}}
    path.write_text(json.dumps({"records": rows}), encoding="utf-8")


@dataclass(frozen=True)
class Newer:
    """`make` it there; `use` it as the program does."""

    name: str
    make: object
    use: object
    says: str = "from a newer version"


def messages(home):
    Messages(home / "data/messages.db")


def indexing(home):
    work.Work(home / "data/work.db")


def agent(path):
    path.write_text('{"format": 2, "id": "shop"}', encoding="utf-8")


def library(home):
    Library(home / "agents", home / "none", home / "data").get("shop")


def must(name):
    def use(home):
        control = Control.in_folder(home / "data")
        {
            "options": control.options,
            "owner": lambda: control.owner.get(),
            "users": control.users.all,
            "role_rules": control.role_rules.all,
            "second_factors": lambda: control.second_factors.get("ann"),
            "sso_options": lambda: control.sso.options(),
        }[name]()

    return Newer(f"data/control/{name}.json", record, use)


NEWER = [
    Newer("data/messages.db", lambda path: bumped(path, "messages"), messages, "by a newer version"),
    Newer(
        "data/work.db",
        lambda path: bumped(path, "work"),
        lambda home: work.Work(home / "data/work.db"),
        "by a newer version",
    ),
    Newer(
        "agents/shop.json",
        lambda path: path.write_text('{"format": 2, "id": "shop"}'),
        library,
        "update Hongyan",
    ),
    Newer("data/control/backups/plan.json", record, lambda home: Plans(home / "data").plan()),
    Newer("data/control/backups/last.json", record, lambda home: Plans(home / "data").last()),
    *map(must, MUST),
]


@pytest.mark.parametrize("newer", NEWER, ids=lambda one: one.name)
def test_what_a_newer_program_wrote_is_refused_and_left_as_it_is(newer, tmp_path):
    path = tmp_path / newer.name
    Control.in_folder(tmp_path / "data").options()
    path.parent.mkdir(parents=True, exist_ok=True)
    newer.make(path)
    before = path.read_bytes()
    with pytest.raises(HongyanError) as refused:
        newer.use(tmp_path)
    assert newer.says in refused.value.text.en
    assert path.read_bytes() == before
