"""Search over everything: found by the words, opened where it is, told only to whoever may see it."""

import asyncio
import io
import json
import re
import sqlite3
from types import SimpleNamespace

import pytest
from builder_world import add
from insights_world import World

from builder.actions import bases as bases_actions
from builder.actions import bound, click, manual
from builder.actions.everything import MOST, find, find_said
from builder.serving.manual_pages import drawn
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.models.providers import Endpoint
from runtime.settings import Settings
from runtime.store.control.records import Publication

KEY = "sk-canary000000000000000000000000"
PUBLISHED = "agent=returns&publication=returns-1"
FLOW = [
    {"type": "model", "id": "answer", "title": "回答退货", "prompt": {"text": f"退货要七天内 {KEY}"}},
    {
        "type": "branch",
        "id": "wish",
        "cases": [
            {"title": "要发票", "when": "true", "flow": [{"type": "reply", "id": "bill", "text": "税号"}]}
        ],
    },
]
READER = Actor("reader", [Permission.AGENTS_VIEW])


@pytest.fixture
def full(studio):
    """Something of each kind, and of agents more than are shown."""
    add(studio, *FLOW, id="returns", name="退货台", description="退换货")
    for number in range(MOST + 3):
        add(studio, id=f"many-{number}", name=f"多 {number}")
    base = bases_actions.create(studio, "售后手册")["id"]
    bases_actions.add(studio, file=io.BytesIO("七天".encode()), base=base, name="退货规定.txt")
    studio.control.save_endpoint(Endpoint(name="ds", provider="deepseek", api_key=KEY))
    studio.control.save_publication(
        Publication(id="returns-1", agent="returns", channel="wechat", version=1, created_at=0)
    )
    messages = World(studio.settings.data)
    seq = messages.message(sender="o-1", text="我要退货 50%")
    with sqlite3.connect(messages.path) as db:
        db.execute("insert into profiles values('shop-1', 'o-1', '', '王小明', 'zh', 1)")
    return studio, seq


def found(studio, text, who=OWNER, lang="zh"):
    hits = find(studio, who, text, lang)
    return {(hit["kind"], hit["title"]["zh"], hit["to"]) for hit in hits}


@pytest.mark.parametrize(
    ("text", "kind", "title", "to"),
    [
        ("退货台", "agents", "退货台", "build?agent=returns"),
        ("RETURNS", "agents", "退货台", "build?agent=returns"),
        ("回答 退货台", "blocks", "回答退货", "build?agent=returns&at=flow.0"),
        ("税号", "blocks", "回复", "build?agent=returns&at=flow.1.cases.0.flow.0"),
        ("售后", "bases", "售后手册", "bases?base=base"),
        ("退货规定", "sources", "退货规定.txt", "bases?base=base"),
        ("ds", "models", "ds", "models"),
        ("退货台 公众号", "publications", "退货台 · 微信公众号", f"publish?{PUBLISHED}"),
    ],
)
def test_each_kind_is_found_by_its_words_and_opened_where_it_is(full, text, kind, title, to):
    assert (kind, title, to) in found(full[0], text)


def test_the_best_comes_first_a_few_of_each_kind_and_nothing_for_nothing(full):
    hits = [hit for hit in find(full[0], OWNER, "多", "zh") if hit["kind"] == "agents"]
    assert len(hits) == MOST
    assert {hit["rank"] for hit in hits} == {0}
    assert find(full[0], OWNER, "  ", "zh") == []
    assert find(full[0], OWNER, "没有人这样写", "zh") == []


def test_a_key_that_somebody_pasted_is_searched_and_never_told(full):
    studio, _ = full
    hits = find(studio, OWNER, KEY, "zh")
    assert [hit["title"]["zh"] for hit in hits] == ["回答退货"]
    assert "canary" not in json.dumps(hits)
    assert found(studio, "deepseek") == set() or "canary" not in json.dumps(find(studio, OWNER, "ds", "zh"))


def test_whoever_may_not_see_a_kind_is_told_nothing_of_it(full):
    studio, _ = full
    kinds = {kind for text in ("退货", "ds", "售后") for kind, *_ in found(studio, text, READER)}
    assert kinds & {"bases", "sources", "models"} == set()
    assert "agents" in kinds
    asked = {"action": "find_said", "args": {"text": "退货"}}
    said = asyncio.run(click(bound(studio, find_said), asked, READER))
    assert (said["ok"], said["code"]) == (False, "conversations.read")


def test_people_are_found_by_name_and_conversations_by_what_was_written(full):
    studio, seq = full
    to = f"insights/conversation?id={seq}"
    assert [(hit["kind"], hit["title"]["en"], hit["to"]) for hit in find_said(studio, OWNER, "小明")] == [
        ("people", "王小明", to)
    ]
    for text in ("退货", "50%"):
        assert [(hit["kind"], hit["to"]) for hit in find_said(studio, OWNER, text)] == [("conversations", to)]
    assert find_said(studio, OWNER, "%") == find_said(studio, OWNER, "50%"), (
        "a sign of SQL is a sign like others"
    )
    assert find_said(studio, OWNER, "_小") == []
    new = SimpleNamespace(settings=Settings(home=studio.settings.home / "new"), control=studio.control)
    assert find_said(new, OWNER, "退") == []
    assert "o-1" not in json.dumps(find_said(studio, OWNER, "退货")), "who wrote has no name there"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_the_manual_is_drawn_and_each_section_leads_to_its_place(studio, lang):
    sections = manual.sections(lang)
    assert {one.name for one in sections} == {file.stem for file in (manual.FOLDER / lang).glob("*.md")}
    for name, title in manual.pages(lang):
        page = drawn(name, lang)
        assert not re.search(r"<th[^>]*></th>", page)  # a header that says nothing is none
        ids = set(re.findall(r'<h\d id="([^"]+)"', page))
        assert {one.anchor for one in sections if one.name == name} == ids
        links = set(re.findall(r'href="([^"]*)"', page.partition("<main")[2]))
        names = {one for one, _ in manual.pages(lang)}
        assert {to for to in links if to not in names and not re.match(r"https?://|#", to)} == set(), title
    hits = [
        hit for hit in find(studio, OWNER, {"zh": "退避", "en": "Redis"}[lang], lang) if hit["kind"] == "docs"
    ]
    assert all(hit["to"].startswith("manual/") for hit in hits)
    assert drawn("../settings", lang) is None
    assert drawn("settings", "eo") == drawn("settings", "eo") is not None
