"""Whoever is forgotten goes from all that was made of what they said: no byte of it is left in the home."""

import asyncio
import functools
import json

import pytest
from builder_world import add

from builder.actions import bound, click, taken_cases
from builder.actions.asking import Asker, asked
from builder.actions.chats import kept_of
from builder.actions.suite_runs import RUNNING
from builder.actions.suites import add_case, suites
from builder.actions.taken_cases import Talks, keep_chat, keep_rated
from builder.pages.play import ACTIONS as PLAY
from builder.pages.tests import ACTIONS as TESTS
from runtime.access.actor import OWNER
from runtime.access.audit.log import Audit
from runtime.access.audit.reading import Wanted, all_of
from runtime.access.audit.trail import Trail
from runtime.access.things.things import Things
from runtime.agents.beside import files_folder
from runtime.describing.kept import Descriptions, Kept
from runtime.describing.proposals import Proposals
from runtime.errors import NotFound
from runtime.message import Message
from runtime.off_loop import off_loop
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.messages.ending import Outcome
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.testing.forgetting import Forgetting
from runtime.testing.suite import Suite
from runtime.trying.shared_chats import SharedChats

pytestmark = pytest.mark.usefixtures("engine")

MARK = "紫藤花开了记得浇水"
OTHER = "别人的话留着"
SAY = {"id": "say", "type": "reply", "text": "好：{{ message.text }}"}
PICTURE = f"\x89PNG {MARK}".encode()


class Place:
    """Where two people wrote to the agent "shop", and whoever works there makes things of it."""

    def __init__(self, studio):
        self.studio, self.acts = (
            studio,
            bound(studio, *{one.__name__: one for one in (*TESTS, *PLAY)}.values()),
        )
        add(studio, SAY)
        studio.control.save_publication(
            Publication(id="shop-1", agent="shop", channel="wechat", version=1, created_at=0)
        )
        studio.control.freeze("shop-1", {"id": "shop", "name": "茶铺", "flow": [SAY]})
        path, data = studio.settings.data / "messages.db", studio.settings.data
        self.messages = Messages(path, marks=studio.control.marks_of)
        self.trail = Trail(Audit(data, str, things=Things(studio.control)), "127.0.0.1")
        made = Forgetting(studio.settings.agents, data)
        self.messages.remembered.beside = functools.partial(off_loop, made.forget)

    async def wrote(self, who, text, at, files=()):
        message = Message(f"{who} {at}", who, text, at=at, data={"files": list(files)})
        seq = (await self.messages.accept("shop-1", message, at)).seq
        await self.messages.finish(seq, Outcome(f"好：{text}", 1), [], at + 1, "silent")
        return seq

    async def click(self, action, **given):
        answer = await click(self.acts, {"action": action, "args": given}, OWNER, trail=self.trail)
        assert answer["ok"], answer["text"]
        return answer["value"]

    async def said(self, text, case="", chat="", tip=""):
        """In the playground, beside that test."""
        who = Asker("shop", OWNER.id, chat=chat, tip=tip, case=case)
        shown = [one async for one in asked(self.studio, who, text, [])]
        return shown[-1].result["chat"], shown[-1].result["tip"]

    def left(self):
        home = self.studio.settings.home
        return sorted(
            str(path.relative_to(home))
            for path in home.rglob("*")
            if path.is_file()
            and any(one in path.read_bytes() for one in (MARK.encode(), json.dumps(MARK)[1:-1].encode()))
        )

    def cases(self, agent="shop"):
        return suites(self.studio).open(agent)[0].cases


@pytest.fixture
async def place(studio):
    made = Place(studio)
    yield made
    await asyncio.to_thread(made.messages.close)


