"""What was done stands in a chain: nobody bends a link or takes one out unseen, nothing is done unwritten."""

import json
import threading
from contextlib import suppress

import pytest

from runtime.access.audit import reading
from runtime.access.audit.log import DAY, FORGOTTEN, WAITING, Audit, cut_words
from runtime.access.audit.reading import Wanted, line
from runtime.access.audit.reading import told as told_as
from runtime.access.audit.record import Deed, hash_of, made
from runtime.access.audit.trail import Trail
from runtime.access.things.things import Things
from runtime.errors import Forbidden, NotFound, StoreFailed
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.user_records import RoleRecord
from runtime.store.messages import audit_rows
from runtime.store.messages.beside import writing
from runtime.store.messages.messages import Messages

DEED = Deed("anna", "127.0.0.1", "agents.delete", "agent", "shop")
both = pytest.mark.usefixtures("engine")


def mark(words):
    return f"ours {words}"


def is_mark(words, given):
    return mark(words) == given


@pytest.fixture
def data(tmp_path):
    Messages(tmp_path / "messages.db").close()
    return tmp_path


@pytest.fixture
def audit(data):
    return Audit(data, mark)


def records(data, **wanted):
    return list(reading.all_of(data / "messages.db", Wanted(**wanted)))


def checked(data):
    found = reading.checked(data / "messages.db", is_mark)
    return found.records, found.broken, found.why


def change(data, *statements):
    with writing(data / "messages.db") as db:
        for sql in statements:
            db.execute(sql)


@both
def test_what_was_done_stands_in_one_chain_whoever_writes_it(data):
    def write(name):
        mine = Audit(data, mark)  # as another instance has it
        for number in range(8):
            mine.add(Deed(name, "", "agents.save", "agent", str(number)))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("anna", "bob", "cora")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = records(data)
    assert [one.number for one in found] == [*range(24, 0, -1)]
    assert [one.previous for one in found] == [*(one.hash for one in found[1:]), ""]
    assert {(one.who, one.of) for one in found} == {
        (w, str(n)) for w in ("anna", "bob", "cora") for n in range(8)
    }
    assert checked(data) == (24, 0, "")


@both
def test_it_tells_how_what_was_begun_has_ended(data):
    control = Control.in_folder(data / "home" / "data")
    trail = Trail(Audit(data, mark, things=Things(control)), "127.0.0.1")
    control.roles.put(RoleRecord(id="own", name="Own", permissions=("agents.view",), at=1.0))
    with trail.doing(DEED):
        control.roles.put(RoleRecord(id="own", name="Own", permissions=("agents.edit",), at=1.0))
    for error in (Forbidden(Text("nein", "no"), code="x"), NotFound(Text("nein", "no")), ZeroDivisionError()):
        with suppress(type(error)), trail.doing(DEED):
            raise error
    found = records(data)
    assert [one.status for one in found] == ["failed", "failed", "refused", "done"]
    assert (found[3].before, found[3].after) == (("permissions: agents.view",), ("permissions: agents.edit",))
    assert checked(data) == (4, 0, "")


def test_nothing_is_done_that_cannot_be_written_down(tmp_path):
    (tmp_path / "messages.db").write_bytes(b"no database" * 1000)
    done = []
    with pytest.raises(StoreFailed), Trail(Audit(tmp_path, mark), "").doing(DEED):
        done.append(1)
    assert not done


@both
def test_what_was_killed_in_between_is_told_of_as_broken_off(data):
    now = [1_000_000.0]
    Audit(data, mark, clock=lambda: now[0]).begin(DEED)
    change(data, f"update audit_begun set at=at-{FORGOTTEN + 1}")
    now[0] += 1
    Audit(data, mark, clock=lambda: now[0]).add(Deed("bob", "", "agents.save"))
    assert [(one.who, one.status, one.what) for one in records(data)] == [
        ("bob", "done", "agents.save"),
        ("anna", "failed", "agents.delete"),
    ]


@both
@pytest.mark.parametrize("told", ["茶 😀1", "[1]", '{"who": "anna"}', '{"by": "anna", "at": 1}', "9" * 5000])
def test_what_was_begun_and_cannot_be_read_keeps_nothing_from_being_written_down(data, told):
    with writing(data / "messages.db") as db:
        audit_rows.begin(db, "begun", told, 1.0)
        db.execute("update audit_begun set at=1.0")
    Audit(data, mark).add(Deed("bob", "", "agents.save"))
    assert [(one.who, one.status, one.what) for one in records(data)] == [
        ("bob", "done", "agents.save"),
        ("system", "failed", "audit.unreadable"),
    ]


BENT = {
    "a text": ("update audit set record=replace(record, 'shop', 'shoe') where number=3", 3, "record"),
    "a column": ("update audit set who='bob' where number=3", 3, "record"),
    "one that is gone": ("delete from audit where number=3", 3, "missing"),
    "the first": ("delete from audit where number=1", 1, "missing"),
    "the last": ("delete from audit where number=5", 5, "end"),
    "all": ("delete from audit", 1, "end"),
    "a cut of somebody else's": (
        "insert into audit_cuts(number, hash, at, mark) values(2, 'x', 1.0, 'mine')",
        3,
        "cut",
    ),
}


