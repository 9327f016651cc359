import functools
import json

import pytest

from runtime import wellformed

TEA = "\U0001f375"
HIGH, LOW = "\ud83c", "\udf75"


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("", ""),
        ("plain", "plain"),
        (f"茶{TEA}", f"茶{TEA}"),
        (f"a{HIGH}b", "a\ufffdb"),
        (f"a{LOW}b", "a\ufffdb"),
        (HIGH, "\ufffd"),
        (f"茶{HIGH}{LOW}了", f"茶{TEA}了"),
        (f"{LOW}{HIGH}", "\ufffd\ufffd"),
        (f"{HIGH}{HIGH}{LOW}{LOW}", f"\ufffd{TEA}\ufffd"),
        ("\x00\ufffe", "\x00\ufffe"),
    ],
)
def test_half_a_character_becomes_a_sign_that_can_be_stored(said, becomes):
    made = wellformed.text(said)
    assert made == becomes
    assert made.encode().decode() == made


def test_every_text_and_name_inside_data_is_made_well_formed():
    value = {f"a{HIGH}": [f"{LOW}", 1, None, True, 2.5, {"b": (f"x{HIGH}{LOW}",)}]}
    assert wellformed.data(value) == {"a\ufffd": ["\ufffd", 1, None, True, 2.5, {"b": [f"x{TEA}"]}]}


@pytest.mark.parametrize(
    ("content", "becomes"),
    [
        (b'{"nick": "\\u5c0f\\u660e\\ud83d"}', {"nick": "小明\ufffd"}),
        (b'{"nick": "\\uD83C\\uDF75"}', {"nick": TEA}),
        (b'{"nick": "\xff"}', {"nick": "\ufffd"}),
        (b"\xef\xbb\xbf[1]", [1]),
        (f'["{HIGH}"]', ["\ufffd"]),
        ("[NaN, Infinity, -Infinity]", [None, None, None]),
        ("[12345678901234567890123]", [12345678901234567890123]),
        ('"' + "[" * 1000 + '"', "[" * 1000),
        ("[" * 99 + '[1, "a"]' + "]" * 99, functools.reduce(lambda inner, _: [inner], range(99), [1, "a"])),
        (json.dumps([[] for _ in range(1000)]), [[] for _ in range(1000)]),
    ],
)
def test_json_from_outside_is_well_formed(content, becomes):
    assert wellformed.load(content) == becomes


def test_halves_that_will_be_joined_stay_when_asked_for():
    assert wellformed.load_raw(b'"\\ud83c"') + wellformed.load_raw(b'"\\udf75"') == HIGH + LOW


@pytest.mark.parametrize(
    "content",
    [
        "",
        "x",
        b"\xff",
        "[1,]",
        "[" * 101 + "]" * 101,
        "[" * 200_000 + "]" * 200_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        "9" * 10_000,
    ],
)
def test_what_is_no_json_or_too_deep_is_a_value_error(content):
    with pytest.raises(ValueError, match=r".+"):
        wellformed.load(content)


def test_data_that_is_too_deep_is_a_value_error():
    deep = "x"
    for _ in range(50_000):
        deep = [deep]
    with pytest.raises(ValueError, match="too deep"):
        wellformed.data(deep)
