"""What the documents show runs, their links lead somewhere, and both languages show the same code."""

import hmac
import re
import types
from pathlib import Path

import pytest

from runtime.blocks import registry as known_blocks
from runtime.channels import WebRequest
from runtime.errors import Refused
from runtime.message import Exchange
from runtime.models.providers import Endpoint
from runtime.tools import Env
from script import NoHttp, agent, play

ROOT = Path(__file__).parents[1]
PAIRS = [
    ("README.md", "README.en.md"),
    ("CONTRIBUTING.md", "CONTRIBUTING.en.md"),
    *(
        (f"docs/zh/{page.name}", f"docs/en/{page.name}")
        for page in sorted((ROOT / "docs" / "zh").glob("*.md"))
    ),
]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SAMPLES = ROOT / "CONTRIBUTING.md"


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.S)


def example(number):
    module = types.ModuleType("example")
    exec(blocks(SAMPLES, "python")[number], module.__dict__)  # our own document
    return module


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda name: name)
def test_both_languages_show_the_same_code(first, second):
    code = [blocks(ROOT / name, "python") for name in (first, second)]
    assert code[0] == code[1]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_linked_exists(path):
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


PLACE = re.compile(r"`((?:runtime|builder|tests|bench|docs|templates)/[\w./-]+)`")
MADE_UP = re.compile(r"dice|shout|echo|NAME|名称")
MAKES = re.compile(r"(?:^|`|# .*; )make ([a-z]+)", re.M)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_is_named_exists(path):
    named = [place for place in PLACE.findall(path.read_text("utf-8")) if not MADE_UP.search(place)]
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_every_command_of_make_that_is_named_exists():
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert {name for path in DOCUMENTS for name in MAKES.findall(path.read_text("utf-8"))} - there == set()


OURS = {"HONGYAN_CRASH_AT", "HONGYAN_WORKER", "HONGYAN_WORKER_FOLDER"}
"""What nobody sets: tests, and a program for the workers that it starts."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_setting_is_documented_and_every_documented_one_exists(language):
    sources = [*ROOT.glob("*.py"), *(ROOT / "runtime").rglob("*.py")]
    known = {
        name for source in sources for name in re.findall(r"HONGYAN_[A-Z_]*[A-Z]", source.read_text("utf-8"))
    }
    page = ROOT / "docs" / language / "settings.md"
    told = set(re.findall(r"HONGYAN_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
    assert told == known - OURS


async def test_the_tool_runs():
    dice = example(0).TOOL(type="dice")
    env = Env(http=NoHttp(), now=None, values={})
    assert 1 <= await dice.call({"sides": 6}, env) <= 6
    assert dice.spec()["function"]["parameters"]["properties"]["sides"]["type"] == "integer"


async def test_the_block_runs():
    shout = {"type": "shout", "id": "loud", "text": "ok"}
    say = {"type": "reply", "id": "say", "text": "{{ loud.text }}"}
    with known_blocks.including({"shout": example(1).BLOCK}):
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


def test_the_provider_is_one():
    provider = example(3).PROVIDER
    endpoint = Endpoint(name="mine", provider="openai", api_base=provider.api_base)
    assert (provider.id, endpoint.api_base) == ("example", "https://api.example.com/v1")


def test_the_code_cites_no_document_that_is_not_here():
    sources = [
        *ROOT.glob("*.py"),
        *(file for top in ("bench", "builder", "runtime") for file in (ROOT / top).rglob("*.py")),
    ]
    cited = {
        (path.name, name)
        for path in sources
        for name in re.findall(r"[\w/.-]*[A-Z]{2,}\.md", path.read_text("utf-8"))
    }
    ours = {
        (path, name) for path, name in cited if name not in ("AGENTS.md", "SKILL.md")
    }  # other products', recognised by their names
    assert {(path, name) for path, name in ours if not (ROOT / name).exists()} == set()


def test_each_picture_is_shown_in_its_language_and_weighs_little():
    files = sorted((ROOT / "docs").glob("*.png"))
    names = {file.name.split(".")[0] for file in files}
    assert {file.name for file in files} == {f"{name}.{lang}.png" for name in names for lang in ("zh", "en")}
    for lang, readme in (("zh", "README.md"), ("en", "README.en.md")):
        shown = set(re.findall(r"!\[[^\]]+\]\(docs/([\w.]+)\)", (ROOT / readme).read_text("utf-8")))
        assert shown == {f"{name}.{lang}.png" for name in names}
    assert {file.name: file.stat().st_size for file in files if file.stat().st_size > 150_000} == {}


async def test_the_memory_strategy_remembers():
    strategy = example(4).MEMORY(turns=9)
    said = [Exchange(str(n), "") for n in range(4)]
    assert [[one.text for one in await strategy.remembered(said[:count], None)] for count in (0, 1, 4)] == [
        [],
        ["0"],
        ["0", "3"],
    ]
    assert strategy.loads == 9
