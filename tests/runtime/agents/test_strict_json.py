"""Files that people edit are read strictly and within bounds."""

import pytest

from cost import cpu_seconds
from runtime.agents.strict_json import DEEPEST, LARGEST, parse, to_bytes
from runtime.errors import BadAgent


def test_what_was_written_is_read():
    data = {"名": ["茶", 1, 2.5, None, True, {"a": {}}]}
    assert parse(to_bytes(data)) == parse(b"\xef\xbb\xbf" + to_bytes(data)) == data
    assert parse("[" * DEEPEST + "]" * DEEPEST) is not None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "deep"),
        ("[" * 20_000 + "]" * 20_000, "deep"),
        ("[" * 20_000_000, "too many"),
        ("[" + "[]," * 8_000_000 + "1]", "too many"),
        ("{" + ",".join(f'"a{i}":1' for i in range(60_000)) + "}", "too many"),
        ("9" * 20_000_000, "number"),
        ("[1e999]", "number"),
        ("[NaN]", "number"),
        ('{"a": 1, "a": 2}', "twice"),
        ('"' + '\\"' * 10_000_000, "valid JSON"),
        (" " * 20_000_000, "empty"),
        (b"\xff", "UTF-8"),
        (b" " * (LARGEST + 1), "too large"),
        ("", "empty"),
        ("{", "line 1"),
    ],
)
def test_what_is_wrong_is_told_within_a_moment(content, says):
    def refused():
        with pytest.raises(BadAgent, match=says):
            parse(content)

    assert cpu_seconds(refused, enough=1) < 1
