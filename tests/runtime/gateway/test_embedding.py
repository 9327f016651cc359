"""Texts as numbers over OpenAI's API: by which model, in which form, and whose it counts as."""

import base64
import struct

import openai
import pytest
from open_world import ANSWERS, Comparing, opened

from runtime.access.key_caps import key_name
from runtime.access.keys import Keys


def looks(*bases, **limits):
    return {
        **ANSWERS,
        "flow": [{"type": "knowledge", "id": "docs", "bases": list(bases)}, *ANSWERS["flow"]],
        "limits": limits,
    }


def embeddings(w):
    client = openai.AsyncOpenAI(
        base_url="http://localhost/v1", api_key=w.key, http_client=w.http, max_retries=0
    )
    return client.embeddings


PAID, FREE = "openai/text-embedding-3-small", "offline"


@pytest.mark.parametrize(
    ("bases", "model", "first"),
    [
        ({"tea": PAID, "menu": FREE}, PAID, [0.5, -0.25, 0.0]),
        ({"tea": FREE, "menu": "none"}, FREE, [1.0, 0.0]),
    ],
    ids=["a provider's first", "what comes along"],
)
async def test_the_model_is_that_of_the_agents_bases(tmp_path, bases, model, first):
    comparing = Comparing(bases)
    async with opened(tmp_path, agent=looks(*bases), comparing=comparing) as w:
        plain = await embeddings(w).create(model="shop", input=["一", "二"], encoding_format="float")
        packed = await embeddings(w).create(model="shop", input="一")
        raw = await w.http.post(
            "/v1/embeddings", json={"model": "shop", "input": "一", "encoding_format": "base64"}
        )
    assert (plain.model, [one.index for one in plain.data]) == (model, [0, 1])
    assert plain.data[0].embedding == packed.data[0].embedding == first
    bits = base64.b64decode(raw.json()["data"][0]["embedding"])
    assert list(struct.unpack(f"<{len(first)}f", bits)) == first
    assert plain.usage.total_tokens > 0
    assert comparing.asked[0] == (model, ["一", "二"])


async def test_what_the_agent_keeps_from_models_is_kept_from_this_one(tmp_path):
    comparing = Comparing({"tea": PAID})
    agent = {**looks("tea"), "safety": {"masking": {"kinds": ["phone"]}}}
    async with opened(tmp_path, agent=agent, comparing=comparing) as w:
        await embeddings(w).create(model="shop", input=["电话 13812345678，谢谢", "一"])
    [(_, texts)] = comparing.asked
    assert texts == ["电话 电话号码，谢谢", "一"]


async def test_it_counts_for_the_key_and_the_agent_which_may_be_used_up(tmp_path):
    bases = {"tea": PAID}
    agent = looks("tea", all_money_per_day=0.9)
    async with opened(tmp_path, agent=agent, comparing=Comparing(bases)) as w:
        for _ in range(2):
            await embeddings(w).create(model="shop", input="一")
        took = (await w.gateway.spending.of_key(key_name(Keys(w.control).find(w.key)))).spent
        assert (took.messages, took.cost) == (2, 1.0)
        with pytest.raises(openai.RateLimitError):
            await embeddings(w).create(model="shop", input="一")


BAD = [
    ("no base", {}, {}, 404, "model"),
    ("a base by words alone", {"tea": "none"}, {}, 404, "model"),
    ("no text", {"tea": FREE}, {"input": []}, 400, "input"),
    ("an empty text", {"tea": FREE}, {"input": ["a", " "]}, 400, "input"),
    ("numbers of tokens", {"tea": FREE}, {"input": [[1, 2]]}, 400, "input"),
    ("too many", {"tea": FREE}, {"input": 257 * ["a"]}, 400, "input"),
    ("too long", {"tea": FREE}, {"input": "a" * 20_001}, 400, "input"),
    ("another size", {"tea": FREE}, {"dimensions": 512}, 400, "dimensions"),
    ("another form", {"tea": FREE}, {"encoding_format": "int8"}, 400, "encoding_format"),
    ("unheard of", {"tea": FREE}, {"truncate": True}, 400, "truncate"),
    ("another agent", {"tea": FREE}, {"model": "x"}, 404, "model"),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case[0])
async def test_what_cannot_be_done_is_refused_by_name(tmp_path, case):
    _, bases, more, status, param = case
    agent = looks(*bases) if bases else ANSWERS
    async with opened(tmp_path, agent=agent, comparing=Comparing(bases)) as w:
        response = await w.http.post("/v1/embeddings", json={"model": "shop", "input": "x", **more})
    assert (response.status_code, response.json()["error"]["param"]) == (status, param)
