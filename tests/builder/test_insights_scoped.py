"""Whoever may read the conversations of one agent sees, counts, answers and takes along those alone."""

import asyncio
import json
import sqlite3
import time
from contextlib import nullcontext
from types import SimpleNamespace
from typing import get_args

import pytest
from insights_world import World, drawn, figures, show, words

from builder.actions import bell as bells
from builder.actions import bound, everything
from builder.actions.whose import ByStore
from builder.insights._go import Name
from builder.insights.desk import desk
from builder.insights.mount import ACTIONS
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import ALWAYS, Permission
from runtime.errors import Forbidden
from runtime.person import Handing
from runtime.store.control.records import Publication
from runtime.store.messages.insights import Wanted
from runtime.store.messages.message_json import dump
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from script import wrote

P = Permission
THEIRS = "canary"
"""Stands in every word of what is not theirs."""


def somebody(*permissions, agent="shop"):
    return Actor("eve", ALWAYS, {one: frozenset({agent}) for one in permissions})


READS = somebody(P.CONVERSATIONS_READ, P.AGENTS_VIEW)
ALL = somebody(*(one for one in Permission if one.is_of_agents))


def opened(path, publication, sender, agent, words, seq):
    messages = Messages(path)
    handing = Handing(words, words, "angry", 3)
    asyncio.run(messages.tickets.open((publication, sender), agent, handing, 5, seq=seq, step="t"))
    messages.close()


@pytest.fixture
def world(tmp_path):
    """The same of two agents; whatever the other one's says holds the word."""
    made = World(tmp_path)
    made.control.save_publication(
        Publication(id=f"{THEIRS}-1", agent="other", channel="wechat", version=1, created_at=0)
    )
    made.control.freeze(f"{THEIRS}-1", {"id": "other", "name": f"{THEIRS} 店"})
    made.own, made.other = {}, {}
    for publication, agent, word, found in (
        ("shop-1", "shop", "mine", made.own), (f"{THEIRS}-1", "other", THEIRS, made.other),
    ):  # fmt: skip
        said = {"publication": publication, "sender": f"{word}-ann", "message": dump(wrote(word))}
        found["seq"] = made.message(text=f"{word} ask", reply=f"{word} reply", **said)
        found["kept"] = made.message(text=f"{word} kept", reply=f"{word} held", state="kept", **said)
        found["failed"] = made.message(
            text=f"{word} bad", failure="server", reason=json.dumps([word, word]), reply="", **said
        )
        opened(made.path, publication, f"{word}-ann", agent, f"{word} help", found["seq"])
        with sqlite3.connect(made.path) as db:
            found["ticket"] = db.execute("select max(id) from tickets").fetchone()[0]
            what, now = json.dumps({"zh": word, "en": word}), time.time()
            row = (publication, f"{word}-ann", found["seq"], 1, "decision", "b", f"b{word}")
            row += (what, "{}", "{}", now + 60, now)
            columns = "publication, sender, seq, version, kind, block, step, what, data, carried, until, at"
            sql = f"insert into waits({columns}) values({','.join('?' * len(row))})"
            found["wait"] = db.execute(sql, row).lastrowid
    made.who = READS
    return made


@pytest.mark.parametrize("name", get_args(Name))
def test_no_page_shows_a_word_of_another_agents(world, name):
    page = show(name, id=world.other["ticket" if name == "ticket" else "seq"], openly="1")
    assert THEIRS not in words(page) + drawn(page)


def test_pages_show_what_is_theirs_and_count_no_more(world):
    assert "mine ask" in words(show("conversations"))
    assert "mine ask" in words(show("conversation", id=world.own["seq"]))
    assert "mine help" in words(show("ticket", id=world.own["ticket"]))
    assert "mine" in words(show("waiting"))
    assert figures(show())["messages"][0] == "3"
    whole = desk()
    assert whole.insights.find(Wanted(0, 9e9), 50).total == 3
    assert whole.insights.find(Wanted(0, 9e9, text=THEIRS), 50).total == 0
    assert whole.insights.find(Wanted(0, 9e9, (f"{THEIRS}-1",)), 50).total == 0
    assert whole.waits.counted(whole.within) == {"decision": 1}
    assert THEIRS not in words(show("todo")) + words(show("tickets"))
    assert "1" in words(show("tickets"))


