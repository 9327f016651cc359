"""Each line of the playground is a value of its own: answered once, in its order, where the chat stands."""

import asyncio
import io
from contextlib import aclosing
from types import SimpleNamespace

import gradio as gr
import pytest
from builder_world import ASK, add

from builder.actions.asking import Asker, shown
from builder.actions.chats import kept_of
from builder.actions.sent_files import keep_file
from builder.actions.window import View, Window
from builder.pages._play_events import Handlers
from runtime.access.actor import OWNER
from runtime.access.users import first_owner
from script import says

LINES = ["一", "二", "三", "四", "五"]


class Tab:
    """A window of a browser, as the server sees it."""

    def __init__(self, handlers, name="a", **given):
        self.handlers, self.name, self.count = handlers, name, 0
        self.request = SimpleNamespace(session_hash=name, username=OWNER.id)
        self.given = {"agent": "shop", **given}
        self.seen = []

    async def rows(self, rows):
        async with aclosing(rows) as all:
            self.seen += [row async for row in all]

    def send(self, text, id="", **given):
        self.count += 1
        told = {**self.given, **given, "id": id or f"{self.name}.{self.count}"}
        return self.rows(self.handlers.ask({"text": text, "files": []}, told, self.request))

    def restore(self, **given):
        self.given |= given
        return self.handlers.restore(self.given, self.request)

    @property
    def view(self):
        return self.handlers.window(self.request).view


@pytest.fixture
def handlers(studio, script):
    add(studio, ASK)
    studio.control.users.put(first_owner("", 0))
    script.answers = [says(f"答{n}") for n in range(9)]
    return Handlers(studio)


def tips(tab):
    """Where each column stands, by its place."""
    return [tip for _, tip in sorted(tab.view.tips.items())]


def paths(studio, chat):
    """Every way through the chat, as questions and answers."""
    kept = kept_of(studio, OWNER.id, "shop").find(chat)
    ends = [one.id for one in kept.turns.values() if not kept.below(one.id)]
    return sorted([f"{turn.question}{turn.answer}" for turn in kept.path(end)] for end in ends)


async def until_asked(script, count):
    async with asyncio.timeout(20):
        while len(script.requests) < count:  # noqa: ASYNC110 # the model is asked by a task of its own
            await asyncio.sleep(0)


async def test_a_burst_of_lines_is_answered_line_by_line_each_knowing_those_before(handlers, studio, script):
    tab = Tab(handlers)
    await asyncio.gather(*(tab.send(line) for line in LINES))
    assert paths(studio, tab.view.chat) == [["一答0", "二答1", "三答2", "四答3", "五答4"]]
    last = [one["content"] for one in script.requests[-1].messages[1:]]
    assert last == ["一", "答0", "二", "答1", "三", "答2", "四", "答3", "五"]
    assert handlers.is_idle(tab.request)


@pytest.mark.parametrize("again", ["", " ", "\n"], ids=repr)
async def test_a_line_that_comes_twice_is_asked_once_and_an_empty_one_never(handlers, studio, again):
    tab = Tab(handlers)
    await asyncio.gather(tab.send("一", "x"), tab.send("一", "x"), tab.send(again))
    assert paths(studio, tab.view.chat) == [["一答0"]]


async def test_what_is_sent_while_an_answer_is_under_way_comes_behind_it(handlers, studio, script):
    script.gate = asyncio.Event()
    tab = Tab(handlers)
    first = asyncio.create_task(tab.send("一"))
    await until_asked(script, 1)
    second = asyncio.create_task(tab.send("二"))
    script.gate.set()
    await asyncio.gather(first, second)
    assert paths(studio, tab.view.chat) == [["一答0", "二答1"]]


async def test_a_stop_ends_the_answer_that_is_under_way_and_what_waits_is_asked(handlers, studio, script):
    script.gate = asyncio.Event()
    tab = Tab(handlers)
    first = asyncio.create_task(tab.send("一"))
    await until_asked(script, 1)
    second = asyncio.create_task(tab.send("二"))
    await asyncio.sleep(0)
    handlers.stop(tab.request)
    await first
    assert handlers.is_idle(tab.request) is False
    script.gate.set()
    await second
    (path,) = paths(studio, tab.view.chat)
    assert [one[0] for one in path] == ["一", "二"]
    assert path[0] == "一"
    assert path[1].startswith("二答")


async def test_two_windows_with_one_chat_go_two_ways_and_neither_loses_a_line(handlers, studio):
    one = Tab(handlers)
    await one.send("一")
    other = Tab(handlers, "b", chat=one.view.chat, kept=True)
    other.restore()
    await asyncio.gather(*(tab.send(f"{tab.name}{n}") for n in range(3) for tab in (one, other)))
    ways = [[line[:2] for line in way[1:]] for way in paths(studio, one.view.chat)]
    assert ways == [["a0", "a1", "a2"], ["b0", "b1", "b2"]]


