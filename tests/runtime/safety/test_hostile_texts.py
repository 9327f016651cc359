"""A text that somebody wrote to be slow to check takes no longer than others of its length."""

import pytest

from cost import cpu_seconds
from runtime.safety.checks import Uses, registry
from script import Script

LENGTH = 30_000
"""Characters: more than come over the API at once."""
WORDS = ["赌博", "!赌博史", "加微信", "casino", "百家乐", "k粉"]
CHECKS = {
    "words": {"words": WORDS},
    "links": {"allow": ["good.com"], "deny": ["evil.com"]},
}
TEXTS = {
    "many short ones in base64": "VVVVVVVV ",
    "one long one in base64": "V",
    "pairs of digits": "61 ",
    "pairs of digits, cut": "61 61 61 61 6",
    "found and excepted": "赌博史赌博",
    "said with much between": "赌" + "。" * 50 + "博",
    "nobody sees it": "赌" + "\u200b" * 50,
    "entities": "&amp;amp;amp;#36172;",
    "entities, not ended": "&amp;",
    "tags, not ended": "<a",
    "comments, not ended": "<!--",
    "links, not ended": "](a",
    "brackets": "[",
    "escapes": "\\",
    "percent": "%e6",
    "rows of a list": "\n1. ",
    "turned": "\u202ea",
    "parts": "氵先 +",
    "drawn": "|-/\\",
    "starred": "c*",
    "repeated": "之百之家",
    "one letter": "o",
    "letters apart": "d.u.b.o.",
    "pinyin": "dubo1",
    "hosts": "a.",
    "schemes": "http:",
    "paths": "evil.com/a",
    "dots that are said": "a[.]",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("kind", CHECKS)
def test_no_text_is_slow_to_check(kind, text):
    check, uses = registry()[kind].model_validate({"type": kind, **CHECKS[kind]}), Uses(Script())
    check.found("赌博", uses)
    long = (text * (LENGTH // len(text) + 1))[:LENGTH]
    assert cpu_seconds(check.found, long, uses, enough=2) < 2
