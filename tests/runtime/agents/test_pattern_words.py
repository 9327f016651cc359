"""Every pattern of a form has words: nobody is shown a regular expression."""

import pytest

from runtime.agents.json_schema import agent_schema
from runtime.channels import widest_first
from runtime.lang import Text
from runtime.pattern_words import PATTERNS


def patterns(schema):
    """Of the values, and of the names of a mapping's entries."""
    if isinstance(schema, list):
        for one in schema:
            yield from patterns(one)
    if isinstance(schema, dict):
        yield from schema.get("patternProperties", {}) if "patternProperties" in schema else ()
        for name, one in schema.items():
            if name == "pattern" and isinstance(one, str):
                yield one
            else:
                yield from patterns(one)


FORMS = {
    "agent": agent_schema(),
    **{name: kind.Settings.model_json_schema() for name, kind in widest_first()},
}


@pytest.mark.parametrize("form", FORMS)
def test_no_form_says_a_regular_expression(form):
    assert [one for one in patterns(FORMS[form]) if one not in PATTERNS] == []


def test_words_are_said_in_two_languages_and_hold_no_pattern():
    for words in PATTERNS.values():
        assert isinstance(words, Text)
        assert words.zh != words.en
        assert not set(words.en) & set("^$\\{}")
