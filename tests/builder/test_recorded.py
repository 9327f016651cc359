"""Every action that changes something, and a look at a conversation, leaves one record, however it ended."""

import itertools
from types import SimpleNamespace

import pytest

from builder import ui
from builder.actions import bound, click
from builder.actions.deeds import DEEDS
from builder.actions.taking_away import taken_away
from builder.insights.mount import ACTIONS as INSIGHTS
from runtime.access.actor import NOBODY, OWNER
from runtime.access.audit.declared import Kept, kept, named, unrecorded
from runtime.access.audit.log import WAITING, Audit
from runtime.access.audit.reading import Wanted, all_of
from runtime.access.audit.trail import Trail
from runtime.access.permissions import Permission, needed, needs
from runtime.access.things.things import Things
from runtime.cli import arguments, audit
from runtime.store.control.records import Options
from runtime.store.messages.messages import Messages

PAGES = {**ui.ACTIONS, "bar": ui.BAR, "insights": INSIGHTS}
EVERY = {
    f"{one.__module__.rpartition('.')[2]}.{one.__name__}": one for one in itertools.chain(*PAGES.values())
}
LOOKING = {"view", "run", "watch"}


@pytest.fixture
def trail(tmp_path):
    Messages(tmp_path / "messages.db").close()
    return Trail(Audit(tmp_path, str), "127.0.0.1")


def records(trail):
    return list(all_of(trail.audit.path, Wanted()))


def changes(action):
    return needed(action).id.rpartition(".")[2] not in LOOKING


async def test_every_action_that_changes_something_leaves_a_record(trail):
    for action in EVERY.values():
        table, name = bound(SimpleNamespace(), action), action.__name__
        takes_file = table[name].takes_file
        await click(table, {"action": name}, NOBODY, uploads=takes_file, trail=trail)
    recorded = [name for name, action in EVERY.items() if kept(action) is not None]
    assert [one.what for one in reversed(records(trail))] == recorded
    assert {one.status for one in records(trail)} == {"refused"}
    for name, action in EVERY.items():
        said = vars(action).get("kept_in_the_audit_log", Kept())
        assert kept(action) is not None or not changes(action) or said.why, name
    assert len(recorded) > 90
    assert set(recorded) - DEEDS.keys() == set(), "each is told in words"


def test_what_goes_or_comes_back_leaves_a_record_whatever_it_needs():
    takes = {name: found for name, one in EVERY.items() if (found := taken_away(one))}
    back = {f"{name.partition('.')[0]}.{one.undone_by}" for name, one in takes.items() if one.undone_by}
    of_others = {name for name in {*takes, *back} if not name.startswith("chats.")}  # these are one's own
    for name in {*of_others, "build.reload", "deleted.bring_back", "deleted.restore"}:
        assert kept(EVERY[name]) is not None, name


@needs(Permission.SETTINGS_EDIT)
def put(studio, name, value):
    studio.control.save_options(Options(public_url=f"https://{value}"))
    if value == "bug":
        raise ZeroDivisionError


@needs(Permission.SETTINGS_EDIT)
@unrecorded("a trial")
def attempt(studio, name):
    pass


async def test_a_record_says_who_from_where_what_of_what_and_how_it_ended(studio, tmp_path):
    Messages(tmp_path / "messages.db").close()
    trail = Trail(Audit(tmp_path, str, things=Things(studio.control)), "127.0.0.1")
    table = bound(studio, put, attempt)
    for args in ({"name": "url", "value": "after"}, {"name": "two words", "value": "bug"}, {"name": "url"}):
        await click(table, {"action": "put", "args": args}, OWNER, trail=trail)
    await click(table, {"action": "attempt", "args": {"name": "url"}}, OWNER, trail=trail)
    malformed, failed, done = records(trail)
    assert (done.who, done.origin, done.what) == ("owner", "127.0.0.1", "test_recorded.put")
    assert (done.of, done.status, done.before) == ("url", "done", ())
    assert done.after == ("public_url: https://after",)
    assert (failed.before, failed.after) == (done.after, ("public_url: https://bug",))
    assert (failed.of, failed.status) == ("", "failed")
    assert malformed.status == "failed"


async def test_what_cannot_be_recorded_is_not_done(tmp_path):
    (tmp_path / "messages.db").write_bytes(b"no database" * 1000)
    done = []

    @needs(Permission.SETTINGS_EDIT)
    def change(studio):
        done.append(1)

    broken = Trail(Audit(tmp_path, str), "")
    assert not (await click(bound(None, change), {"action": "change"}, OWNER, trail=broken))["ok"]
    assert not done
    assert not (tmp_path / WAITING).exists()


def test_what_names_a_thing_is_no_sentence():
    how = Kept()
    assert named(how, put, {"name": "shop-1", "value": "x"}) == "shop-1"
    assert named(how, put, {"name": "a whole sentence", "value": "x"}) == ""
    assert named(how, put, {"value": "sk-secret"}) == ""
    assert named(Kept("value"), put, {"name": "a", "value": 7}) == "7"


def test_commands_that_change_something_are_recorded():
    export = arguments.parser().parse_args(["audit", "export"])
    assert kept(export.run) is not None
    assert kept(audit.list_records) is None
    assert kept(arguments.parser().parse_args(["person", "show", "p", "ann"]).run) is not None
    assert kept(arguments.parser().parse_args(["agent", "list"]).run) is None
