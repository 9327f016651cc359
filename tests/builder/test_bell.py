"""The bell: facts that are there anyway, each told to whoever may know it, and once."""

import asyncio
import json
import time
from types import SimpleNamespace

import pytest
from builder_world import Models, add
from insights_world import World

from builder.actions import bell as bells
from builder.actions.bell import KEPT, TODO, TOUR, have_read
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.models.budgets import Budget, Sum
from runtime.store.control.records import Publication

READER = Actor("reader", [Permission.AGENTS_VIEW])


@pytest.fixture
def troubled(studio, tmp_path):
    """One of each thing that is told."""
    add(studio, id="shop", name="茶铺")
    studio.control.save_publication(
        Publication(id="shop-1", agent="shop", channel="wechat", version=1, created_at=0)
    )
    studio.control.freeze("shop-1", {"id": "shop", "name": "茶铺"})
    messages = World(studio.settings.data)
    messages.message(state="delivered", failure="model", handoff=1, at=time.time() - 5)
    messages.message(state="kept", at=time.time() - 9)
    (studio.settings.home / "knowledge" / "torn").mkdir(parents=True)
    (studio.settings.home / "knowledge" / "torn" / "base.json").write_text("{")
    studio.control.policy.save_budgets([Budget(id="deepseek", tokens=100)], by="owner")
    counted = SimpleNamespace(of_budget=lambda _: Sum(tokens=90), spent=lambda *_: Sum(), today=str)
    studio.services = SimpleNamespace(budgets=counted)
    return studio


def told(studio, who=OWNER):
    return asyncio.run(bells.bell(studio, who))


def kinds(found):
    return [one["key"].split()[0] for one in found["notices"]]


def test_each_fact_is_told_with_where_it_is_dealt_with(troubled):
    found = {one["key"].split()[0]: one for one in told(troubled)["notices"]}
    assert set(found) == {"failing", "todo", "base", "budget", "model"}
    assert found["failing"]["title"]["zh"] == "茶铺 · 微信公众号"
    assert "10%" in found["budget"]["title"]["zh"]
    assert "torn" in found["base"]["title"]["en"]
    assert {one["to"] for one in found.values()} == {"insights/", "insights/todo", "bases", "models"}
    assert "canary" not in json.dumps(list(found.values()))


def test_who_may_not_know_it_is_not_told(troubled):
    assert kinds(told(troubled, READER)) == []


def test_what_was_read_stays_read_for_that_person_and_what_happens_again_is_new(troubled):
    keys = [one["key"] for one in told(troubled)["notices"]]
    have_read(troubled, OWNER, keys)
    assert {one["read"] for one in told(troubled)["notices"]} == {True}
    assert troubled.control.seen.get("reader") is None
    World(troubled.settings.data).message(state="kept", at=time.time())
    new = [one["key"].split()[:2] for one in told(troubled)["notices"] if not one["read"]]
    assert ["todo", "kept"] in new
    have_read(troubled, OWNER, [f"k{n}" for n in range(KEPT + 50)])
    assert len(troubled.control.seen.get("owner").keys) == KEPT


def test_one_that_cannot_be_had_hides_no_other(troubled):
    (troubled.settings.data / "messages.db").write_bytes(b"no database at all, but a file" * 200)
    found = told(troubled)
    assert {"untold", "base", "budget"} <= set(kinds(found))
    assert all(one["title"]["zh"] for one in found["notices"])


def test_the_tour_comes_by_itself_while_there_is_no_agent_and_once(studio):
    studio.models = Models()
    studio.models.unwell = lambda: []
    assert told(studio) == {"notices": [], "tour": True}
    have_read(studio, OWNER, [TOUR])
    assert told(studio)["tour"] is False
    studio.control.seen.remove("owner")
    add(studio)
    assert told(studio)["tour"] is False


def test_a_base_whose_source_cannot_be_read_is_told(studio, monkeypatch):
    line = {"id": "b", "name": "手册", "unread": 2}
    monkeypatch.setattr(bells, "bases_overview", lambda *_: {"bases": [line], "broken": []})
    studio.models.unwell = lambda: []
    (one,) = told(studio)["notices"]
    assert (one["title"]["en"], one["to"]) == ("2 sources of the base 手册 cannot be read", "bases?base=b")
    assert set(TODO) == set(bells.get_args(bells.Todo))
