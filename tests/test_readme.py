"""The README's examples run, and its two languages show the same code."""

import hmac
import re
import types
from pathlib import Path

import pytest

from runtime.channels import WebRequest
from runtime.errors import Refused
from runtime.tools import Env
from script import NoHttp, agent, play

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.en.md"]


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.S)


def example(number):
    module = types.ModuleType("example")
    exec(blocks(READMES[0], "python")[number], module.__dict__)  # our own README
    return module


def test_both_languages_show_the_same_code():
    first, second = (blocks(path, "python") for path in READMES)
    assert first == second
    assert len(first) == 3


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_every_file_that_is_linked_exists(path):
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_every_setting_is_documented_and_every_documented_one_exists(path):
    sources = [*ROOT.glob("*.py"), *(ROOT / "runtime").rglob("*.py")]
    known = {
        name for source in sources for name in re.findall(r"HONGYAN_[A-Z_]*[A-Z]", source.read_text("utf-8"))
    }
    told = set(re.findall(r"HONGYAN_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
    assert told == known - {"HONGYAN_CRASH_AT"} | {"HONGYAN_WECOM_API"}


async def test_the_tool_runs():
    dice = example(0).TOOL(type="dice")
    env = Env(http=NoHttp(), now=None, values={})
    assert 1 <= await dice.call({"sides": 6}, env) <= 6
    assert dice.spec()["function"]["parameters"]["properties"]["sides"]["type"] == "integer"


async def test_the_block_runs(monkeypatch):
    from runtime import blocks as known

    monkeypatch.setitem(known.registry(), "shout", example(1).BLOCK)
    shout = {"type": "shout", "id": "loud", "text": "ok"}
    say = {"type": "reply", "id": "say", "text": "{{ loud.text }}"}
    assert (await play(agent(shout, say)))[-1].text == "OK"


def test_the_channel_receives():
    module = example(2)
    secret, query, body = "0123456789abcdef", {"id": "1", "from": "u"}, "你好".encode()
    channel = module.CHANNEL(module.Settings(secret=secret))
    proof = hmac.digest(secret.encode(), b"1\nu\n" + body, "sha256").hex()
    [message] = channel.receive(WebRequest("POST", query, body, {"x-signature": proof}), 0).messages
    assert (message.sender, message.text) == ("u", "你好")
    with pytest.raises(Refused):
        channel.receive(WebRequest("POST", query | {"from": "v"}, body, {"x-signature": proof}), 0)
