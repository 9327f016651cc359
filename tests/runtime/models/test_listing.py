"""Which models a server says it has, whatever it really sends."""

import pytest
from pydantic import SecretStr

from runtime.errors import ModelFailed
from runtime.models.listing import LARGEST, LONGEST, MOST, listed
from runtime.models.providers import PROVIDERS, Endpoint
from runtime.simulator.http import Response, Server

KEY = "sk-very-secret-4711"


async def asked(answer, provider="openai_compatible", path="/v1"):
    """What is listed, and the request that asked for it."""
    requests = []

    def respond(request):
        requests.append(request)
        return answer

    async with Server(respond) as server:
        endpoint = Endpoint(
            name="local", provider=provider, api_base=f"{server.url}{path}", api_key=SecretStr(KEY)
        )
        return await listed(endpoint, {}), requests[0]


def data(*names):
    return {"data": [{"id": name} for name in names]}


SHAPES = [
    ("as OpenAI does", data("a", "b", "a"), ["a", "b"]),
    ("as Gemini does", {"models": [{"name": "models/gemini-x", "displayName": "X"}]}, ["gemini-x"]),
    ("as Ollama does", {"models": [{"name": "qwen3:8b", "model": "qwen3:8b"}]}, ["qwen3:8b"]),
    ("a bare list", [{"id": "a"}, "b"], ["a", "b"]),
    ("wrapped", {"code": 0, "data": {"items": [{"id": "a"}]}}, ["a"]),
    ("nothing", {"data": []}, []),
    (
        "what can be no name",
        data("", " ", "a b", "x" * (LONGEST + 1), "http://evil/x", "/etc", "a\u0007", "ok"),
        ["ok"],
    ),
    ("other types", {"data": [None, 5, [], {}, {"id": 7}, {"id": "ok", "name": 1}]}, ["ok"]),
    ("very many", data(*map(str, range(5000))), [str(n) for n in range(MOST)]),
]
NO_LISTS = [
    ("a web page", Response(b"<html>log in</html>")),
    ("no list", Response.json({"object": "error"})),
    ("deep", Response(b"[" * 100_000)),
    ("half", Response(b'{"data": [{"id')),
    ("too large", Response(b" " * (LARGEST + 1))),
    ("a refusal that shows the key", Response.json({"error": {"message": f"bad {KEY}"}}, 401)),
    ("a redirect", Response(b"", 302, headers={"location": "http://127.0.0.1:1/models"})),
]


async def test_names_are_found_in_every_shape_and_only_what_can_be_one():
    for name, said, names in SHAPES:
        assert (await asked(Response.json(said)))[0] == names, name


async def test_what_is_no_list_is_told_and_shows_no_key():
    for name, answer in NO_LISTS:
        with pytest.raises(ModelFailed) as caught:
            await asked(answer)
        assert KEY not in str(caught.value), name


async def test_each_provider_is_asked_at_its_place_in_its_words():
    _, openai = await asked(Response.json(data("a")), "deepseek")
    _, claude = await asked(Response.json(data("a")), "anthropic", "")
    _, ollama = await asked(Response.json({"models": []}), "ollama", "")
    assert (openai.path, openai.headers["authorization"]) == ("/v1/models", f"Bearer {KEY}")
    assert (claude.path.split("?")[0], claude.headers["x-api-key"]) == ("/v1/models", KEY)
    assert ollama.path == "/api/tags"
    assert all(one.api_base or one.list_base or one.needs_base for one in PROVIDERS.values())
