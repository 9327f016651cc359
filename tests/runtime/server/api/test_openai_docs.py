"""The examples of the pages about OpenAI's API, A2A and AG-UI run as they stand there, in both languages."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import openai
import pytest
from starlette.testclient import TestClient

import visitors
from runtime.message import Message
from runtime.store.messages.one_answer import OneAnswer
from runtime.turn.events import Replied, Waited

DOCS = Path(__file__).parents[4] / "docs"
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)
PAGES = [DOCS / lang / name for name in ("openai-api.md", "agents-api.md") for lang in ("en", "zh")]
EXAMPLES = [
    pytest.param(code, id=f"{page.stem}-{page.parent.name}-{place}")
    for page in PAGES
    for place, code in enumerate(EXAMPLE.findall(page.read_text(encoding="utf-8")))
]


@dataclass
class Asked(visitors.FakeGateway):
    """Calls a tool that it is told of, keeps to a form, and remembers what was said."""

    kept: dict = field(default_factory=dict)

    async def stream(self, publication, message, **more):
        self.asked.append((publication, message))
        self.kept[message.sender, message.id] = message
        wishes = message.wishes
        if "tools" in wishes and "results" not in wishes:
            call = {"id": f"{wishes['calls']}0000", "name": "get_weather", "arguments": '{"town": "Paris"}'}
            yield Waited("", 1, finish="tool_calls", wait="results", data={"calls": [call]})
        else:
            yield Replied('{"dish": "tea", "count": 2}', 1)

    async def find(self, publication, sender, key):
        message: Message | None = self.kept.get((sender, key))
        return message and OneAnswer(1, message, "delivered", "ok", "", 1.0, 1, 1, "stop", None)

    async def forget(self, publication, sender, key, now):
        return self.kept.pop((sender, key), None) is not None


def test_there_are_as_many_as_the_pages_promise():
    assert len(EXAMPLES) == 2 * (4 + 2)


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_example_runs(tmp_path, monkeypatch, capsys, code):
    house = visitors.build(tmp_path, Asked())
    key = house.key()
    client = openai.OpenAI

    http = TestClient(house.app, base_url="http://localhost")

    def asked(send):
        def work(*given, headers, json):
            *method, url = given
            assert headers == {"Authorization": "Bearer hy-…"}
            path = url.removeprefix("https://agents.example.com")
            return send(*method, path, headers={"Authorization": f"Bearer {key}"}, json=json)

        return work

    def ours(base_url, api_key):
        assert (base_url.startswith("https://"), base_url.endswith("/v1"), api_key) == (True, True, "hy-…")
        return client(base_url="http://localhost/v1", api_key=key, http_client=http, max_retries=0)

    monkeypatch.setattr(openai, "OpenAI", ours)
    monkeypatch.setattr(httpx, "post", asked(http.post))
    monkeypatch.setattr(httpx, "stream", asked(http.stream))
    exec(code, {"__name__": "example"})
    assert house.gateway.asked
    assert capsys.readouterr().out.strip()
