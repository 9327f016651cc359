"""What an owner is told of pages that were refused."""

from dataclasses import replace

import pytest

from runtime.channels import SignsIn, registry
from runtime.checkup.pages import refused
from runtime.publish.doctor import State, Stranger

NEW = State(None, None, None, 0, {})
SEEN = replace(NEW, strangers=(Stranger("https://b.example", 2), Stranger("https://a.example", 1)))
NAMING = [name for name, kind in registry().items() if issubclass(kind, SignsIn) and kind.origins_in]


@pytest.mark.parametrize("name", NAMING)
def test_an_owner_reads_which_site_was_refused_and_what_to_change_until_it_is(name):
    kind = registry()[name]
    note = refused(kind(kind.Settings()), SEEN)
    title = kind.Settings.model_json_schema()["properties"][kind.origins_in]["labels"]
    assert note.title.zh.startswith("https://b.example、https://a.example 的网页")
    assert title["zh"] in note.title.zh
    assert title["en"] in note.title.en
    let_in = kind(kind.Settings(**{kind.origins_in: "https://a.example\nhttps://b.example"}))
    assert refused(let_in, SEEN) is None
    assert refused(kind(kind.Settings()), NEW) is None


def test_where_no_page_may_come_nothing_is_said_of_any():
    assert NAMING
    assert [
        name for name, kind in registry().items() if name not in NAMING and refused(_any(kind), SEEN)
    ] == []


def _any(kind):
    return kind.__new__(kind)
