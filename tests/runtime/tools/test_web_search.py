"""The web, by an engine of the owner's choice."""

import pytest

from runtime.engine import run
from runtime.errors import ToolFailed
from runtime.network.addresses import Addresses
from runtime.templating.prompts import Prompts
from runtime.tools import Power
from runtime.tools.web_search import TOOL
from runtime.turn.turn import Services
from script import Script, agent, calls, says, wrote
from tool_fakes import KEY, PAGES, Keys, env, search_engines

OWN = "https://search.shop.example:8080"
ENGINES = {
    "bocha": {}, "baidu": {}, "tavily": {}, "searxng": {"address": OWN + "/"},
}  # fmt: skip


def made(engine, **more):
    return TOOL(type="web_search", engine=engine, **ENGINES[engine], **more)


@pytest.mark.parametrize("by", ENGINES)
async def test_what_was_found_has_title_address_text_and_date(by):
    web, keys = search_engines(), Keys()
    found = await made(by).call({"query": "春茶 价格", "period": "month"}, env(web, keys))
    dated = by != "tavily"
    assert found["results"] == [
        {"title": t, "url": url, "text": s, **({"date": d} if dated else {})} for t, url, s, d in PAGES
    ]
    [asked] = web.asked
    assert asked.reach.hosts == (asked.host.split(":")[0],)
    assert (asked.reach.chosen, asked.reach.tool) == ("owner", "web_search")
    assert keys.sent_to == ([] if by == "searxng" else [(by, asked.host)])


@pytest.mark.parametrize("by", ENGINES)
async def test_only_the_owners_sites_come_back_whatever_the_engine_finds(by):
    web = search_engines()
    found = await made(by, sites=["tea.example.com"]).call({"query": "茶"}, env(web))
    assert [one["url"] for one in found["results"]] == [PAGES[0][1]]
    assert "tea.example.com" in f"{web.asked[0].body} {web.asked[0].query}"
    none = await made(by, sites=["*.gov.cn"]).call({"query": "茶"}, env(web))
    assert none["results"] == []
    assert "do not guess" in none["note"]


@pytest.mark.parametrize("by", ["bocha", "baidu", "tavily"])
async def test_a_refused_key_is_told_without_the_key(by):
    web = search_engines()
    for key in web.routes:
        web.routes[key] = lambda a: (401, {"message": f"bad key {a.headers['Authorization']}"})
    with pytest.raises(ToolFailed) as caught:
        await made(by).call({"query": "x"}, env(web))
    assert "401" in caught.value.text.en
    assert KEY not in str(caught.value)


async def test_a_failure_inside_a_good_answer_is_told():
    web = search_engines()
    for key in web.routes:
        web.routes[key] = lambda a: (200, {"code": "403", "message": "You do not have enough money"})
    with pytest.raises(ToolFailed, match="enough money"):
        await made("bocha").call({"query": "x"}, env(web))


async def test_what_a_search_found_may_be_opened_and_nothing_else():
    web = search_engines()
    model = Script([calls(("web_search", {"query": "茶"})), says("好")])
    prompt = {"text": "x"}
    composed = agent({"type": "model", "id": "m", "prompt": prompt, "tools": [made("tavily").model_dump()]})
    given = []
    read = Addresses.read
    services = Services(model, Prompts([]), web, secrets=Keys())
    try:
        Addresses.read = lambda self, *texts: (given.append(self), read(self, *texts))[1]
        async for _ in run(composed, wrote(), [], services):
            pass
    finally:
        Addresses.read = read
    assert PAGES[0][1] in given[-1]
    assert "https://evil.example/" not in given[-1]


def test_what_costs_is_marked_and_what_lacks_an_address_is_told():
    assert made("bocha").powers == {Power.READS, Power.SPENDS}
    assert made("searxng").powers == {Power.READS}
    assert made("bocha").secrets() == {"bocha": "api.bochaai.com"}
    assert made("bocha", secret="other").secrets() == {"other": "api.bochaai.com"}
    assert [one.field for one in TOOL(type="web_search", engine="searxng").check({}, ())] == ["address"]
    private = TOOL(type="web_search", engine="searxng", address="http://10.0.0.5:8080")
    assert [one.field for one in private.check({}, ())] == ["address"]
    assert list(private.check({}, ["web_search=10.0.0.5:8080"])) == []
