"""A picture reaches every model's server in the form that it takes, and nobody but us fetches it."""

import base64
import json

import pytest
from pydantic import SecretStr

from fake_llm import FakeLLM, Say
from runtime.errors import ModelFailed
from runtime.models.completion import Request
from runtime.models.pictures import LOST, Pictures
from runtime.models.providers import PROVIDERS, Endpoint
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.network.fetched import Fetched

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
IN_TEXT = base64.b64encode(PNG).decode()
URL = "https://pictures.example.com/a.png"


class Web:
    """The way out, with one picture behind it."""

    def __init__(self, body=PNG, status=200, *, cut=False):
        self.page = Fetched(URL, status, "text/html", "", body, cut)
        self.asked = []

    async def fetch(self, method, url, **limits):
        self.asked.append(url)
        return self.page


def question(url=URL):
    parts = [{"type": "text", "text": "这是什么"}, {"type": "image_url", "image_url": {"url": url}}]
    return [{"role": "user", "content": parts}]


class SetUp:
    def __init__(self, provider, base):
        self.endpoint = Endpoint(name="x", provider=provider, api_base=base, api_key=SecretStr("k"))

    def find(self, name):
        return self.endpoint

    def default_model(self):
        return ""

    def endpoints(self):
        return [self.endpoint]


@pytest.mark.parametrize("provider", [p.id for p in PROVIDERS.values() if p.id != "demo"])
async def test_a_picture_reaches_every_provider(litellm, provider):
    web = Web()
    async with FakeLLM(Say("一张图")) as llm:
        models = RoutedModels(SetUp(provider, llm.url), {}, shared={"via_litellm": litellm}, http=web)
        await models.warm()
        try:
            await models.complete(Request("x/m", question(), seconds=40))
        except ModelFailed:
            pass  # some of them answer in forms of their own; it is what they are sent that counts here
        finally:
            await models.close()
    sent = json.dumps(llm.calls[0].body)
    inline = not PROVIDERS[provider].fetches_pictures
    assert (IN_TEXT if inline else URL) in sent
    assert URL not in sent if inline else web.asked == []


async def test_ollama_gets_base64_and_nothing_before_it(litellm):
    async with FakeLLM(Say("一张图")) as llm:
        models = RoutedModels(SetUp("ollama", llm.url), {}, shared={"via_litellm": litellm}, http=Web())
        with pytest.raises(ModelFailed):
            await models.complete(Request("x/m", question(), seconds=10))
        await models.close()
    assert llm.calls[0].path == "/api/chat"
    assert llm.calls[0].body["messages"][0]["images"] == [IN_TEXT]


async def test_a_picture_is_fetched_once_for_all_rounds():
    web = Web()
    pictures = Pictures(web)
    for _ in range(3):
        await pictures.inlined(question())
    assert web.asked == [URL]


LOST_ONES = [Web(status=404), Web(b"<html>"), Web(cut=True), Web(b""), None]


@pytest.mark.parametrize("web", LOST_ONES, ids=["404", "no picture", "too large", "empty", "no way out"])
async def test_a_picture_that_cannot_be_opened_is_told_in_words(web):
    said = await Pictures(web).inlined(question())
    assert said[0]["content"][1] == {"type": "text", "text": LOST}


async def test_a_private_address_is_never_fetched():
    egress = Egress()
    said = await Pictures(egress).inlined(question("http://127.0.0.1:1/secret.png"))
    await egress.close()
    assert said[0]["content"][1]["text"] == LOST


async def test_what_is_in_the_message_already_is_left_as_it_is():
    inline = question(f"data:image/png;base64,{IN_TEXT}")
    assert await Pictures(None).inlined(inline) == inline


async def kept(hash):
    return PNG if hash == "a" * 64 else None


async def test_a_kept_picture_is_in_the_message_for_every_server_and_a_lost_one_is_told():
    """Its address means nothing to anybody else, so also a server that fetches pictures is sent the bytes."""
    pictures = Pictures(Web(), kept)
    both = question(f"kept:{'a' * 64}") + question("kept:../../secret") + question()
    said = await pictures.inlined(both, all=False)
    assert said[0]["content"][1]["image_url"]["url"] == f"data:image/png;base64,{IN_TEXT}"
    assert said[1]["content"][1] == {"type": "text", "text": LOST}
    assert said[2] == both[2]