async def everything_made(place):
    """Of Ann's words and picture: a test, what its run came to, a chat in which it was played, rated, shared
    and made a test of, a copy of the agent, one that is deleted, a proposal of the one that builds others."""
    studio = place.studio
    picture = {"name": "票.png", "kind": "image", "hash": await studio.senses.kept.keep(PICTURE)}
    await place.wrote("ann", MARK, 10.0)
    seq = await place.wrote("ann", f"{MARK}？", 11.0, [picture])
    case = (await place.click("keep_talk", seq=seq))["case"]
    await place.click("begin_tests", id="shop")
    await RUNNING[str(studio.settings.data), "shop"].task
    chat, tip = await place.said(MARK, case)
    await place.click("keep_chat", id="shop", chat=chat, tip=tip)
    kept_of(studio, OWNER.id, "shop").rate(chat, tip, False, "不对")
    await asyncio.to_thread(keep_rated, Talks(studio.control, studio.settings.data), OWNER, "shop", chat, tip)
    SharedChats(studio.settings.data).share("shop", OWNER.id, chat, tip, 7, 20.0)
    there, _ = suites(studio).open("shop")
    proposals = Proposals({}, lambda agent: [], there)
    lines = [{"says": MARK, "checks": [{"type": "contains", "text": "好"}]}]
    proposals.propose_test({"id": case, "title": "改过的", "lines": lines})
    Descriptions(studio.settings.data).save("shop", Kept(made=proposals.made))
    copy = studio.library.duplicate("shop").agent.id
    studio.library.delete(studio.library.duplicate("shop").agent.id)
    await studio.senses.kept.remove([picture["hash"]])
    return copy


async def test_what_was_made_of_somebody_goes_with_them_and_what_is_of_others_stays(place):
    copy = await everything_made(place)
    await place.click("keep_talk", seq=await place.wrote("bob", OTHER, 11.0))
    add_case(suites(place.studio), "shop", {"lines": [{"says": "谁也不是"}]})
    kinds = {"agents/tests", "data/tests", "data/played", "data/trash", "data/describing"}
    assert {"/".join(one.split("/")[:2]) for one in place.left()} >= kinds
    assert [bool(one.made_of) for one in place.cases()] == [True, True, True, True, False]
    assert "ann" not in json.dumps([one.model_dump(mode="json") for one in place.cases()])
    await place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
    assert place.left() == []
    done = list(all_of(place.trail.audit.path, Wanted()))
    assert {"real_cases.keep_talk", "taken_cases.keep_chat"} <= {one.what for one in done}
    assert [one.text for one in done if MARK in one.text or "票" in one.text] == []
    assert [line.says for one in place.cases() for line in one.lines] == [OTHER, "谁也不是"]
    assert place.cases(copy) == []
    assert kept_of(place.studio, OWNER.id, "shop").heads() == []


async def test_a_file_goes_also_where_its_test_was_taken_away_by_hand(place):
    await everything_made(place)
    there, revision = suites(place.studio).open("shop")
    others = there.model_copy(update={"cases": []})
    suites(place.studio).save("shop", others, revision)
    assert [one.name for one in files_folder("shop", place.studio.library.folder).iterdir()] == ["票.png"]
    await place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
    assert place.left() == []


async def test_a_file_that_somebody_elses_test_has_is_named_there_as_lacking(place):
    await everything_made(place)
    mine = {"lines": [{"says": "", "files": ["票.png"]}, {"says": "还有这张", "files": ["票.png"]}]}
    add_case(suites(place.studio), "shop", mine)
    await place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
    [case] = place.cases()
    assert [(line.says, line.files, line.lacks) for line in case.lines] == [
        ("📎", [], ["票.png"]),
        ("还有这张", [], ["票.png"]),
    ]


async def test_it_is_known_by_a_key_that_was_changed_since(place):
    await everything_made(place)
    data, before = place.studio.settings.data, place.messages.remembered
    new, former = Control.in_folder(data / "new").mark, place.studio.control.marks_of
    await asyncio.to_thread(place.messages.close)
    place.messages = Messages(data / "messages.db", marks=lambda words: [new(words), *former(words)])
    place.messages.remembered.beside = before.beside
    await place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
    assert place.left() == []


