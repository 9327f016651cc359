import functools
import json
import math

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
        ("a\x00\ufffe", "a\ufffe"),
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
        (b'{"nick\\u0000": "a\\u0000b"}', {"nick": "ab"}),
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


N = 500_000
BOMBS = {
    "lists": "[" + "[]," * N + "[]]",
    "objects": "[" + "{}," * N + "{}]",
    "names": "{" + ",".join(f'"a{i}":1' for i in range(N // 2)) + "}",
    "exponents": "[" + "1e-300," * N + "1]",
    "a long number": "9" * 5_000_000,
    "long numbers": "[" + ",".join(["9" * 4000] * 2000) + "]",
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "open": "[" * 5_000_000,
    "escaped quotes": '"' + '\\"' * 2_000_000,
    "quotes": '[",' * 2_000_000,
    "too large": " " * (wellformed.LARGEST + 1),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
async def test_a_bomb_is_refused_and_the_event_loop_hardly_notices(bomb, stall):
    async with stall() as longest:
        with pytest.raises(ValueError, match=r"it |Unterminated|delimiter|Expecting"):
            await wellformed.read(bomb)
    assert longest() < 0.2


async def test_a_large_text_full_of_commas_is_no_bomb(stall):
    text = "a, b: [c] {d}, " * 600_000
    async with stall() as longest:
        assert await wellformed.read(json.dumps({"text": text})) == {"text": text}
    assert longest() < 0.2


def test_any_number_that_is_read_can_be_reckoned_with():
    largest = wellformed.load("9" * wellformed.LONGEST_NUMBER)
    assert math.isfinite(largest)
    assert math.isfinite(-largest / 1000)
    for over in ("9" * 309, "-" + "9" * 350):
        with pytest.raises(ValueError, match="digits"):
            wellformed.load(f'{{"at": {over}}}')


def test_infinities_are_nothing_like_nan():
    assert wellformed.load("[1e999, -1e999, NaN, 1e3]") == [None, None, None, 1000.0]


def test_a_repeated_name_is_the_last_one_or_refused_where_that_is_asked():
    twice = '{"a": {"key": 1, "key": 2}}'
    assert wellformed.load(twice) == {"a": {"key": 2}}
    with pytest.raises(ValueError, match="'key' is there twice"):
        wellformed.load(twice, unrepeated=True)


def test_a_number_that_others_cannot_carry_on_is_refused_where_that_is_asked():
    most = [2**64 - 1, -(2**63)]
    assert wellformed.load(json.dumps(most), unrepeated=True) == most
    for over in (2**64, -(2**63) - 1, 10**200):
        assert wellformed.load(f"[{over}]") == [over]
        with pytest.raises(ValueError, match="64 bits"):
            wellformed.load(f'{{"id": [{over}]}}', unrepeated=True)


@pytest.mark.parametrize(("deepest", "fits"), [(3, True), (2, False)])
def test_the_depth_is_the_callers(deepest, fits):
    if fits:
        assert wellformed.load("[[[1]]]", deepest=deepest) == [[[1]]]
    else:
        with pytest.raises(ValueError, match="deep"):
            wellformed.load("[[[1]]]", deepest=deepest)