def test_whoever_may_on_nothing_sees_nothing(world):
    world.who = Actor("eve", ALWAYS)
    assert desk().insights.publications() == []
    assert desk().insights.find(Wanted(0, 9e9), 50).total == 0
    assert desk().insights.failures(Wanted(0, 9e9)) == []


def test_everything_is_there_for_whoever_may_on_everything(world):
    world.who = Actor("ada", frozenset(Permission))
    assert THEIRS in words(show("conversations"))
    assert figures(show())["messages"][0] == "6"


def test_what_is_taken_along_is_theirs_and_only_where_they_may(world):
    labels = [one.label for one in show("conversations").get("download_button")]
    assert labels == []
    world.who = ALL
    assert len(show("conversations").get("download_button")) == 1
    lines = desk().insights.find(Wanted(0, 9e9), 50).lines
    assert len(lines) == 3
    face = Face(f"{THEIRS}-1", f"{THEIRS}-ann")
    assert desk().people.known(face) is None


DEEDS = [
    ("send_again", "seq"), ("give_back", "seq"), ("mark_done", "seq"), ("end_wait", "wait"),
    ("take_ticket", "ticket"), ("take_writer", "seq"), ("note_ticket", "ticket"), ("erase_person", "seq"),
    ("keep_value", "seq"),
]  # fmt: skip
MORE = {"note_ticket": {"text": "x"}, "keep_value": {"name": "tags", "value": "x"}}


@pytest.mark.parametrize(("deed", "kind"), DEEDS)
def test_nothing_is_done_to_what_is_not_theirs(world, deed, kind):
    actions = bound(world, *ACTIONS, whose=ByStore(world.control, world.path))
    name = {"wait": "id"}.get(kind, kind)
    args = MORE.get(deed, {})
    for who, of, may in (
        (ALL, world.own, True), (ALL, world.other, False), (READS, world.own, False),
        (ALL, {kind: 999}, False), (ALL, {kind: "1"}, False),
    ):  # fmt: skip
        given = {name: of[kind], **args}
        with nullcontext() if may else pytest.raises(Forbidden):
            actions[deed].must(who, given)


def test_a_person_on_two_agents_is_erased_by_whoever_may_on_both(world):
    whose = ByStore(world.control, world.path)
    assert whose("person", world.own["seq"]) == ["shop"]
    with sqlite3.connect(world.path) as db:
        person = db.execute("insert into people(agent, at) values('shop', 1)").lastrowid
        for publication, sender in (("shop-1", "mine-ann"), (f"{THEIRS}-1", f"{THEIRS}-ann")):
            row = (publication, sender, person)
            db.execute("insert into faces(publication, sender, person) values(?,?,?)", row)
    assert whose("person", world.own["seq"]) == ["other", "shop"]


def test_the_bell_and_the_search_tell_of_theirs_alone(world, studio):
    for one in world.control.publications():
        studio.control.save_publication(one)
        studio.control.freeze(one.id, world.control.frozen_agent(one.id, 1))
    studio.settings = SimpleNamespace(data=world.path.parent, home=studio.settings.home)
    everybody = json.dumps([_told(studio, one) for one in (READS, OWNER)])
    assert THEIRS in everybody  # where one may on everything
    assert THEIRS not in json.dumps(_told(studio, READS))
    assert "mine" in json.dumps(everything.find_said(studio, READS, "mine"))
    assert everything.find_said(studio, READS, THEIRS) == []
    assert everything.find_said(studio, Actor("eve", ALWAYS), "mine") == []


def _told(studio, who):
    found = asyncio.run(bells.bell(studio, who))["notices"]
    return [one for one in found if one["key"].split()[0] in ("failing", "todo")]
