"""The bases' page: what is given is kept, corrected, found, and gone when it is removed."""

import base64
import io
import json
import sqlite3
import time
from contextlib import closing

import pytest
from builder_world import add as add_agent

from builder.actions import bases, bases_deleted, bases_found, bound, click
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.errors import BadSettings, NotFound
from runtime.knowledge.index.index import Index
from runtime.knowledge.index.rows import digest_of
from runtime.knowledge.passage import Passage
from runtime.knowledge.sources import corrections
from runtime.knowledge.sources.work import Work
from runtime.settings import CHECKOUT
from runtime.store.control.records import Publication
from runtime.store.messages.tables import SCRIPT


@pytest.fixture
def base(studio):
    return bases.create(studio, "Returns 退货")["id"]


@pytest.fixture
def asked(studio):
    """A message that was answered, in whose turn a base was searched."""
    path = studio.settings.data / "messages.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path)
    db.executescript(SCRIPT)

    def put(base, query, fits, sources=None, publication="p"):
        trace = [{"type": "looked_up", "block": "docs", "query": query, "bases": [base], "fits": fits,
                  "sources": sources or {}}]  # fmt: skip
        db.execute(
            "insert into messages(publication,sender,key,kind,text,message,state,accepted_at,trace)"
            " values(?,'s',?,'text','','{}','delivered',?,?)",
            (publication, query, time.time(), json.dumps(trace, ensure_ascii=False)),
        )
        db.commit()

    yield put
    db.close()


def given(studio, base, text="退货要在七天内。", name="售后.txt"):
    return bases.add(studio, file=io.BytesIO(text.encode()), base=base, name=name)


def read(studio, base, *passages, file="售后.txt"):
    """As if it was read and indexed."""
    with closing(Index(studio.bases.index(base))) as index:
        index.replace(file, "digest", (), [Passage(text) for text in passages], file)


def test_a_base_is_named_by_its_latin_words_and_never_takes_anothers_id(studio, base):
    assert base == "returns"
    assert bases.create(studio, "returns")["id"] == "returns-2"
    assert bases.create(studio, "售后")["id"] == "base"


def test_the_same_file_twice_is_told_and_kept_once(studio, base):
    assert given(studio, base).text is None
    assert "已经在里面" in given(studio, base, name="又一份.txt").text.zh
    assert [one["title"] for one in bases.base(studio, base)["sources"]] == ["售后.txt"]
    assert studio.woken == [base, base]


def test_what_is_removed_is_no_longer_shown(studio, base):
    given(studio, base)
    bases_deleted.remove(studio, OWNER, base, "售后.txt")
    assert bases.base(studio, base)["sources"] == []
    with pytest.raises(NotFound):
        bases_deleted.remove(studio, OWNER, base, "售后.txt")


def test_a_source_that_is_not_wanted_is_not_read_until_somebody_says_so(studio, base):
    given(studio, base)
    bases.cancel(studio, base, "售后.txt")
    assert bases.base(studio, base)["sources"][0]["state"] == "cancelled"
    bases.again(studio, base, "售后.txt")
    with closing(Work(studio.bases.work(base))) as work:
        assert work.all()["售后.txt"].state == "waiting"


def test_a_passage_is_corrected_and_switched_off(studio, base):
    read(studio, base, "退货要在七天内。", "保修一年。")
    [first, second] = bases.passages(studio, base, "售后.txt")["passages"]
    bases.edit(studio, base, first["id"], " 退货要在十天内。 ")
    bases.switch(studio, base, second["id"], on=False)
    [first, second] = bases.passages(studio, base, "售后.txt")["passages"]
    assert (first["text"], first["edited"], second["on"]) == ("退货要在十天内。", True, False)
    assert corrections.known(studio.bases, base, "售后.txt") == {
        digest_of("退货要在七天内。"): ("退货要在十天内。", False),
        digest_of("保修一年。"): (None, True),
    }
    with pytest.raises(BadSettings) as caught:
        bases.edit(studio, base, first["id"], "  ")
    assert caught.value.field == "text"


def test_passages_come_a_page_at_a_time(studio, base):
    read(studio, base, *(f"第 {n} 段" for n in range(120)))
    pages = [bases.passages(studio, base, "售后.txt", start) for start in (0, 50, 100)]
    assert [(len(one["passages"]), one["more"]) for one in pages] == [(50, True), (50, True), (20, False)]


def test_settings_are_one_list_and_what_is_wrong_names_its_field(studio, base):
    shown = bases.base(studio, base)
    assert shown["base"].keys() - {"id"} == shown["schema"]["properties"].keys()
    bases.save(studio, base, {**shown["base"], "name": "退换", "longest": 300, "embedding": "none"})
    assert studio.bases.get(base).splitting.longest == 300
    for field, value in (("longest", 5), ("embedding", "?"), ("name", "")):
        with pytest.raises(BadSettings) as caught:
            bases.save(studio, base, {field: value})
        assert caught.value.field == field


