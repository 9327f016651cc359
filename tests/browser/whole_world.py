"""A home in which every page has something to show, and one in which none has."""

import json
import re
import shutil
import sqlite3
import time

from runtime.access.actor import OWNER
from runtime.knowledge.sources.bases import Bases
from runtime.message import Message
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.message_json import dump
from runtime.trying.kept_chat import Turn
from runtime.trying.kept_chats import KeptChats
from runtime.trying.shared_chats import SharedChats
from tests.browser.forgetting import forget

SAY = {"type": "reply", "id": "say", "title": "回答", "text": "**{{ shop }}**：{{ message.text }}"}
ASK = {"type": "model", "id": "ask", "title": "想一想", "model": "nobody/nothing"}
SHOP = {
    "format": 1,
    "id": "shop",
    "name": "茶铺",
    "description": "卖茶，也答茶。",
    "suggestions": ["几点开门？"],
    "variables": [{"name": "shop", "title": "店名", "default": "一叶茶铺"}],
    "shared": [{"name": "slots", "title": "时段", "keys": ["10:00"]}],
    "starts": [
        {
            "on": "schedule",
            "id": "weekly",
            "title": "周五",
            "cron": "30 17 * * 5",
            "flow": [{**SAY, "id": "post"}],
        }
    ],
    "flow": [SAY],
}
LINES = [{"says": "几点开门？", "checks": [{"type": "contains", "text": "九点"}]}]
CLERK = """---
{"title": "店员", "variables": [{"name": "shop", "title": "店名"}]}
---
你是{{ shop }}的店员。
"""
TABLES = ("tickets", "waits", "runs", "shared_keys", "shared_claims", "moments", "parts", "messages")
PAGE = "0123456789abcdefghijkl"
"""The secret of an answer's page."""
ALPHA, LETTERS = 0x3B1, 17
"""Small Greek letters up to ρ."""
CONTROL = ("publications", "versions", "contacts", "keys", "options", "seen", "endpoints")
TRACE = [
    {"type": "block_started", "block": "say", "kind": "reply", "title": "回答"},
    {"type": "block_finished", "block": "say", "kind": "reply", "ms": 12, "output": {"text": "九点开门。"}},
]


def clear(home):
    """Nothing is there: as on the first day."""
    for folder in ("agents", "knowledge", "prompts", "data/played", "data/played-shared", "data/drafts"):
        shutil.rmtree(home / folder, ignore_errors=True)
    forget(home, *CONTROL)
    with sqlite3.connect(home / "data" / "messages.db") as db:
        for table in TABLES:
            db.execute(f"delete from {table}")


def as_it_is(text):
    return text


def greek(text):
    """The same with a Greek letter for each Chinese sign: what people write is no sentence of ours then."""
    return re.sub(r"[\u3000-\u9fff\uff00-\uffef]", lambda sign: chr(ALPHA + ord(sign[0]) % LETTERS), text)


def fill(home, letters=as_it_is):
    """Of everything one, in these letters. Returns what addresses name: seq, ticket, token, page."""
    clear(home)
    agents = home / "agents"
    (agents / "tests").mkdir(parents=True)
    asks = {
        "type": "branch",
        "id": "b",
        "cases": [{"title": "买", "when": "message.text == '买'", "flow": [ASK]}],
    }
    shop = {**SHOP, "flow": [asks, SAY]}
    write(agents / "shop.json", shop, letters)
    suite = {"format": 1, "cases": [{"id": "hours", "title": "问时间", "lines": LINES}]}
    write(agents / "tests" / "shop.json", suite, letters)
    Bases(home).create("tea", letters("茶的知识"))
    (home / "prompts").mkdir()
    (home / "prompts" / "clerk.zh.j2").write_text(letters(CLERK), encoding="utf-8")
    publish(home, letters)
    return {**messages(home, letters), "token": chat(home, letters)}


def write(file, data, letters):
    file.write_text(letters(json.dumps(data, ensure_ascii=False)), encoding="utf-8")


