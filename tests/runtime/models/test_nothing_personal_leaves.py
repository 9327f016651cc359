"""What an agent keeps from models is in no byte that reaches one, whichever of its blocks asks."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from models_world import SHARED, SetUp, endpoint

from fake_llm import FakeLLM, Say
from runtime.agents.nesting import gathered
from runtime.engine import run
from runtime.knowledge.search.found import Found, Result
from runtime.message import Exchange
from runtime.models.adapters import AdapterForComparing, AdapterForPainting, AdapterForSound
from runtime.models.hiding import hiding
from runtime.models.painting import Painted
from runtime.models.ranks import Embedded, Ranked
from runtime.models.routed import RoutedModels
from runtime.models.sound import Spoken
from runtime.safety.masking.personal import KINDS
from runtime.safety.masking.standing import WHOLE, Standing
from runtime.turn.events import Replied, TextDelta, ToolCalled
from runtime.turn.keeping import KeptHere
from runtime.turn.using import Used
from script import agent, services, wrote

pytestmark = pytest.mark.usefixtures("litellm")

MARKERS = {
    "phone": ["138 0013 8000", "１３９００１３９０００", "+44 20 7946 0958"],
    "id_card": ["11010519491231002X"],
    "card": ["6222 0212 3456 7890 128"],
    "mail": ["zhang.san@example.com"],
    "address": ["杭州市西湖区文三路478号3幢1201室"],
}
ALL = "，".join(one for them in MARKERS.values() for one in them)
SECOND = "13700137000"
HIDES = {"masking": {"kinds": list(MARKERS)}}
MODEL = {"type": "model", "id": "answer", "model": "local/m", "prompt": {"text": "你是客服"}}
LOOKUP = {"type": "http_request", "name": "lookup", "url": "https://shop.example/?of={{ of }}"}


@asynccontextmanager
async def world(*script, provider="openai_compatible", kept=None, **more):
    """Real models, whose server says what the script says."""
    async with FakeLLM(*script) as llm:
        known = SetUp(endpoint("local", llm.url, provider=provider), default="local/m")
        them = RoutedModels(known, {}, shared={"via_litellm": SHARED[-1]})
        try:
            yield llm, replace(services(them), **more)
        finally:
            await them.close()


def markers_in(llm):
    """Those of which any form is in what came to the server: as it is, or as figures alone."""
    text = "\n".join(json.dumps(call.body, ensure_ascii=False) for call in llm.calls)
    bare = text.translate({code: None for code in b" -+"})
    everything = [*(one for them in MARKERS.values() for one in them), SECOND]
    return [one for one in everything if one in text or one.replace(" ", "").lstrip("+") in bare]


async def turn(has, flow, message=None, history=(), safety=HIDES, **more):
    kept = {name: more.pop(name) for name in RUNS if name in more}
    one = agent(*flow, safety=safety, **more)
    return [event async for event in run(one, message or wrote(ALL), history, has, **kept)]


RUNS = ("kept", "stream", "journal")


class Finds:
    """Implements Searches: the same passage for every question."""

    async def search(self, text, bases=(), wanted=None, pasted=""):
        return Result([Found("b", 1, "a.md", "甲", "", None, f"店长电话 {SECOND}", 1.0, 1.0)], True)

    async def meanings(self, texts):
        return [b"" for _ in texts]


def marks(call):
    """Those that it was sent, without the one in the note."""
    text = json.dumps(call.body["messages"], ensure_ascii=False)
    return list(dict.fromkeys(found[0] for found in WHOLE.finditer(text) if "BCDFGHJ" not in found[0]))


def echo(call):
    return Say(" ".join(marks(call)) or "没有")


FIELDS = [{"name": "phone", "type": "text"}]
JSON_SAID = Say('{"phone": null}')
BLOCKS = {
    "message": ([MODEL], {}),
    "history": ([MODEL], {"message": wrote("在吗"), "history": [Exchange(ALL, f"记下了 {ALL}")]}),
    "a variable in the prompt": (
        [{**MODEL, "prompt": {"text": "店里：{{ shop }}"}}],
        {"message": wrote("你好"), "variables": [{"name": "shop", "default": ALL}]},
    ),
    "a card": ([MODEL], {"message": wrote("", kind="link", data={"title": ALL, "url": "https://a.example/"})}),
    "a place": ([MODEL], {"message": wrote("", kind="location", data={"label": ALL, "latitude": 1})}),
    "a picture in words": ([MODEL], {"message": wrote("", kind="image", data={"described": ALL})}),
    "passages": (
        [{"type": "knowledge", "id": "k", "bases": ["b"]}, {**MODEL, "prompt": {"text": "{{ k.text }}"}}],
        {"message": wrote(ALL)},
    ),
    "classify": (
        [
            {"type": "classify", "id": "c", "model": "local/m", "otherwise": [],
             "intents": [{"title": "一"}, {"title": "二", "examples": [ALL]}]},
            MODEL,
        ],
        {},
    ),
    "extract": ([{"type": "extract", "id": "e", "model": "local/m", "fields": FIELDS}, MODEL], {}),
    "fields": ([{**MODEL, "fields": FIELDS}], {}),
    "a flow's own words": ([{**MODEL, "input": f"转告 {ALL}"}], {"message": wrote("你好")}),
    "a moderation model": (
        [MODEL],
        {"safety": {**HIDES, "checks": [{"type": "moderation", "model": "local/m", "places": ["out"]}]}},
    ),
    "topics": (
        [MODEL],
        {"safety": {**HIDES, "checks": [
            {"type": "topics", "model": "local/m", "places": ["in"], "subjects": [{"title": "聊天"}]}]}},
    ),
    "a summary": (
        [MODEL],
        {"memory": {"type": "summary", "turns": 2},
         "history": [Exchange(ALL, ALL, number=n) for n in range(1, 12)]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
async def test_whichever_block_asks_none_of_it_reaches_the_model(name):
    flow, more = BLOCKS[name]
    async with world(echo, knowledge=Finds()) as (llm, has):
        await turn(has, flow, **more)
    assert llm.calls
    assert "[PHONE-" in json.dumps([call.body for call in llm.calls])
    assert markers_in(llm) == []


@pytest.mark.parametrize("name", BLOCKS)
async def test_the_same_is_sent_as_it_is_where_nothing_is_to_be_hidden(name):
    flow, more = BLOCKS[name]
    safety = {key: value for key, value in more.get("safety", {}).items() if key != "masking"}
    async with world(JSON_SAID, knowledge=Finds()) as (llm, has):
        await turn(has, flow, **{**more, "safety": safety})
    assert set(markers_in(llm)) >= set(MARKERS["phone"][:1])


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("provider", ["openai_compatible", "deepseek"], ids=["directly", "through litellm"])
async def test_it_is_put_back_in_the_answer_and_in_no_piece_before(provider, stream):
    async with world(echo, provider=provider) as (llm, has):
        events = await turn(has, [MODEL], stream=stream)
    assert markers_in(llm) == []
    assert isinstance(events[-1], Replied)
    assert all(one in events[-1].text for them in MARKERS.values() for one in them)
    if stream:
        pieces = [event.text for event in events if isinstance(event, TextDelta)]
        assert "".join(pieces) == events[-1].text
        assert not any(WHOLE.search(piece) for piece in pieces)


def calling(name="lookup"):
    """First uses the tool with the mark of the phone, then says what it got."""

    def first(call):
        [mark] = [one for one in marks(call) if "PHONE" in one]
        return Say(None, tool_calls=((name, json.dumps({"of": mark})),))

    return first


@pytest.mark.parametrize(("named", "gets"), [([], "[PHONE-"), (["lookup"], "13800138000")])
async def test_a_tool_that_reaches_outside_gets_what_is_real_only_when_it_is_named(named, gets):
    used = []

    def instead(tool, arguments):
        used.append(dict(arguments))
        return Used(f"此人另有电话 {SECOND}")

    safety = {"masking": {"kinds": ["phone"], "tools": named}}
    async with world(calling(), echo, instead=instead) as (llm, has):
        flow = [{**MODEL, "tools": [LOOKUP]}]
        events = await turn(has, flow, wrote("查 138 0013 8000"), safety=safety)
    assert used[0]["of"].startswith(gets)
    assert markers_in(llm) == []
    assert SECOND in events[-1].text
    assert [event.arguments["of"] for event in events if isinstance(event, ToolCalled)] == [used[0]["of"]]


async def test_what_stays_here_is_kept_as_it_is():
    """Nothing that is remembered of somebody is a mark, which the next conversation could not read."""
    kept = KeptHere()

    def first(call):
        return Say(None, tool_calls=(("remember", json.dumps({"name": "电话", "value": marks(call)[0]})),))

    async with world(first, Say("好")) as (llm, has):
        memory = {"type": "window", "facts": True}
        await turn(has, [MODEL], wrote("我的电话是13800138000"), kept=kept, memory=memory)
    assert [note.value for note in (await kept.known()).notes] == ["13800138000"]
    assert markers_in(llm) == []


async def test_what_a_person_writes_like_a_mark_is_no_mark():
    async with world(echo) as (llm, has):
        await turn(has, [MODEL], wrote("138 0013 8000"))
        [mark] = marks(llm.calls[0])
        llm.script.append(Say("好"))
        await turn(has, [MODEL], replace(wrote(f"{mark} 是谁的"), sender="somebody else"))
    assert mark not in str(llm.calls[-1].body)


async def test_an_agent_within_hides_what_it_is_to_hide(tmp_path):
    (tmp_path / "agents").mkdir()
    inner = agent({**MODEL, "id": "within"}, id="tea", safety={"masking": {"kinds": ["mail"]}})
    (tmp_path / "agents" / "tea.json").write_text(json.dumps(inner.to_json()), encoding="utf-8")
    ask = {"type": "agent", "id": "ask", "agent": "tea", "input": "{{ message.text }}"}
    for kinds in ([], ["phone"]):
        one = gathered(agent(ask, MODEL, safety={"masking": {"kinds": kinds}}), tmp_path)
        async with world(echo) as (llm, has):
            [event async for event in run(one, wrote(ALL), (), has)]
        within, after = (json.dumps(call.body, ensure_ascii=False) for call in llm.calls)
        assert "zhang.san" not in within
        assert ("8000" in within) == (not kinds)
        assert ("zhang.san" in after) == (not kinds)


@dataclass
class Compares(AdapterForComparing, AdapterForSound, AdapterForPainting):
    """An adapter that keeps what it was asked."""

    asked: list

    async def ask(self, *_):
        raise AssertionError("it is no model for words")

    async def transcribe(self, *_):
        raise AssertionError("nothing is heard")

    converted = price = transcribe

    async def embed(self, target, texts, seconds):
        self.asked += texts
        return Embedded([b""], None)

    async def rerank(self, target, query, texts, seconds):
        self.asked += [query, *texts]
        return Ranked([], None)

    async def speak(self, target, voice, text, seconds):
        self.asked.append(text)
        return Spoken(b"", "m")

    async def paint(self, target, prompt, size, seconds):
        self.asked.append(prompt)
        return Painted("m")


async def test_what_is_compared_spoken_and_drawn_has_words_in_its_place():
    adapter = Compares([])
    known = SetUp(endpoint("x", "https://models.example/v1", provider="deepseek"))
    them = RoutedModels(known, {}, shared={"via_litellm": adapter})
    with hiding(Standing(b"key", frozenset(KINDS))):
        await them.ranks.embed("x/m", [ALL], 5)
        await them.ranks.rerank("x/m", ALL, [ALL], 5)
        await them.sound.speak("x/m", "", ALL, 5)
        await them.painting.paint("x/m", ALL, "", 5)
    assert adapter.asked == 5 * ["电话号码，电话号码，电话号码，身份证号，银行卡号，邮箱地址，住址"]
    await them.ranks.embed("x/m", [ALL], 5)
    assert adapter.asked[-1] == ALL


async def test_a_turn_that_goes_on_knows_what_its_marks_stand_for():
    """Also one that a tool found, before the process was killed."""
    used, journal = [], {}

    class Kept:
        async def recall(self, step):
            return journal.get(step)

        def record(self, step, result):
            journal[step] = result

        async def settle(self):
            """Nothing to wait for."""

        async def begin(self, step):
            return True

    def instead(tool, arguments):
        used.append(dict(arguments))
        return Used(f"另有 {SECOND}")

    def second(call):
        return Say(None, tool_calls=(("lookup", json.dumps({"of": marks(call)[-1]})),))

    safety = {"masking": {"kinds": ["phone"], "tools": ["lookup"]}}
    flow = [{**MODEL, "tools": [LOOKUP]}]
    async with world(calling(), second, Say("好"), instead=instead) as (_, has):
        for _ in range(2):
            await turn(has, flow, wrote("查 138 0013 8000"), safety=safety, journal=Kept())
            for name in [name for name in journal if name not in ("answer.0", "tool.answer.0.0", "answer.1")]:
                del journal[name]
    assert used == [{"of": "13800138000"}, {"of": SECOND}, {"of": SECOND}]
