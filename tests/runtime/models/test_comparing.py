"""Texts become numbers, or are put in order, by a provider's model: in their order, bounded, priced."""

import json
import struct

import pytest
from models_world import SetUp, endpoint
from test_hearing import KEY, Listener

from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.adapters import AdapterForComparing
from runtime.models.keyring import Keyring
from runtime.models.ranks import Embedded
from runtime.models.routed_ranks import RoutedRanks
from runtime.models.targets import Target
from runtime.simulator.http import Response, Server

pytestmark = pytest.mark.timeout(240)
"""The first one waits until litellm is loaded."""

SMALL = "openai/text-embedding-3-small"


def vectors(*rows):
    data = [{"object": "embedding", "index": i, "embedding": row} for i, row in rows]
    usage = {"prompt_tokens": 12, "total_tokens": 12}
    return Response.json({"object": "list", "data": data, "model": "m", "usage": usage})


def ranks(*results):
    return Response.json(
        {"id": "1", "results": [{"index": i, "relevance_score": score} for i, score in results]}
    )


async def asked(litellm, response, work, model):
    listener = Listener(response)
    async with Server(listener) as server:
        made = await work(Target("x/m", model, server.url, KEY))
        return made, [json.loads(one.body) for one in listener.asked]


async def test_texts_become_vectors_of_length_1_in_their_order_and_are_paid(litellm):
    made, [body] = await asked(
        litellm,
        vectors((1, [0, 2.0]), (0, [3.0, 4.0])),
        lambda target: litellm.embed(target, ["甲", "乙"], 30),
        SMALL,
    )
    assert body["input"] == ["甲", "乙"]
    assert [struct.unpack("2e", one) for one in made.vectors] == [pytest.approx((0.6, 0.8), abs=1e-3), (0, 1)]
    assert made.cost == pytest.approx(12 * 2e-8)
    assert await litellm.price(Target("x/m", SMALL), 1_000_000) == pytest.approx(0.02)
    assert await litellm.price(Target("x/m", "openai/nobody-knows"), 1_000_000) is None


async def test_vectors_without_numbers_come_in_the_texts_order(litellm):
    rows = [{"object": "embedding", "embedding": row} for row in ([0, 2.0], [3.0, 4.0])]
    for index in ({}, {"index": None}, {"index": 0}):
        data = [{**row, **index} for row in rows]
        made, _ = await asked(
            litellm,
            Response.json({"object": "list", "data": data, "model": "m"}),
            lambda target: litellm.embed(target, ["甲", "乙"], 30),
            SMALL,
        )
        assert [struct.unpack("2e", one) for one in made.vectors] == [
            (0, 1),
            pytest.approx((0.6, 0.8), abs=1e-3),
        ]


async def test_texts_are_put_in_the_order_of_their_relevance(litellm):
    made, [body] = await asked(
        litellm,
        ranks((2, 0.9), (0, 0.2), (1, 1.7)),
        lambda target: litellm.rerank(target, "问", ["甲", "乙", "丙"], 30),
        "jina_ai/jina-reranker-v2",
    )
    assert (body["query"], len(body["documents"])) == ("问", 3)
    assert made.order == [(1, 1.0), (2, 0.9), (0, 0.2)]


HOSTILE = {
    "fewer": vectors((0, [1.0])),
    "no numbers": vectors((0, ["a"]), (1, [1.0])),
    "all zero": vectors((0, [0.0]), (1, [0.0])),
    "of other lengths": vectors((0, [1.0]), (1, [1.0, 2.0])),
    "nothing": Response.json({}),
    "a refusal that shows the key": Response.json({"error": {"message": f"bad {KEY}"}}, 401),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_vector_is_told_and_shows_no_key(litellm, name):
    with pytest.raises(ModelFailed) as failed:
        await asked(litellm, HOSTILE[name], lambda target: litellm.embed(target, ["甲", "乙"], 30), SMALL)
    assert KEY not in str(failed.value)


async def test_an_own_endpoint_is_asked_in_the_common_dialects_and_what_passes_is_tried_again():
    asked, rests = [], []

    class Way(AdapterForComparing):
        def __init__(self, environment):
            pass

        async def ask(self, *_):
            raise AssertionError

        async def embed(self, target, texts, seconds):
            asked.append(target.model)
            if len(asked) < 3:
                raise ModelFailed(Text("忙", "busy"), code="server", retryable=True)
            return Embedded([b""] * len(texts), 1.0)

        async def rerank(self, target, query, texts, seconds):
            asked.append(target.model)
            raise ModelFailed(Text("不", "no"), code="auth")

        async def price(self, target, tokens):
            return 1.0

    async def rest(seconds):
        rests.append(seconds)

    owned = SetUp(endpoint("mine", "https://own.example/v1"))
    models = RoutedRanks(owned, {}, Way({}), Keyring(float), rest)
    assert (await models.embed("mine/bge-m3", ["甲"], 30)).cost is None, "litellm's list is of others' prices"
    with pytest.raises(ModelFailed, match="no"):
        await models.rerank("mine/bge-reranker", "问", ["甲"], 30)
    assert asked == ["openai/bge-m3"] * 3 + ["jina_ai/bge-reranker"]
    assert len(rests) == 2
    assert await models.price("mine/bge-m3", 10) is None
    with pytest.raises(ModelFailed):
        await models.embed("demo", ["甲"], 30)