@pytest.mark.parametrize("name", BENT)
def test_the_first_record_that_is_not_as_it_was_written_is_named(data, audit, name):
    for _ in range(5):
        audit.add(DEED)
    assert checked(data) == (5, 0, "")
    sql, number, why = BENT[name]
    change(data, "drop trigger audit_stays", sql)
    assert checked(data)[1:] == (number, why)


def test_a_record_that_was_written_anew_with_its_hash_breaks_the_one_behind_it(data, audit):
    for _ in range(3):
        audit.add(DEED)
    row = records(data)[1]
    text = row.text.replace("shop", "shoe")
    bent = f"update audit set record='{text}', hash='{hash_of(text)}' where number=2"
    change(data, "drop trigger audit_stays", bent)
    assert checked(data) == (2, 3, "missing")


@both
def test_a_record_is_only_added(data, audit):
    audit.add(DEED)
    with pytest.raises(StoreFailed):
        change(data, "update audit set who='bob' where number=1")
    assert records(data)[0].who == "anna"


@both
def test_what_is_too_old_goes_and_the_rest_still_verifies(data):
    with writing(data / "messages.db") as db:
        now = audit_rows.clock(db, 1_000_000_000.0)
    clock = [now - 40 * DAY]
    old = Audit(data, mark, 30, lambda: clock[0])
    for _ in range(3):
        old.add(DEED)
    change(data, "drop trigger audit_stays" + ON_AUDIT[engine_of(data)], f"update audit set at={clock[0]}")
    clock[0] = now
    Audit(data, mark, 30, lambda: clock[0]).add(Deed("bob", "", "agents.save"))
    assert [(one.number, one.what) for one in records(data)] == [(5, "agents.save"), (4, "audit.cut")]
    assert checked(data) == (2, 0, "")
    assert records(data)[1].after[0] == "30 days"


ON_AUDIT = {"sqlite": "", "postgresql": " on audit"}


def engine_of(data):
    return "sqlite" if (data / "messages.db").exists() else "postgresql"


def test_commands_before_the_first_start_wait_in_a_file_and_come_first(tmp_path):
    audit = Audit(tmp_path, mark)
    with Trail(audit, "command line").doing(DEED):
        pass
    assert not (tmp_path / "messages.db").exists()
    Messages(tmp_path / "messages.db").close()
    audit.add(Deed("bob", "", "agents.save"))
    assert [one.who for one in records(tmp_path)] == ["bob", "anna"]
    assert not (tmp_path / WAITING).exists()
    assert checked(tmp_path) == (2, 0, "")


def test_what_is_told_is_bounded_on_one_line_and_no_key():
    long = made(
        Deed("anna", "", "a.b", "key", "hy-abcdefghijklmnop"), "done", ("x\ny" * 500,) * 50, ("\ud83d",)
    )
    assert long.of == "hy-abcd…"
    assert len(long.before) == 20
    assert len(long.before[0]) == 200
    assert "\n" not in long.before[0]
    json.dumps(long.to_json()).encode()


@pytest.mark.parametrize("sign", ["\x1b[1A\x1b[2K", "\x9b2K", "\u202e", "\u2066", "\x08", "\u200b", "\x7f"])
def test_nothing_in_a_record_moves_what_is_shown_beside_it(sign):
    told = made(Deed(f"an{sign}na", sign, "a.b", "agent", f"{sign}x"), "done", (f"was{sign}",), ())
    shown = [line(told), *told_as([told], "csv"), *told_as([told], "jsonl"), *told.before, told.origin]
    assert all(text.replace("\n", "").isprintable() for text in shown)


def test_who_writes_is_a_keyed_hash(tmp_path):
    audit = Audit(tmp_path, lambda words: hash_of(f"secret {words}"))
    assert "openid" not in audit.pseudonym("p", "openid")
    assert audit.pseudonym("p", "openid") == audit.pseudonym("p", "openid") != audit.pseudonym("q", "openid")


def test_the_forms_of_a_file(data, audit):
    audit.add(Deed("=cmd|x", "", "agents.delete", "agent", "shop"))
    [one] = records(data)
    assert reading.line(one) == f"=cmd/x | agents.delete agent shop | done | {one.at}"
    head, row = reading.told([one], "csv")
    assert head.startswith("number,at,who")
    assert ",'=cmd|x," in row
    assert json.loads(next(iter(reading.told([one], "jsonl"))))["hash"] == one.hash


def test_records_are_found_by_person_kind_time_and_text(data, audit):
    for who, what, of in (
        ("anna", "agents.delete", "shop"),
        ("bob", "agents.save", "Shoes"),
        ("bob", "key.x", "k"),
    ):
        audit.add(Deed(who, "", what, "agent", of))
    assert [one.of for one in records(data, who="bob")] == ["k", "Shoes"]
    assert [one.of for one in records(data, what="agents.")] == ["Shoes", "shop"]
    assert [one.of for one in records(data, text="SHOES agent")] == ["Shoes"]
    assert records(data, until=5.0) == []
    page = reading.found(data / "messages.db", Wanted(), 2)
    assert [one.of for one in page.records] == ["k", "Shoes"]
    assert [one.of for one in reading.found(data / "messages.db", Wanted(below=page.next), 2).records] == [
        "shop"
    ]


def test_a_mark_is_of_these_words():
    assert cut_words(1, "a") != cut_words(2, "a")
