"""What a backup or a copied folder holds unfinished waits for the owner's word."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from older_tables import LATE
from runtime.errors import StoreFailed
from runtime.message import Message
from runtime.store import installation
from runtime.store.installation import Installation
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.restored import Restored, hold
from runtime.store.messages.states import PART_STEPS
from runtime.store.messages.waits import NewWait

pytestmark = pytest.mark.of_files

FORMER = {
    "asked": "accepted",
    "ready": "answered",
    "sending": "answered",
    "kept": "kept",
    "unknown": "unknown",
    "sent": "delivered",
}


@pytest.fixture
async def data(tmp_path):
    """A folder with a message in every state."""
    folder = tmp_path / "data"
    started(folder)
    messages = Messages(folder / "messages.db")
    for n, name in enumerate(FORMER):
        accepted = await messages.accept("p", Message(name, name, "问"), n)
        if name != "asked":
            await messages.finish(accepted.seq, Outcome("答", 1), ["答"], 5, "answered")
        if name not in ("asked", "ready"):
            await messages.database.write(in_state(name, accepted.seq))
        if FORMER[name] not in ("accepted", "answered"):
            await messages.mark(accepted.seq, FORMER[name])
    messages.close()
    return folder


def in_state(state, seq):
    way = [state] if state in PART_STEPS["ready"] else ["sending", state]
    sql = "update parts set state=? where seq=?"
    return lambda db: db.executemany(sql, [(step, seq) for step in way]).rowcount


def started(folder, machine=installation.MACHINE):
    """A start; how many messages it holds back."""
    here = Installation(folder, machine)
    here.check()
    messages = Messages(folder / "messages.db")
    held = here.take()
    messages.close()
    return held


def states(folder):
    with closing(sqlite3.connect(folder / "messages.db")) as db:
        parts = "(select p.state from parts p where p.seq=m.seq)"
        return {
            key: (state, part)
            for key, state, part in db.execute(f"select key, state, {parts} from messages m")
        }


def copied(folder):
    other = folder.with_name("copy")
    shutil.copytree(folder, other)
    return other


async def test_a_start_where_everything_is_as_it_was_holds_nothing(data):
    assert started(data) == started(data) == 0
    assert Restored(data / "messages.db").count() == 0
    assert states(data)["ready"] == ("answered", "ready")


async def test_in_a_copied_folder_nothing_unfinished_goes_out(data, caplog):
    copy = copied(data)
    assert started(copy) == 5
    found = states(copy)
    assert {name for name, (state, _) in found.items() if state == "restored"} == set(FORMER) - {"sent"}
    assert {part for state, part in found.values() if state == "restored"} == {None, "restored"}
    assert found["sent"] == ("delivered", "sent")
    assert "5 unfinished messages wait" in caplog.text
    assert started(copy) == 0
    assert Restored(copy / "messages.db").count() == 5
    assert started(data) == 0


def another_machine(folder):
    (folder / "machine").write_text("0" * 32, encoding="ascii")
    return started(folder, folder / "machine")


def another_file(folder):
    (folder / "x").write_bytes((folder / "messages.db").read_bytes())
    (folder / "x").replace(folder / "messages.db")
    return started(folder)


def no_marker(folder):
    (folder / "installation.json").unlink()
    return started(folder)


def damaged_marker(folder):
    (folder / "installation.json").write_text("{")
    return started(folder)


@pytest.mark.parametrize(
    "how", [another_machine, another_file, no_marker, damaged_marker], ids=lambda how: how.__name__
)
async def test_another_machine_or_another_file_is_noticed(data, how):
    assert how(data) == 5


async def test_where_files_have_no_lasting_numbers_a_restart_is_no_copy(data, monkeypatch):
    monkeypatch.setattr(installation, "LASTING", frozenset())
    started(data)
    assert another_file(data) == 0


async def test_what_the_owner_releases_is_as_it_was_and_what_was_being_sent_is_in_doubt(data):
    copy = copied(data)
    started(copy)
    assert Restored(copy / "messages.db").release() == 5
    assert states(copy) == {**states(data), "sending": ("answered", "unknown")}
    assert Restored(copy / "messages.db").release() == 0


async def test_what_the_owner_drops_is_never_sent_and_stays_readable(data):
    copy = copied(data)
    started(copy)
    assert Restored(copy / "messages.db").drop() == 5
    assert {state for state, _ in states(copy).values()} == {"abandoned", "delivered"}


async def test_what_was_restored_once_and_arrives_later_is_not_held(data):
    copy = copied(data)
    started(copy)
    messages = Messages(copy / "messages.db")
    await messages.accept("p", Message("new", "u", "问"), 9)
    assert [left.message.id for left in await messages.unfinished()] == ["new"]
    assert len(await messages.restored()) == 5
    messages.close()


@pytest.mark.parametrize("lose", ["remove", "empty"])
async def test_a_store_that_is_gone_at_a_start_is_not_begun_anew_without_a_word(data, lose):
    path = data / "messages.db"
    path.unlink()
    if lose == "empty":
        path.touch()
    with pytest.raises(StoreFailed, match="restore --empty"):
        started(data)
    assert not path.exists() or path.stat().st_size == 0
    Installation(data).forget()
    assert started(data) == 0


async def test_a_store_of_the_version_before_is_brought_forward_and_not_taken_for_a_copy(data):
    with closing(sqlite3.connect(data / "messages.db", isolation_level=None)) as db:
        db.executescript(
            "drop table restored; drop table media; drop table uploads;"
            "alter table messages drop column shown; alter table messages drop column owner;"
            "alter table parts drop column kind; alter table parts drop column data;"
            "alter table parts drop column owner; alter table spent drop column messages;" + LATE
        )
        db.execute("pragma user_version=1")
        db.execute("pragma application_id=0")
    (data / "installation.json").unlink()
    assert started(data) == 0
    assert states(data)["asked"] == ("accepted", None)


async def test_no_platform_is_told_from_a_copy_who_is_with_a_human(tmp_path):
    with closing(Messages(tmp_path / "messages.db")) as messages:
        await messages.handed.take("p", "ann", 1.0, 100)
        await messages.handed.take("p", "bob", 1.0, 100)
        await messages.handed.returning("p", "bob")
        assert [row.sender for row in await messages.handed.to_tell(2.0)] == ["bob"]
        await messages.database.write(hold)
        assert await messages.handed.to_tell(2.0) == []
        assert await messages.handed.find("p", "bob", 2.0)


async def test_what_was_decided_and_not_begun_goes_on_in_a_copy_when_its_owner_says_so(data):
    with closing(Messages(data / "messages.db")) as messages:
        asked = await messages.accept("p", Message("leave", "ann", "请假"), 1.0)
        wait = NewWait("decision", "boss", "boss.0", 1e11, "{}")
        await messages.finish(asked.seq, Outcome("等经理点头", 1, wait=wait), ["等经理点头"], 5, "answered")
        [one] = await messages.waits.open()
        assert await messages.waits.decide(one.id, {"kind": "decision", "data": {"yes": True}, "at": 6.0})
    copy = copied(data)
    started(copy)
    with closing(Messages(copy / "messages.db")) as messages:
        assert (await messages.waits.look(["p"], 7.0, 9)).decided == []
        assert f"wait-{one.id}" not in [left.message.id for left in await messages.unfinished()]
        Restored(copy / "messages.db").release()
        assert f"wait-{one.id}" in [left.message.id for left in await messages.unfinished()]
