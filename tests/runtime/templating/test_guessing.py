"""Which kind of value a template expects under each name."""

import pytest

from runtime.errors import BadTemplate
from runtime.templating.sandbox.guessing import fields, kinds


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("你好", {}),
        ("{{ b }}{{ a }}", {"b": "text", "a": "text"}),
        ("{% if vip %}贵宾{% endif %}", {"vip": "flag"}),
        ("{% if shop %}{{ shop }}{% endif %}", {"shop": "text"}),
        ("{% for one in lines %}{{ one.name }}{% endfor %}", {"lines": "list"}),
        ("{{ names | join('、') }}", {"names": "list"}),
        ("{{ price * 2 }}", {"price": "number"}),
        ("{% if age >= 18 %}{% endif %}{{ age }}", {"age": "number"}),
        ("{{ amount | round(2) }}", {"amount": "number"}),
        ("{% if level == 'gold' %}{% endif %}", {"level": "text"}),
        ("{{ docs.text }}", {"docs": "data"}),
        ("{{ order | tojson }}", {"order": "data"}),
        ("{% if '人工' in message.text %}{% endif %}", {"message": "data"}),
        ("{{ name.upper() }}", {"name": "text"}),
        (
            "{% set x = 1 %}{{ x }}{{ a if b and not c else d }}",
            {"a": "text", "b": "flag", "c": "flag", "d": "text"},
        ),
    ],
)
def test_the_kind_is_told_by_what_is_done_with_it(source, found):
    told = kinds(source)
    assert {name: told[name] for name in found} == found
    assert told.keys() == found.keys()


def test_what_stands_behind_a_dot_is_told():
    assert fields("{{ docs.text }}{{ docs['title'] }}{{ a.b.c }}{{ s.upper() }}{{ x }}") == {
        "docs": ["text", "title"],
        "a": ["b.c"],
    }


@pytest.mark.parametrize("source", ["{{ a", "{% for %}", "{{ a.__class__ }}{{"])
def test_what_is_broken_is_told(source):
    with pytest.raises(BadTemplate):
        kinds(source)