def test_who_uses_a_base_is_told(studio, base):
    add_agent(studio, {"type": "knowledge", "id": "docs", "bases": [base]})
    [line] = bases.overview(studio, OWNER)["bases"]
    assert line["used_by"] == ["店"]


async def test_a_question_that_is_tried_shows_what_each_way_thinks(studio, base):
    read(studio, base, "退货要在七天内，拆封不退。", "满 99 元包邮。")
    found = await bases_found.ask(studio, base, "怎么退货")
    assert found["hits"][0]["text"].startswith("退货")
    assert found["fits"]
    assert found["hits"][0]["share"] > 0.5
    assert not (await bases_found.ask(studio, base, "量子力学"))["fits"]


async def test_a_set_of_questions_is_counted_for_each_way(studio, base):
    read(studio, base, "退货要在七天内，拆封不退。", "满 99 元包邮。")
    ways = await bases_found.measure(studio, base, "问题,期望\n怎么退货,七天\n包邮吗,99\n有门店吗,\n")
    assert ways[1]["way"] == "words"
    assert (ways[1]["hit@1"], ways[1]["told"]) == (1.0, 1.0)
    for wrong in ("", "问题,期望\n"):
        with pytest.raises(BadSettings):
            await bases_found.measure(studio, base, wrong)


def test_what_nothing_was_found_for_is_listed_until_it_has_an_answer(studio, base, asked):
    asked(base, "有门店吗？", fits=False)
    asked(base, "有门店吗", fits=False)
    asked(base, "怎么退货", fits=True, sources={base: ["售后.txt"]})
    asked("another", "你好", fits=False)
    given(studio, base)
    assert [(one["question"], one["times"]) for one in bases_found.unanswered(studio, OWNER, base)] == [
        ("有门店吗", 2)
    ]
    assert bases.base(studio, base)["sources"][0]["hits"] == 1
    bases_found.learn(studio, base, "有门店吗？\n门店在哪", "在南京路 1 号。")
    assert bases_found.unanswered(studio, OWNER, base) == []
    with pytest.raises(BadSettings) as caught:
        bases_found.learn(studio, base, "在吗", " ")
    assert caught.value.field == "answer"


async def test_whoever_may_read_one_agent_sees_what_it_was_asked_in_vain_and_no_more(studio, base, asked):
    for id, agent in (("shop-1", "shop"), ("bank-1", "bank")):
        studio.control.save_publication(
            Publication(id=id, agent=agent, channel="wechat", version=1, created_at=0)
        )
        asked(base, f"{agent}在哪", fits=False, publication=id)
    reads = Permission.CONVERSATIONS_READ
    for agents, seen in (({"shop"}, ["shop在哪"]), ({"bank", "shop"}, ["bank在哪", "shop在哪"])):
        answer = await click(
            bound(studio, bases_found.unanswered),
            {"action": "unanswered", "args": {"base": base}},
            Actor("eve", frozenset(), {reads: frozenset(agents)}),
        )
        assert sorted(one["question"] for one in answer["value"]) == seen
    refused = await click(
        bound(studio, bases_found.unanswered),
        {"action": "unanswered", "args": {"base": base}},
        Actor("tom", frozenset({Permission.KNOWLEDGE_VIEW})),
    )
    assert refused["code"] == reads.id


@pytest.mark.parametrize(
    ("model", "cost"), [("offline", 0.0), ("none", 0.0), ("qwen/embed", 0.5), ("x/y", None)]
)
async def test_what_comparing_every_passage_costs_is_told_before(studio, base, model, cost):
    class Ranks:
        async def price(self, model, tokens):
            return 0.5 if model == "qwen/embed" and tokens > 0 else None

    studio.models.ranks = Ranks()
    read(studio, base, "退货要在七天内。")
    assert await bases_found.price(studio, base, model) == cost


async def test_a_page_is_shown_as_it_was_given_and_what_has_no_pages_is_not(studio, base):
    documents = CHECKOUT / "tests" / "runtime" / "knowledge" / "documents"
    pdf = (documents / "manual.pdf").read_bytes()
    for name, content in (("a.pdf", pdf), ("cut.pdf", pdf[: len(pdf) // 2]), ("b.txt", b"text")):
        bases.add(studio, file=io.BytesIO(content), base=base, name=name)
    seen = await bases.picture(studio, base, "a.pdf", 1)
    head, _, data = seen.partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(data).startswith(b"\xff\xd8\xff")
    for source, page in (
        ("a.pdf", 0),
        ("a.pdf", 9999),
        ("a.pdf", 10**12),
        ("cut.pdf", 1),
        ("b.txt", 1),
        ("../base.json", 1),
    ):
        assert await bases.picture(studio, base, source, page) is None, (source, page)
