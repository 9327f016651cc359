"""The line of a field in a JSON text."""

import json

import pytest

from builder.actions.lines import line_of

TEXT = """{
  "name": "a \\"b\\" {",
  "flow": [
    {"id": "x", "n": -1.5e3},
    {
      "id": "y",
      "when": null, "tools": [true,
        "z"]
    }
  ]
}"""


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("", 1), ("name", 2), ("flow", 3), ("flow.0", 4), ("flow.0.n", 4), ("flow.1", 5), ("flow.1.id", 6),
        ("flow.1.when", 7), ("flow.1.tools.1", 8), ("flow.1.missing", 5), ("flow.7.id", 3), ("nowhere", 1),
    ],
)  # fmt: skip
def test_a_field_is_found_or_the_deepest_part_of_it(field, line):
    json.loads(TEXT)
    assert line_of(TEXT, field) == line


def test_what_is_no_json_has_no_lines():
    assert line_of("{", "a") is None
