"""The audit log's page: what it finds, what it says of the chain, and the file that it gives."""

import sqlite3
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from builder import ui
from builder.actions import audit as page
from builder.actions.deeds import DEEDS, said
from builder.insights.mount import ACTIONS as INSIGHTS
from builder.serving import audit_file
from runtime.access.audit.declared import kept
from runtime.access.audit.log import Audit
from runtime.access.audit.record import COMMAND_LINE, Deed, made
from runtime.store.messages.messages import Messages

DAY = 86_400.0


@pytest.fixture
def log(studio):
    data = studio.settings.data
    Messages(data / "messages.db").close()
    return Audit(data, studio.control.mark, clock=iter(range(1_000_000, 9_000_000, 10_000)).__next__)


def deed(who="ada", what="people.invite", of="bob", origin="10.0.0.1"):
    return Deed(who, origin, what, what.partition(".")[0], of)


def test_nothing_yet_is_whole(studio):
    assert page.records(studio) == {"records": [], "next": 0}
    assert page.verify(studio)["trouble"] is None
    assert page.overview(studio)["people"] == []


def test_a_record_says_all_of_it_in_words(studio, log):
    log.add(deed(), "done", ("role: viewer",), ("role: editor",))
    [one] = page.records(studio)["records"]
    assert (one["who"], one["origin"], one["of"], one["status"]) == ("ada", "10.0.0.1", "bob", "done")
    assert [{name: text["en"] for name, text in change.items()} for change in one["changes"]] == [
        {"name": "role", "was": "viewer", "now": "editor"}
    ]
    assert one["words"]["zh"] == "邀请成员"
    assert one["number"] == 1
    assert isinstance(one["at"], float)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"by": "ada"}, [1, 3]),
        ({"area": "models"}, [2, 3]),
        ({"area": "model"}, []),  # a whole name
        ({"status": "refused"}, [3]),
        ({"area": "people"}, [1]),
        ({"area": "installation"}, []),
        ({"text": "MAIN eve"}, [2]),
        ({"text": "nobody"}, []),
        ({"below": 3}, [1, 2]),
        ({"by": "ada", "area": "models"}, [3]),
    ],
)
def test_what_is_looked_for_is_found(studio, log, asked, found):
    log.add(deed())
    log.add(deed("eve", "models.set_up", "main"))
    log.add(deed("ada", "models.remove", "main"), "refused")
    assert sorted(one["number"] for one in page.records(studio, **asked)["records"]) == found


def test_it_is_found_by_its_day(studio, log):
    for _ in range(4):
        log.add(deed())
    times = {one["number"]: one["at"] for one in page.records(studio)["records"]}
    found = page.records(studio, since=times[2], until=times[4])["records"]
    assert [one["number"] for one in found] == [3, 2]


def test_pages_go_on_where_the_last_one_ended(studio, log):
    for _ in range(page.PAGE + 3):
        log.add(deed())
    first = page.records(studio)
    second = page.records(studio, below=first["next"])
    numbers = [one["number"] for one in (*first["records"], *second["records"])]
    assert numbers == list(range(page.PAGE + 3, 0, -1))
    assert second["next"] == 0


def test_the_chain_is_whole_until_somebody_touches_it(studio, log):
    for _ in range(3):
        log.add(deed())
    assert {**page.verify(studio), "hash": ""} == {
        "records": 3, "first": 1, "last": 3, "hash": "", "cut": 0, "broken": 0, "why": "", "trouble": None,
    }  # fmt: skip
    with sqlite3.connect(studio.settings.data / "messages.db") as db:
        db.execute("drop trigger if exists audit_stays")
        db.execute("delete from audit where number=2")
    told = page.verify(studio)
    assert (told["broken"], told["why"]) == (2, "missing")
    assert "2" in told["trouble"]["en"]


def test_the_page_offers_who_and_what_there_is(studio, log):
    log.add(deed())
    log.add(deed("eve", "models.set_up"))
    offered = page.overview(studio)
    assert [one["id"] for one in offered["people"]] == ["ada", "eve"]
    assert [(one["id"], one["words"]["zh"]) for one in offered["areas"]] == [
        ("people", "成员、角色和密钥"),
        ("models", "模型、价格和用量"),
    ]
    assert offered["days"] == studio.settings.audit_days


@pytest.fixture
def site(log):
    return TestClient(Starlette(routes=audit_file.routes(log)))


@pytest.mark.parametrize(
    ("form", "name", "begins"),
    [
        ("csv", ".csv", "\ufeffnumber,at,who"),
        ("jsonl", ".jsonl", '{"number": 2'),
        ("lines", ".txt", "nobody | audit.export audit lines | done | "),
    ],
)
def test_a_file_has_what_was_looked_for_and_stands_in_the_log_itself(log, site, form, name, begins):
    log.add(deed(of="=1+1"))
    got = site.get("/audit/file", params={"form": form})
    assert got.text.startswith(begins)
    assert len(got.text.splitlines()) == 2 + (form == "csv")
    assert name in got.headers["content-disposition"]
    only = site.get("/audit/file", params={"form": form, "by": "ada"})
    assert ("ada" in only.text, "audit.export" in only.text) == (True, False)
    assert "'=1+1" in site.get("/audit/file?form=csv").text


@pytest.mark.parametrize(
    "asked", ["", "form=html", "form=csv&more=1", "form=csv&since=x", "form=csv&since=-1"]
)
def test_what_no_page_asks_is_no_file(site, asked):
    assert site.get(f"/audit/file?{asked}").status_code == 400


def test_what_cannot_be_recorded_is_not_exported(studio, log, site):
    log.add(deed())
    (studio.settings.data / "messages.db").write_bytes(b"no database" * 1000)
    got = site.get("/audit/file?form=jsonl")
    assert got.status_code >= 500
    assert "ada" not in got.text


def test_every_deed_of_a_page_has_words():
    actions = [one for table in (*ui.ACTIONS.values(), ui.BAR, INSIGHTS) for one in table if kept(one)]
    named = {f"{one.__module__.rpartition('.')[2]}.{one.__name__}" for one in actions}
    assert named - set(DEEDS) == set()


def test_a_command_is_called_as_it_is_typed():
    one = made(deed(what="agent.import", origin=COMMAND_LINE), "done", (), ())
    assert said(one).en == "command agent import"
    assert said(replace(one, origin="::1", what="older.deed")).en == "older.deed"