async def test_an_answer_of_a_chat_that_is_left_goes_on_and_shows_in_that_chat_alone(
    handlers, studio, script
):
    script.gate = asyncio.Event()
    tab = Tab(handlers)
    asks = asyncio.create_task(tab.send("一"))
    await until_asked(script, 1)
    left = tab.view.chat
    tab.restore(chat="", tip="")
    script.gate.set()
    await asks
    assert "答0" not in str(tab.seen)
    assert paths(studio, left) == [["一答0"]]
    await tab.send("二")
    assert tab.view.chat != left


async def test_a_question_is_asked_again_or_otherwise_in_one_column_or_in_all(handlers, studio):
    tab = Tab(handlers, columns=[{"model": ""}, {"model": "script/two", "name": "二号"}])
    await tab.send("一")
    await tab.rows(handlers.again_all(tab.given, tab.request))
    columns = [shown(studio, Asker("shop", OWNER.id, tab.view.chat, tip)) for tip in tips(tab)]
    assert [one.said[0]["content"] for one in columns] == ["一", "一"]
    await tab.rows(handlers.again(1)(tab.given, gr.RetryData(None, {"index": 0, "value": ""}), tab.request))
    kept = kept_of(studio, OWNER.id, "shop").find(tab.view.chat)
    assert sorted(one.tried["model"] for one in kept.turns.values()) == ["", "", *["script/two"] * 3]
    models = ("", "script/two")
    forks = [kept.forks(tip, {"model": model}) for tip, model in zip(tips(tab), models, strict=True)]
    assert [(one["chosen"], len(one["ends"])) for (one,) in forks] == [(1, 2), (2, 3)]
    assert handlers.rewrite({**tab.given, "rewrites": -1}, tab.request) == {"text": "一", "files": []}
    await tab.send("一改", rewrites=-1)
    at = {"index": 0, "value": "只有二号"}
    await tab.rows(handlers.edit(1)(tab.given, gr.EditData(None, {**at, "previous_value": ""}), tab.request))
    stand = [kept_of(studio, OWNER.id, "shop").find(tab.view.chat).path(t) for t in tips(tab)]
    assert [[turn.question for turn in path] for path in stand] == [["一改"], ["只有二号"]]
    # a reload, in a new window that knows nothing but the chat
    again = Tab(handlers, "b", chat=tab.view.chat, kept=True)
    row = again.restore()
    assert again.view.tips == tab.view.tips
    assert [one["model"] for one in row[-1]["result"]["columns"]] == ["", "script/two"]
    assert row[1]["value"][0]["content"] == "只有二号"
    again.restore(kept=False, columns=[], tip=tab.view.tips[0])  # compared no more
    assert Tab(handlers, "c", chat=tab.view.chat, kept=True).restore()[-1]["result"]["columns"] == []


@pytest.mark.parametrize("asked", [7, 0, None, "7", [], 1.5], ids=repr)
async def test_what_is_told_says_which_time_of_showing_a_chat_it_came_of(handlers, asked):
    tab = Tab(handlers, asked=asked, columns=[{"model": ""}, {"model": "script/two"}])
    await tab.send("一")
    tab.seen.append(tab.restore(kept=True, chat=tab.view.chat))
    told = [part.get("result") or part.get("shown") for row in tab.seen for part in row[4:]]
    said = [one for one in told if one]
    assert len(said) > len(tab.seen)
    assert {repr(one.get("asked")) for one in said} == {repr(asked if isinstance(asked, int) else None)}


async def test_undo_gives_the_box_the_line_with_its_files(handlers, studio, tmp_path):
    file = await keep_file(studio, "条款.md", io.BytesIO(b"# x"))
    tab = Tab(handlers)
    asks = handlers.ask({"text": "看", "files": [file]}, {**tab.given, "id": "1"}, tab.request)
    await tab.rows(asks)
    box, first, *_ = handlers.undo(0)(tab.given, tab.request)
    assert (box["text"], [one["name"] for one in box["files"]]) == ("看", ["条款.md"])
    assert first["value"] == []


async def test_a_window_remembers_no_end_of_lines():
    window = Window()

    async def rows(view: View):
        yield 1

    async def stopped(view):
        return 0

    for n in range(300):
        async with aclosing(window.ask(str(n), rows, stopped)) as seen:
            assert [one async for one in seen] == [1]
    assert len(window._asked) == 200
