import asyncio
import time

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from runtime.message import Message
from runtime.server.answer_page import AnswerPages
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.pages import LIFE
from script import agent

MARKDOWN = (
    "**龙井**\n\n<script>alert(1)</script>\n\n![x](https://evil.example/b.png)\n\n[y](javascript:alert(1))"
)


class Surfaces:
    def find(self, id):
        surface = type("Surface", (), {"agent": agent(name="<b>茶铺</b>")})
        return surface if id == "p" else None


class Gateway:
    def __init__(self, messages):
        self.messages = messages
        self.surfaces = Surfaces()


@pytest.fixture
def messages(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    yield messages
    messages.close()


@pytest.fixture
def client(messages):
    return TestClient(Starlette(routes=AnswerPages(Gateway(messages)).routes()))


def asked(messages, reply=None, age=0.0):
    """The secret of the page of a message so many seconds old."""
    at = time.time() - age

    async def work():
        accepted = await messages.accept("p", Message(f"m{age}", "u1", "什么茶？<img src=x>"), at)
        if reply:
            await messages.finish(accepted.seq, Outcome(reply, 1), [reply], at, "answered")
        return await messages.pages.secret(accepted.seq)

    return asyncio.run(work())


def test_it_waits_until_the_answer_is_there(messages, client):
    secret = asked(messages)
    assert "正在想" in client.get(f"/r/{secret}").text
    assert client.get(f"/r/{secret}/answer").status_code == 204


def test_a_page_ends_a_week_after_its_answer(messages, client):
    for age, status in ((LIFE - 60, 200), (LIFE + 60, 404)):
        secret = asked(messages, "龙井", age)
        assert [client.get(f"/r/{secret}{path}").status_code for path in ("", "/answer")] == [status] * 2


def test_it_shows_question_and_answer(messages, client):
    page = client.get(f"/r/{asked(messages, '**龙井**')}").text
    assert "什么茶？" in page
    assert "<strong>龙井</strong>" in page
    assert "AI 生成" in page


def test_whatever_people_and_models_write_is_inert(messages, client):
    secret = asked(messages, MARKDOWN)
    page = client.get(f"/r/{secret}").text.partition("<script nonce")[0]
    assert "<script>" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "&lt;b&gt;茶铺" in page


def test_a_long_answer_is_there_whole(messages, client):
    page = client.get(f"/r/{asked(messages, '**长** <b>' * 4000)}").text
    assert page.count("**长** &lt;b&gt;") == 4000


def test_nothing_else_may_be_loaded_and_nothing_is_cached(messages, client):
    response = client.get(f"/r/{asked(messages, '好')}")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


def test_seeing_it_is_delivery(messages, client):
    secret = asked(messages, "好")
    assert client.post(f"/r/{secret}/seen").status_code == 204
    assert asyncio.run(messages.parts.waiting("p", "u1")) == []


def test_a_guess_finds_nothing_and_changes_nothing(messages, client):
    secret = asked(messages, "好")
    for guess in ("guess", secret[:-1], f"{secret}x", secret.swapcase(), "%25", "1"):
        assert client.get(f"/r/{guess}").status_code == 404
        assert client.get(f"/r/{guess}/answer").status_code == 404
        assert client.post(f"/r/{guess}/seen").status_code == 204
    assert len(asyncio.run(messages.parts.waiting("p", "u1"))) == 1
    assert client.get(f"/r/{secret}").status_code == 200


def test_the_page_of_a_publication_that_is_gone_is_gone(messages, client):
    secret = asked(messages, "好")
    messages.database._connection.execute("update messages set publication='gone'")
    gone = client.get(f"/r/{secret}", headers={"accept-language": "en"})
    assert gone.status_code == 404
    assert '<html lang="en"' in gone.text
    assert "no longer available" in gone.text
    assert gone.headers["referrer-policy"] == "no-referrer"