async def test_a_stop_between_the_store_and_the_files_is_made_up_for_at_the_next_start(place):
    await everything_made(place)
    forgets = place.messages.remembered.beside

    async def killed(erased):
        raise asyncio.CancelledError

    place.messages.remembered.beside = killed
    with pytest.raises(asyncio.CancelledError):
        await place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
    assert place.left() != []
    place.messages.remembered.beside = forgets
    await place.messages.remembered.finish_erasing()
    assert place.left() == []


async def test_who_comes_back_is_taken_from_what_they_said_since(place):
    seq = await place.wrote("ann", f"{MARK}，旧的", 10.0)
    await place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
    again = await place.wrote("ann", "我又来了", 160.0)
    await place.click("keep_talk", seq=again)
    assert [line.says for line in place.cases()[0].lines] == ["我又来了"]
    await place.messages.remembered.finish_erasing()
    assert len(place.cases()) == 1
    refused = await click(place.acts, {"action": "keep_talk", "args": {"seq": seq}}, OWNER)
    assert refused["code"] == "Invalid"


async def test_who_is_forgotten_while_a_test_is_made_of_them_is_in_none(place, monkeypatch):
    seq, studio = await place.wrote("ann", MARK, 10.0), place.studio
    kept = studio.senses.kept.read_now
    file = {"name": "票.png", "kind": "image", "hash": await studio.senses.kept.keep(PICTURE)}
    seq = await place.wrote("ann", MARK, 11.0, [file])
    loop = asyncio.get_running_loop()

    def forgets_meanwhile(hash):
        content = kept(hash)
        erasing = place.messages.remembered.erase(Face("shop-1", "ann"), 100.0)
        asyncio.run_coroutine_threadsafe(erasing, loop).result(30)
        return content

    monkeypatch.setattr(studio.senses.kept, "read_now", forgets_meanwhile)
    refused = await click(place.acts, {"action": "keep_talk", "args": {"seq": seq}}, OWNER)
    monkeypatch.undo()
    await studio.senses.kept.remove([file["hash"]])
    assert refused["code"] == "NotFound"
    assert place.left() == []


@pytest.mark.parametrize("way", ["rated", "kept"])
async def test_who_is_forgotten_while_a_chat_becomes_a_test_is_in_none(place, monkeypatch, way):
    studio = place.studio
    case = (await place.click("keep_talk", seq=await place.wrote("ann", MARK, 10.0)))["case"]
    chat, tip = await place.said(MARK, case)
    kept_of(studio, OWNER.id, "shop").rate(chat, tip, False, "")
    loop = asyncio.get_running_loop()

    def forgets_meanwhile(*told):
        made = add_case(*told)
        erasing = place.messages.remembered.begin_erasing(Face("shop-1", "ann"), 100.0)
        place.messages.remembered.beside = lambda erased: asyncio.sleep(0, 0)  # it came too early
        asyncio.run_coroutine_threadsafe(erasing, loop).result(30)
        return made

    monkeypatch.setattr(taken_cases, "add_case", forgets_meanwhile)
    talks = Talks(studio.control, studio.settings.data)
    work = {
        "rated": lambda: keep_rated(talks, OWNER, "shop", chat, tip),
        "kept": lambda: asyncio.run(keep_chat(studio, OWNER, "shop", chat, tip)),
    }
    with pytest.raises(NotFound):
        await asyncio.to_thread(work[way])
    assert place.left() == []


def test_a_suite_keeps_whose_it_is_through_the_page_and_on_to_other_homes():
    whose = [{"who": "a" * 32, "at": 5.0}]
    case = {"id": "one", "lines": [{"says": "在吗"}], "made_of": whose}
    suite = Suite.load({"cases": [case], "came": {"a.png": {"made_of": whose}}})
    assert Suite.load(suite.to_json()) == suite
