"""A text that somebody wrote to be slow to read holds nobody up: patterns find in one way only."""

import pytest

from cost import cpu_seconds
from runtime.agents.edits import fixing
from runtime.agents.words_difference import words_difference
from runtime.channels._text.markdown import to_chat_text
from runtime.channels.feishu.cards import CALLS
from runtime.describing.heard import heard
from runtime.elsewhere._javascript import TYPED
from runtime.elsewhere.coze.nodes import ASYNC
from runtime.elsewhere.flowise.texts import BRACES
from runtime.knowledge.sources.web import LISTED
from runtime.marked import marked
from runtime.models.demo.tool_choice import choose
from runtime.models.manners import STREAMS_ONLY
from runtime.models.reading.bare_calls import bare_calls
from runtime.models.reading.tool_markup import calls
from runtime.prompt_library.rules import reworded
from runtime.safety.masking.names import names
from runtime.safety.masking.numbers import numbers
from runtime.tools._secrets import query_of
from runtime.turn.proving import CODED
from runtime.yaml_as_json import as_json

BLANK = " " * 20_000
TOOL = {
    "function": {"name": "f", "parameters": {"properties": {"expression": {}, "city": {}}}},
}
SLOW = {
    "a tool's call behind many fences": lambda: calls(
        "<tool_call>_" + "```json" * 35 + '!{"a":1}</tool_call>'
    ),
    "arguments behind much of nothing": lambda: calls(f"<function=f>[{BLANK}{BLANK}x"),
    "a fence that holds nothing": lambda: bare_calls("```\n" + "\n" * 20_000 + "x", [TOOL]),
    "what a server wants": lambda: STREAMS_ONLY.search("stream" * 3_000),
    "a sum without an end": lambda: choose("1" * 20_000, [TOOL]),
    "a town that never comes": lambda: choose("今天" * 10_000, [TOOL]),
    "an address with many braces": lambda: query_of("https://example.com/" + "{{a}}" * 40),
    "a name that never comes": lambda: list(names("姓名" + BLANK)),
    "what may be a handle": lambda: list(numbers("a-" * 10_000)),
    "a table's line": lambda: to_chat_text(f"a|b\n{BLANK}-{BLANK}x"),
    "a link in a link": lambda: to_chat_text("![" + "[](,)" * 40),
    "blanks in a description": lambda: heard(BLANK),
    "a variable of another product": lambda: BRACES.findall("{{" + BLANK),
    "types of a program": lambda: TYPED.sub(" ", "):a" + BLANK),
    "what a program gives": lambda: ASYNC.sub("", "async def main()->" + BLANK),
    "an address of a sitemap": lambda: LISTED.findall("<loc>" + BLANK),
    "an address of a sitemap, cut": lambda: LISTED.findall("<loc>a" + BLANK),
    "a code behind words": lambda: CODED.fullmatch(f"a{BLANK}b"),
    "who is called": lambda: CALLS.sub("", "<" + BLANK),
    "data in data": lambda: marked("page", "<" + BLANK),
    "blanks at no end": lambda: reworded(f"a{BLANK}b"),
    "code that does not end": lambda: fixing.CODE.sub("", "{{" * 15_000),
    "words that do not end": lambda: words_difference("{{" * 15_000, "{{a" * 10_000),
}


@pytest.mark.parametrize("work", SLOW.values(), ids=SLOW.keys())
def test_no_text_is_slow_to_read(work):
    assert cpu_seconds(work, enough=0.3) < 0.3


def test_no_number_of_a_yaml_is_slow_to_read():
    import yaml

    text = "a: 1" + ":1" * 60_000
    loader = as_json(yaml)
    assert cpu_seconds(yaml.load, text, loader, enough=0.5) < 0.5
    assert yaml.load("a: 1:30\nb: 2026-11-30\nc: 0x10\nd: 1.5", Loader=loader) == {
        "a": "1:30", "b": "2026-11-30", "c": 16, "d": 1.5,
    }  # fmt: skip
