"""A desk with a store of its own, and Streamlit's pages run without a browser."""

import asyncio
import html
import json
import re
import sqlite3
import time
from pathlib import Path
from typing import get_args

from streamlit.testing.v1 import AppTest

from builder.actions import bound, click
from builder.insights._go import Name
from builder.insights.desk import Desk, place
from builder.insights.mount import ACTIONS
from runtime.access.actor import OWNER
from runtime.media.kept import KeptMedia
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.insights import Insights
from runtime.store.messages.messages import Messages
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.runs_list import RunsList
from runtime.store.messages.shared_list import SharedList
from runtime.store.messages.waits_list import WaitsList

SCRIPT = Path(__file__).parents[2] / "builder" / "insights" / "script.py"
ROW = {
    "publication": "shop-1",
    "sender": "o-secret-open-id",
    "kind": "text",
    "text": "几点开门？",
    "message": "{}",
    "state": "delivered",
    "reply": "九点开门。",
    "failure": "",
    "reason": '["", ""]',
    "handoff": 0,
    "doubt": 0,
    "version": 1,
    "prompt_tokens": 900,
    "completion_tokens": 80,
    "cost": 0.0004,
    "trace": "[]",
}


class World:
    """Plays the gateway too. `asked`: what it was told to send again."""

    def __init__(self, folder):
        self.path = folder / "messages.db"
        Messages(self.path).close()
        self.control = Control.in_folder(folder / "data")
        self.control.save_publication(
            Publication(id="shop-1", agent="shop", channel="wechat", version=1, created_at=0)
        )
        self.control.freeze("shop-1", {"id": "shop", "name": "茶铺"})
        self.asked = []
        self.returned = []
        self.decided = []
        self.kept = KeptMedia(folder / "media")
        self.refusal = None
        self.held_back = self.instances = 0
        self.who = OWNER
        place(
            Desk(
                Insights(self.path),
                self.control,
                PeopleList(self.path),
                RunsList(self.path),
                SharedList(self.path),
                WaitsList(self.path),
                act=lambda name, args: asyncio.run(self._act(name, args)),
                lets=self._lets,
                who=lambda: self.who,
                held_back=lambda: self.held_back,
                instances=lambda: self.instances,
            )
        )

    def _lets(self, name, args):
        """What another part of the program does than the gateway is not done here."""
        action = bound(self, *ACTIONS).get(name)
        return action is not None and action.lets(self.who, args)

    async def _act(self, name, args):
        self.messages = Messages(self.path)
        try:
            return await click(
                bound(self, *ACTIONS),
                {"action": name, "args": args},
                self.who,
            )
        finally:
            self.messages.close()

    @property
    def waits(self):
        """The gateway's part that decides."""
        return self

    async def decide(self, id, *, yes, by, note):
        if self.refusal:
            raise self.refusal
        self.decided.append((id, yes, by, note))

    def waiting(self, kind, what):
        """A flow that waits; its number."""
        seq = self.message()
        told = json.dumps({"zh": what, "en": what})
        row = (
            "shop-1",
            "o-secret-open-id",
            seq,
            1,
            kind,
            "b",
            "b",
            told,
            "{}",
            "{}",
            time.time() + 60,
            time.time(),
        )
        columns = "publication, sender, seq, version, kind, block, step, what, data, carried, until, at"
        with sqlite3.connect(self.path) as db:
            marks = ",".join("?" * len(row))
            return db.execute(f"insert into waits({columns}) values({marks})", row).lastrowid

    async def again(self, seq):
        """As the gateway's."""
        if self.refusal:
            raise self.refusal
        self.asked.append(seq)

    async def give_back(self, seq):
        """As the gateway's."""
        self.returned.append(seq)

    @property
    def starts(self):
        return self

    async def run_now(self, publication, start):
        """As the gateway's."""
        self.asked.append((publication, start))

    def finish_erasing(self):
        """As the gateway's, which goes on with it."""
        self.asked.append("finish_erasing")

    def handed(self, sender, seq, *, state="taken", code=""):
        """A human has that person."""
        with sqlite3.connect(self.path) as db:
            now = time.time()
            row = ("shop-1", sender, seq, state, now - 60, now + 3600, code)
            db.execute("insert into handed values(?,?,?,?,?,?,?)", row)

    def too_slow(self, name, args):
        raise self.refusal

    def moments(self, seq):
        """What happened to a message."""
        with sqlite3.connect(self.path) as db:
            return [
                what for (what,) in db.execute("select what from moments where seq=? order by at", (seq,))
            ]

    def message(self, moments=(), parts=(), at=None, **given):
        """Store one that came at `at` (now); moments as (seconds after, what, detail). Returns its number."""
        at = time.time() if at is None else at
        db = sqlite3.connect(self.path)
        row = {**ROW, "key": str(time.perf_counter_ns()), "accepted_at": at, "finished_at": at + 2, **given}
        if not isinstance(row["trace"], str):
            row["trace"] = json.dumps(row["trace"])
        marks = ",".join("?" * len(row))
        seq = db.execute(
            f"insert into messages({','.join(row)}) values({marks})", list(row.values())
        ).lastrowid
        for after, what, detail in moments:
            db.execute("insert into moments values(?,?,?,?)", (seq, at + after, what, detail))
        for number, part in enumerate(parts):
            part = {"seq": seq, "number": number, "at": at, "state": "sent", "route": "push", **part}
            db.execute(
                f"insert into parts({','.join(part)}) values({','.join('?' * len(part))})",
                list(part.values()),
            )
        db.commit()
        db.close()
        return seq


def show(name="overview", lang="zh", **params):
    """Run one page; it must not fail."""
    page = AppTest.from_file(str(SCRIPT), default_timeout=30)
    page.session_state.lang = lang
    page.query_params.update({key: str(value) for key, value in params.items()})
    page.run()
    if name != "overview":
        go(page, name)
    assert not page.exception
    return page


def go(page, name):
    """To another page, as a click in the navigation does."""
    assert name in get_args(Name)
    page._page_hash = page.session_state.pages[name]._script_hash
    page.run()


def words(page):
    """All that is written on a page."""
    kinds = (
        "title",
        "subheader",
        "text",
        "caption",
        "markdown",
        "code",
        "info",
        "success",
        "error",
        "button",
    )
    found = [
        str(getattr(element, "label", "") or "") + str(getattr(element, "value", ""))
        for kind in kinds
        for element in page.get(kind)
    ]
    return "\n".join([*found, text(drawn(page))])


def asked(page, label):
    """What is said where a click on `label` asks first: the button that acts stands beside it."""
    (found,) = [one for one in page.get("popover") if one.proto.popover.label == label]
    assert [one.label for one in found.button] == [label]
    return "\n".join(one.value for one in found.markdown)


def drawn(page):
    """The HTML that a page draws itself."""
    return "\n".join(element.proto.body for element in page.get("html"))


def text(markup):
    """What of it is read."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def column(page, number):
    """The cells of one column of the list of messages."""
    return [text(cell) for cell in re.findall(rf'<td class="in-{number}"[^>]*>(.*?)</td>', drawn(page))]


def figures(page):
    """By name: the number, and what stands below it."""
    cards = re.findall(r'data-testid="figure-(\w+)">(.*?)</div>', drawn(page), re.DOTALL)
    found = {}
    for name, card in cards:
        below = re.search(r"<small>(.*?)</small>", card)
        value = re.search(r"<strong>(.*?)</strong>", card)[1]
        found[name] = (html.unescape(value), html.unescape(below[1]) if below else "")
    return found
