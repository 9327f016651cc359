"""An operating key answers as an operator and says which customer somebody is; another key does neither."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from runtime.access.audit.log import Audit
from runtime.access.audit.reading import Wanted, all_of
from runtime.access.keys import Keys
from runtime.message import Message
from runtime.person import Handing
from runtime.server.api.key_check import KeyCheck
from runtime.server.api.operator_api import OperatorApi
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.messages import Messages
from runtime.store.vanishing.memory import InMemory


class Operating:
    """As the gateway's, without anybody to send to; `OperatorApi` calls deeds by the class."""

    def __init__(self):
        self.done = []

    async def say(self, *given):
        self.done.append(("say", *given))

    async def note(self, *given):
        self.done.append(("note", *given))


@pytest.fixture
def served(tmp_path):
    control, messages = Control.in_folder(tmp_path), Messages(tmp_path / "messages.db")
    control.save_publication(Publication(id="p", agent="shop", channel="api", version=1, created_at=0))
    gateway = SimpleNamespace(messages=messages, operating=Operating())
    keys = {
        name: Keys(control).create(agent, operates=operates)
        for name, agent, operates in [("desk", "shop", True), ("ask", "shop", False), ("other", "b", True)]
    }
    check, audit = KeyCheck(control, InMemory()), Audit(tmp_path, control.mark)
    app = Starlette(routes=OperatorApi(gateway, check, control, audit).routes())
    with TestClient(app) as client:

        def call(path, holds="desk", **data):
            return client.post(path, json=data, headers={"authorization": f"Bearer {keys[holds]}"})

        async def opened():
            seq = (await messages.accept("p", Message("m", "ann", "坏了"), 5)).seq
            await messages.tickets.open(("p", "ann"), "shop", Handing("坏了"), 5, seq=seq, step="t")

        client.portal.call(opened)
        yield call, gateway
    messages.close()


def test_an_agents_tickets_are_found_whatever_others_have_and_page_by_page(served, tmp_path):
    call, _ = served
    sql = (
        "insert into tickets(publication, sender, seq, agent, priority, at) "
        "with recursive n(n) as (select 1 union all select n+1 from n where n<?)"
        " select ?, n, 1, ?, ?, n from n"
    )
    with closing(sqlite3.connect(tmp_path / "messages.db")) as db, db:
        db.execute(sql, (600, "q", "b", 3))
        db.execute(sql, (500, "p", "shop", 1))
    first, rest = (call("/desk/tickets", **asked).json() for asked in ({}, {"skip": 500}))
    assert (len(first["tickets"]), first["more"]) == (500, True)
    assert (len(rest["tickets"]), rest["more"]) == (1, False)
    assert {one["agent"] for one in first["tickets"] + rest["tickets"]} == {"shop"}


def test_whatever_a_key_does_here_is_recorded_as_its_own(served, tmp_path):
    call, _ = served
    call("/desk/tickets")
    call("/desk/note", ticket=1, text="secret words")
    call("/desk/note", ticket=99, text="of nobody")
    call("/desk/tags", publication="p", person="ann", add=["vip"])
    [tags, wrong, note, listed] = all_of(tmp_path / "messages.db", Wanted())
    assert (listed.what, listed.of, listed.status) == ("api.tickets", "shop", "done")
    assert (note.what, note.of, note.status) == ("api.note", "1", "done")
    assert (wrong.of, wrong.status) == ("99", "failed")
    assert all(one.who.startswith("key hy-") and one.origin for one in (tags, wrong, note, listed))
    assert ("ann" in tags.of, "secret words" in note.text) == (False, False)


def test_a_key_that_only_asks_may_do_nothing_here(served):
    call, gateway = served
    for path in ("/desk/claims", "/desk/tickets", "/desk/say", "/desk/take"):
        refused = call(path, holds="ask")
        assert (refused.status_code, "--operates" in refused.json()["error"]["message"]) == (403, True)
    assert call("/desk/say", holds="other", ticket=1, text="x").status_code == 404
    assert call("/desk/tickets", holds="other").json() == {"tickets": [], "more": False}
    assert gateway.operating.done == []


def test_an_operating_key_claims_customers_and_works_on_its_agents_tickets(served):
    call, gateway = served
    assert call("/desk/claims", customer="123").json()["code"].startswith("HY-")
    assert call("/desk/claims", customer="").status_code == 400
    assert call("/desk/unbind", customer="123").json() == {"unbound": 0}
    ann = {"publication": "p", "person": "ann"}
    assert call("/desk/tags", **ann, add=["vip", " vip", "新"], remove=["旧"]).json() == {
        "tags": ["vip", "新"]
    }
    assert call("/desk/tags", **ann, remove=["新"]).json() == {"tags": ["vip"]}
    for bad in (
        {**ann, "add": ["x" * 41]},
        {**ann, "add": [""]},
        {**ann, "add": ["x"] * 21},
        {"person": "ann"},
    ):
        assert call("/desk/tags", **bad).status_code == 400
    for none in ({**ann, "person": "eve"}, {**ann, "publication": "q"}):
        assert call("/desk/tags", **none).status_code == 404
    assert call("/desk/tags", holds="other", **ann).status_code == 404
    [ticket] = call("/desk/tickets").json()["tickets"]
    assert (ticket["id"], ticket["person"], ticket["reason"], ticket["late"]) == (1, "ann", "坏了", False)
    assert call("/desk/say", ticket=1, text="您好", key="k", operator="小安").status_code == 200
    [(what, id, by, text, key)] = gateway.operating.done
    assert (what, id, text, key) == ("say", 1, "您好", "k")
    assert by.endswith("/小安")
    assert call("/desk/say", ticket=1, text="x" * 5000).status_code == 400
