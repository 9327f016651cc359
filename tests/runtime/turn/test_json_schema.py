"""A JSON schema of a stranger's: what it says is checked, what it cannot say is refused, nothing explodes."""

import pytest

from cost import cpu_seconds
from runtime.errors import Wrong
from runtime.turn.fields.json_schema import check_schema, misfits

TREE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
    "required": ["name"],
    "additionalProperties": False,
}
SCHEMA = {"$defs": {"tree": TREE}, "$ref": "#/$defs/tree"}

FITS = [
    ({"type": "integer"}, [3, 3.0, -1], [3.5, True, "3", None]),
    ({"type": ["string", "null"]}, ["", None], [0, []]),
    ({"enum": [1, "a"]}, [1, "a"], [True, "1", 2]),
    ({"const": {"a": [1]}}, [{"a": [1]}], [{"a": [True, 1]}, {}]),
    ({"type": "number", "minimum": 1, "exclusiveMaximum": 3}, [1, 2.9], [0.9, 3]),
    ({"multipleOf": 0.1}, [0.3, 1], [0.35, 10**399]),
    ({"multipleOf": 3}, [3, 3 * 10**30], [10**30]),
    ({"minLength": 2, "maxLength": 3}, ["ab", "中文字"], ["a", "abcd"]),
    ({"minItems": 1, "maxItems": 2, "uniqueItems": True}, [[1], [1, 2]], [[], [1, 2, 3], [1, 1]]),
    ({"prefixItems": [{"type": "string"}], "items": False}, [["a"], []], [["a", 1], [1]]),
    ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, ["a", 3], [2]),
    ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, [1.5], [1, "a"]),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
    ({"properties": {"a": False}}, [{}, {"b": 1}], [{"a": 1}]),
    ({"additionalProperties": {"type": "string"}}, [{"x": "y"}], [{"x": 1}]),
    (SCHEMA, [{"name": "a", "below": [{"name": "b"}]}], [{"name": "a", "below": [{"nam": "b"}]}, [], "x"]),
]


@pytest.mark.parametrize(("schema", "right", "wrong"), FITS, ids=lambda one: str(one)[:40])
def test_what_fits_and_what_does_not(schema, right, wrong):
    check_schema(schema)
    assert [one for one in right if misfits(schema, one)] == []
    assert [one for one in wrong if not misfits(schema, one)] == []


UNFIT = [
    [],
    {"type": "text"},
    {"type": {"a": 1}},
    {"type": [["string"]]},
    {"required": [["a"]]},
    {"$ref": "https://evil.example/schema.json"},
    {"$ref": "#/$defs/none"},
    {"$ref": 3},
    {"properties": []},
    {"properties": {"a": 3}},
    {"anyOf": {}},
    {"required": "a"},
    {"if": {}, "then": False},
    {"unevaluatedProperties": False},
    {"patternProperties": {"(a+)+$": {}}},
]


@pytest.mark.parametrize("schema", UNFIT, ids=str)
def test_a_schema_that_is_none_or_would_not_be_checked_is_refused(schema):
    with pytest.raises(Wrong):
        check_schema(schema)


def test_nothing_that_a_stranger_writes_takes_long():
    endless = {"$ref": "#"}
    check_schema(endless)
    assert misfits(endless, 1) == ["It is too large or too deep to be checked."]
    doubled = {"anyOf": 2 * [{"items": {"$ref": "#"}, "minItems": 1}]}
    deep = []
    for _ in range(90):
        deep = [deep]
    assert cpu_seconds(misfits, doubled, deep, enough=0.5) < 0.5
    assert misfits(doubled, deep)
    assert misfits({"type": "array", "items": {"type": "string"}}, 10_000 * [1])[20:] == []
    much = {"type": "array", "items": {"enum": list(range(60_000))}}
    assert cpu_seconds(misfits, much, 20_000 * [59_999], enough=0.5) < 0.5
    again = {"type": "array", "items": {"required": 60_000 * ["a"]}}
    assert cpu_seconds(misfits, again, 10_000 * [{"a": 1}], enough=0.5) < 0.5
    assert misfits({"type": "array", "items": {"enum": list(range(200))}}, 900 * [199]) == []
