"""Long work is shown and can be stopped: each action that may last says how, and a stop really ends it."""

import asyncio
import json
import threading

import pytest
from starlette.responses import JSONResponse

from builder import ui
from builder.actions import bound, click
from builder.actions.lasting import Begins, Brief, Lasting, brief, lasts, manner_of
from builder.insights.mount import ACTIONS as INSIGHTS
from builder.serving import lasting
from builder.serving.lasting import answered
from runtime.access.actor import OWNER
from runtime.access.permissions import Permission, needs
from runtime.lang import Text
from runtime.working import Work, go_on, tell, working

TITLE = Text("正在做", "Doing it")
EVERY = [(page, one) for page, actions in (*ui.ACTIONS.items(), ("bar", ui.BAR)) for one in actions]


def may_last(action):
    """It waits for something outside of its thread, or takes a file."""
    found = bound(None, action)[action.__name__]
    return found.is_async or found.takes_file


def undeclared(actions):
    return [one.__name__ for one in actions if may_last(one) and manner_of(one) is None]


def test_every_action_that_may_last_says_how_it_is_shown_and_stopped():
    assert undeclared([one for _, one in EVERY]) == []


def test_one_that_does_not_is_found():
    @needs(Permission.AGENTS_VIEW)
    async def asks_outside(studio):
        pass

    @needs(Permission.AGENTS_VIEW)
    def reads(studio, file):
        pass

    @needs(Permission.AGENTS_VIEW)
    @brief("it is in memory")
    async def remembers(studio):
        pass

    assert undeclared([asks_outside, reads, remembers]) == ["asks_outside", "reads"]


@pytest.mark.parametrize(("page", "action"), EVERY, ids=[f"{page}.{one.__name__}" for page, one in EVERY])
def test_what_it_says_is_true(page, action):
    manner = manner_of(action)
    names = {one.__name__ for there, one in EVERY if there == page}
    if isinstance(manner, Lasting):
        assert manner.title.zh != manner.title.en
        assert manner.stops or manner.why
    elif isinstance(manner, Begins):
        assert {manner.seen, manner.ended} <= names
    elif isinstance(manner, Brief):
        assert manner.why
        assert not bound(None, action)[action.__name__].takes_file


def test_what_the_insights_do_is_brief_there():
    """Streamlit waits for each, and shows that it does; none of them asks a model or reads a file."""
    assert [one.__name__ for one in INSIGHTS if isinstance(manner_of(one), Lasting)] == []


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(lasting, "LOOKS", 0.01)


class Page:
    """A browser that asks for one action, reads line by line, and may leave."""

    def __init__(self, action):
        self.lines, self.headers = [], {}
        self._left = asyncio.Event()
        self._heard = asyncio.Event()
        actions = bound(None, action)
        name = action.__name__
        self._action = actions[name]
        self._work = lambda: click(actions, {"action": name}, OWNER)

    async def asks(self):
        response = await answered(self._action, self._work, JSONResponse)
        await response({"type": "http"}, self._receive, self._send)

    def leaves(self):
        self._left.set()

    async def hears(self):
        """One more line."""
        await asyncio.wait_for(self._heard.wait(), 20)
        self._heard.clear()

    async def _receive(self):
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.headers = dict(message["headers"])
        elif message.get("body"):
            self.lines.append(json.loads(message["body"]))
            self._heard.set()


async def test_what_is_over_at_once_is_answered_as_ever():
    @needs(Permission.AGENTS_VIEW)
    @lasts(TITLE)
    async def quick(studio):
        return 7

    page = Page(quick)
    await page.asks()
    assert page.headers[b"content-type"] == b"application/json"
    assert [line["value"] for line in page.lines] == [7]


async def test_how_far_it_is_comes_line_by_line_and_the_answer_at_last():
    goes = asyncio.Event()

    @needs(Permission.AGENTS_VIEW)
    @lasts(TITLE)
    async def long(studio):
        tell(1, 3)
        await goes.wait()
        tell(2, 3)
        await asyncio.sleep(0.05)
        return "done"

    page = Page(long)
    asked = asyncio.create_task(page.asks())
    await page.hears()
    goes.set()
    await asked
    *so_far, last = page.lines
    assert page.headers[b"content-type"] == b"application/x-ndjson"
    assert [line["working"]["done"] for line in so_far] == [1, 2]
    assert so_far[0]["working"] == {"title": TITLE.by_language(), "stops": True, "done": 1, "of": 3}
    assert last["value"] == "done"


@pytest.mark.parametrize("end", [lambda page, asked: page.leaves(), lambda page, asked: asked.cancel()])
async def test_who_leaves_and_a_program_that_stops_end_what_waits_for_somebody_outside(end):
    ended = []

    @needs(Permission.AGENTS_VIEW)
    @lasts(TITLE)
    async def waits(studio):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    page = Page(waits)
    asked = asyncio.create_task(page.asks())
    await page.hears()
    end(page, asked)
    await asyncio.wait([asked], timeout=20)
    assert ended == [True]


async def test_who_leaves_ends_a_thread_before_it_keeps_anything():
    left, kept = threading.Event(), []

    @needs(Permission.AGENTS_VIEW)
    @lasts(TITLE)
    def reads(studio):
        left.wait(20)
        go_on()
        kept.append(True)

    page = Page(reads)
    asked = asyncio.create_task(page.asks())
    await page.hears()
    page.leaves()
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.1, left.set)
    await asyncio.wait_for(asked, 20)
    assert kept == []


def test_nobody_has_to_wait_for_work_to_be_done():
    tell(1, 2)
    go_on()
    work = Work()
    with working(work):
        tell(3, 4)
        with working(Work()):
            tell(0, 9)
    tell(5, 6)
    assert (work.done, work.of) == (3, 4)


async def test_a_page_to_which_nothing_new_can_be_told_hears_that_it_goes_on(monkeypatch):
    monkeypatch.setattr(lasting, "ALIVE", 0.0)

    @needs(Permission.AGENTS_VIEW)
    @lasts(TITLE)
    async def waits(studio):
        await asyncio.Event().wait()

    page = Page(waits)
    asked = asyncio.create_task(page.asks())
    for _ in range(3):
        await page.hears()
    page.leaves()
    await asyncio.wait_for(asked, 20)
    assert {line["working"]["done"] for line in page.lines} == {0}
