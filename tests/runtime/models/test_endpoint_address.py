"""Addresses and keys as people paste them."""

import pytest
from pydantic import SecretStr

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed, Wrong
from runtime.models.completion import Request
from runtime.models.endpoint_address import checked_key, repaired
from runtime.models.providers import Endpoint
from runtime.models.routed import RoutedModels

KEY = "sk-canary-4711"
REPAIRED = [
    ("https://api.example.com/v1", "https://api.example.com/v1"),
    (" https://api.example.com/v1/ \n", "https://api.example.com/v1"),
    ('"https://api.example.com/v1"', "https://api.example.com/v1"),
    ("https：／／api.example.com／v1", "https://api.example.com/v1"),
    ("api.example.com/v1", "https://api.example.com/v1"),
    ("api.example.com:8443/v1", "https://api.example.com:8443/v1"),
    ("127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
    ("localhost:11434", "http://localhost:11434"),
    ("192.168.1.5:8000", "http://192.168.1.5:8000"),
    ("vllm:8000/v1", "http://vllm:8000/v1"),
    ("[::1]:8000/v1", "http://[::1]:8000/v1"),
    ("8.8.8.8/v1", "https://8.8.8.8/v1"),
    ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1"),
    ("https://api.example.com/v1/chat/completions/", "https://api.example.com/v1"),
    ("https://api.example.com//v1//models", "https://api.example.com/v1"),
    ("https://api.example.com/v1/embeddings", "https://api.example.com/v1"),
    ("https://open.bigmodel.cn/api/paas/v4/chat/completions", "https://open.bigmodel.cn/api/paas/v4"),
    ("https://ark.cn-beijing.volces.com/api/v3", "https://ark.cn-beijing.volces.com/api/v3"),
    ("https://relay.example.com/api", "https://relay.example.com/api"),
    ("", ""),
]


@pytest.mark.parametrize(("pasted", "meant"), REPAIRED, ids=[repr(pasted) for pasted, _ in REPAIRED])
def test_an_address_is_repaired_where_one_thing_only_is_meant(pasted, meant):
    assert repaired(pasted) == meant


OWN = [
    ("anthropic", "https://relay.example.com/v1/messages", "https://relay.example.com"),
    ("anthropic", "https://relay.example.com/v1", "https://relay.example.com"),
    ("ollama", "http://127.0.0.1:11434/api/chat", "http://127.0.0.1:11434"),
    ("ollama", "127.0.0.1:11434/v1", "http://127.0.0.1:11434"),
    ("ollama", "http://127.0.0.1:11434/api", "http://127.0.0.1:11434"),
]


@pytest.mark.parametrize(("provider", "pasted", "meant"), OWN, ids=[f"{p} {a}" for p, a, _ in OWN])
def test_what_litellm_adds_itself_is_taken_off(provider, pasted, meant):
    assert Endpoint(name="x", provider=provider, api_base=pasted).api_base == meant


WRONG = ["https://", "http://x y", "ftp://x", "https://user:pw@x/v1", "https://x/v1?k=1", "https://x#a",
         "https://x:99999", "https://x\n/v1", "https:///v1", "http://[::1"]  # fmt: skip


@pytest.mark.parametrize("address", WRONG)
def test_an_address_that_means_nothing_is_refused_in_both_languages(address):
    with pytest.raises(Wrong) as caught:
        repaired(address)
    assert all(caught.value.text.to(lang) for lang in ("zh", "en"))


KEYS = [
    ("sk-1\n", "sk-1"),
    ("  sk-1\t", "sk-1"),
    ("Bearer sk-1", "sk-1"),
    ("\u200bsk-1\u200b", "sk-1"),
    ("", ""),
]


@pytest.mark.parametrize(("pasted", "meant"), KEYS, ids=[repr(pasted) for pasted, _ in KEYS])
def test_a_key_is_taken_without_what_was_copied_along(pasted, meant):
    assert checked_key(pasted) == meant


@pytest.mark.parametrize("key", ["sk-1\nsk-2", "sk 1", "ｓｋ-1", "密钥", "sk-\x001"], ids=repr)
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(ValueError, match=r".+"):
        checked_key(key)


class One:
    def __init__(self, base, provider="openai_compatible"):
        self.endpoint = Endpoint(name="local", provider=provider, api_base=base, api_key=SecretStr(KEY))

    def find(self, name):
        return self.endpoint

    def endpoints(self):
        return [self.endpoint]

    def default_model(self):
        return ""


async def asked(base, times=1):
    models = RoutedModels(One(base), {})
    try:
        question = Request("local/m", [{"role": "user", "content": "你好"}], seconds=10)
        return [(await models.complete(question)).text for _ in range(times)]
    finally:
        await models.close()


class Picky(FakeLLM):
    """Answers under one path; elsewhere it says what the test wants."""

    def __init__(self, path, elsewhere):
        super().__init__(Say("对了"))
        self.path, self.elsewhere = path, elsewhere

    async def _respond(self, say, call, reader, writer):
        right = call.path == f"{self.path}/chat/completions"
        return await super()._respond(say if right else self.elsewhere, call, reader, writer)

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"


PAGE = Say(raw=b"<!doctype html><title>New API</title>", headers={"content-type": "text/html"})


@pytest.mark.parametrize("elsewhere", [Say("no", status=404), PAGE], ids=["404", "a web page"])
async def test_an_address_without_v1_is_found_once_and_then_known(elsewhere):
    async with Picky("/v1", elsewhere) as llm:
        assert await asked(llm.base, times=3) == ["对了"] * 3
    paths = [call.path for call in llm.calls]
    assert paths == ["/chat/completions"] + ["/v1/chat/completions"] * 3


async def test_a_server_that_really_answers_404_is_asked_twice_once():
    async with Picky("/nowhere", Say("no such model", status=404)) as llm:
        for _ in range(2):
            with pytest.raises(ModelFailed) as caught:
                await asked(llm.base)
        assert caught.value.code == "not_found"
        assert len(llm.calls) == 4


async def test_a_redirect_on_the_same_host_is_followed_and_known():
    async with Picky("/new/v1", Say("", status=308, headers={"location": "/new/v1/chat/completions"})) as llm:
        llm.elsewhere.headers["location"] = f"{llm.base}/new/v1/chat/completions"
        assert await asked(f"{llm.base}/v1", times=2) == ["对了"] * 2
    assert len(llm.calls) == 3


async def test_the_key_never_follows_a_redirect_to_another_host_and_the_place_is_told():
    async with Picky("/x", Say("", status=308, headers={"location": "https://evil.example/v1"})) as llm:
        with pytest.raises(ModelFailed) as caught:
            await asked(f"{llm.base}/v1")
    assert "https://evil.example/v1" in caught.value.text.zh
    assert caught.value.code == "not_found"
    assert len(llm.calls) == 1


async def test_the_test_button_finds_it_too():
    async with Picky("/v1", PAGE) as llm:
        models = RoutedModels(One(llm.base), {})
        assert "It works" in (await models.check(One(llm.base).endpoint, "m")).en
        await models.close()
    assert all(call.body["stream"] for call in llm.calls)