def publish(home, letters):
    control = Control.in_folder(home / "data")
    control.save_publication(
        Publication(id="shop-api", agent="shop", channel="api", version=2, created_at=time.time())
    )
    for text in ("欢迎", "**{{ shop }}**"):
        agent = json.dumps({**SHOP, "flow": [{**SAY, "text": text}]}, ensure_ascii=False)
        control.freeze("shop-api", json.loads(letters(agent)))


def messages(home, letters):
    """One that was answered, one that waits for a person, and one whose flow waits."""
    now = time.time()
    with sqlite3.connect(home / "data" / "messages.db") as db:
        seqs = [
            message(db, letters("几点开门？"), now - 60, letters, state="kept", page=PAGE),
            message(db, letters("我要投诉！"), now - 30, letters),
            message(db, letters("约三点"), now, letters),
        ]
        message(db, letters("能开发票吗？"), now - 7 * 86_400, letters)  # of the week that the report is of
        ticket = insert(
            db,
            "tickets",
            publication="shop-api",
            sender="o-1",
            seq=seqs[1],
            agent="shop",
            reason=letters("想找人问问"),
            sentiment="angry",
            priority=3,
            at=now - 50,
            due=now + 600,
        )
        told = json.dumps(dict.fromkeys(("zh", "en"), letters("可以退吗？")))
        insert(
            db,
            "waits",
            publication="shop-api",
            sender="o-1",
            seq=seqs[2],
            version=1,
            kind="decision",
            block="b",
            step="b",
            what=told,
            data="{}",
            carried="{}",
            until=now + 6000,
            at=now,
        )
        insert(
            db,
            "runs",
            publication="shop-api",
            start="weekly",
            key="1",
            due=now - 99,
            at=now,
        )
        insert(
            db, "shared_keys", agent="shop", name="slots", key="10:00", taken=1, number=1, places=3, at=now
        )
        insert(
            db,
            "shared_claims",
            agent="shop",
            name="slots",
            key="10:00",
            number=1,
            places=1,
            publication="shop-api",
            sender="o-1",
            seq=seqs[2],
            at=now,
        )
    return {"seq": seqs[0], "ticket": ticket, "page": PAGE}  # fmt: skip


def message(db, text, at, letters, state="delivered", page=None):
    seq = insert(
        db, "messages", publication="shop-api", sender="o-1", key=text, kind="text", text=text,
        message=dump(Message("1", "o-1", text, at=at)), state=state, page=page, accepted_at=at, version=2,
        reply=letters("九点开门。"), failure="", finished_at=at + 2, prompt_tokens=900, completion_tokens=80,
        cost=0.0004, trace=letters(json.dumps(TRACE, ensure_ascii=False)),
    )  # fmt: skip
    insert(db, "moments", seq=seq, at=at, what="accepted")
    return seq


def insert(db, table, **row):
    """Its number."""
    marks = ",".join("?" * len(row))
    return db.execute(f"insert into {table}({','.join(row)}) values({marks})", list(row.values())).lastrowid


def chat(home, letters):
    """A conversation of the playground, shared: its token."""
    kept = KeptChats(home / "data", "shop", OWNER.id)
    begun = kept.begin()
    said = [{"role": "user", "content": letters("几点开门？")}]
    said.append({"role": "assistant", "content": letters("九点开门。"), "metadata": {"id": "answer"}})
    turn = Turn("t" * 32, "", time.time(), said)
    kept.add(begun, turn)
    return SharedChats(home / "data").share("shop", OWNER.id, begun.id, turn.id, 7, time.time())


class World:
    """A home of a running program, which is made what a place needs."""

    def __init__(self, home, letters=as_it_is):
        self._home, self._letters = home, letters
        self._now, self._made = "", {}

    def made(self, whose):
        """What addresses name there."""
        wanted = "empty" if whose == "empty" else "full"
        if wanted != self._now:
            self._made = fill(self._home, self._letters) if wanted == "full" else clear(self._home) or {}
            self._now = wanted
        return self._made
