"""litellm in its process: what it sees, whom it reaches, and what it gives back."""

import asyncio
import json
import sys
import zlib
from pathlib import Path

import psutil
import pytest
from models_world import GIVEN
from pydantic import SecretStr

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.models.completion import Request
from runtime.models.providers import PROVIDERS, Endpoint
from runtime.models.reading.unfinished import Unfinished
from runtime.models.targets import Target, resolve

KEY = "sk-very-secret-4711"
HELLO = [{"role": "user", "content": "你好"}]


def ask(litellm, llm, heard=None, seconds=50.0, model="deepseek/m"):
    unfinished = Unfinished(heard.append if heard is not None else None)
    return litellm.ask(Target("local/m", model, llm.url, KEY), Request("local/m", HELLO), unfinished, seconds)


async def test_whoever_asks_has_not_imported_it(litellm):
    async with FakeLLM() as llm:
        answers = await asyncio.gather(*(ask(litellm, llm) for _ in range(5)))
    assert [answer.text for answer in answers] == ["你好"] * 5
    assert len(llm.calls) == 5
    assert "litellm" not in sys.modules


class OneEndpoint:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def find(self, name):
        return self.endpoint


@pytest.fixture(params=[p.id for p in PROVIDERS.values() if p.via == "via_litellm" and p.speaks_openai])
def target(request):
    def at(llm):
        endpoint = Endpoint(
            name=request.param, provider=request.param, api_base=llm.url, api_key=SecretStr(KEY)
        )
        return resolve(f"{request.param}/m", OneEndpoint(endpoint), {})

    return at


async def test_an_endpoint_has_one_connection_whatever_is_left_of_a_turns_time(litellm, target):
    """litellm keeps a client for each timeout; what is left of a turn's time is never the same twice."""
    async with FakeLLM() as llm:
        for seconds in (30.1, 29.7, 12.3, 55.5):
            for heard in (None, []):
                unfinished = Unfinished(None if heard is None else heard.append)
                await litellm.ask(target(llm), Request("local/m", HELLO), unfinished, seconds)
        assert llm.connections == 1


async def test_a_try_is_one_request(litellm, target):
    """Who asked tries again, by one policy for all; litellm's own ways must not multiply that."""
    async with FakeLLM(Say("no", status=500)) as llm:
        for heard in (None, []):
            unfinished = Unfinished(None if heard is None else heard.append)
            with pytest.raises(ModelFailed):
                await litellm.ask(target(llm), Request("local/m", HELLO), unfinished, 30)
        assert len(llm.calls) == 2


async def test_its_environment_has_only_what_it_needs(litellm):
    await litellm.warm()
    seen = Path(f"/proc/{litellm.pid}/environ").read_text(encoding="utf-8")  # noqa: ASYNC240 # no disk
    assert "canary" not in seen
    assert GIVEN["MISTRAL_API_KEY"] in seen
    assert GIVEN["AWS_REGION_NAME"] in seen


async def test_its_log_reaches_ours_without_keys(litellm, caplog):
    async with FakeLLM() as llm:
        await ask(litellm, llm)
    (await litellm.child()).log_line(f"Authorization: {KEY} and {GIVEN['MISTRAL_API_KEY']}")
    assert caplog.messages[-1] == "Authorization: *** and ***"


async def test_an_answer_far_too_long_is_refused_before_it_costs_anything(litellm):
    async with FakeLLM(Say("x" * 9_000_000), Say("好")) as llm:
        with pytest.raises(ModelFailed):
            await ask(litellm, llm)
        assert (await ask(litellm, llm)).text == "好"


def packed(data, name="gzip"):
    opener = zlib.compressobj(1, wbits={"gzip": 31, "deflate": 15}[name])
    return Say(raw=opener.compress(data) + opener.flush(), headers={"content-encoding": name})


@pytest.mark.parametrize("name", ["gzip", "deflate"])
async def test_a_response_that_is_packed_all_the_same_is_read(litellm, name):
    choice = {"index": 0, "message": {"role": "assistant", "content": "好"}, "finish_reason": "stop"}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    async with FakeLLM(packed(json.dumps(whole).encode(), name)) as llm:
        assert (await ask(litellm, llm)).text == "好"
        assert llm.calls[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "bomb",
    [
        packed(b" " * 200_000_000),
        packed(b"{" + b" " * 100_000_000),
        Say(raw=b"x", headers={"content-encoding": "br"}),
    ],
    ids=["blanks", "an object of blanks", "a packing that was not asked for"],
)
async def test_what_opens_to_far_too_much_costs_nobody_else_anything(litellm, bomb):
    await litellm.warm()
    async with FakeLLM(bomb, Say("好")) as llm:
        before = psutil.Process(litellm.pid).cpu_times().user
        with pytest.raises(ModelFailed):
            await ask(litellm, llm)
        assert psutil.Process(litellm.pid).cpu_times().user - before < 1.5
        assert (await ask(litellm, llm)).text == "好"
