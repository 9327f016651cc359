"""The pages of docs/ say what the code says."""

import json

import pytest

from docs import reference
from docs.words import EXAMPLES
from runtime.templating import sandbox
from runtime.templating.sandbox.filters import allowed_filters, allowed_tests

PAGES = reference.pages()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_says_what_the_code_says(path):
    assert path.read_text(encoding="utf-8") == PAGES[path], "run: make docs"


def test_the_protocol_of_the_websocket_is_what_the_code_speaks():
    assert reference.ASYNCAPI.read_text(encoding="utf-8") == reference.protocol(), "run: make docs"
    told = json.loads(reference.protocol())
    names = set(told["components"]["messages"])
    assert names >= {"Send", "Follow", "Ping", "Accepted", "Rewritten", "Answered", "Failed", "Unasked"}
    for operation in told["operations"].values():
        assert {one["$ref"].rpartition("/")[2] for one in operation["messages"]} <= names


def test_the_schema_of_standard_messages_is_what_the_code_reads():
    assert reference.STANDARD.read_text(encoding="utf-8") == reference.standard(), "run: make docs"


@pytest.mark.parametrize("example", [e for kind in EXAMPLES.values() for e in kind], ids=lambda e: e.name)
def test_a_documented_filter_or_test_does_what_is_said(example):
    assert sandbox.render(example.template, {}) == example.result


@pytest.mark.parametrize(("kind", "allowed"), [("filter", allowed_filters()), ("test", allowed_tests())])
def test_every_filter_and_test_is_documented(kind, allowed):
    told = {example.name for example in EXAMPLES[kind]}
    told |= {word.strip(",;") for example in EXAMPLES[kind] for word in example.says.en.split()}
    assert allowed.keys() - told == set()
    assert {example.name for example in EXAMPLES[kind]} - allowed.keys() == set()
