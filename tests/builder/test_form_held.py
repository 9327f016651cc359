"""Which fields of a form are drawn again when the flow changed around it: those that show what is past."""

import pytest

from deno_script import told

SCRIPT = """
import { follow, holding, timesOf, wrote } from "EDITOR/flow_editor/held.js";
const held = holding(asked.begun, 1);
const isBack = JSON.stringify(asked.becomes) === JSON.stringify(asked.begun);
const becomes = isBack ? asked.begun : asked.becomes; // undo brings the very same one
for (const block of asked.wrote) wrote(held, block);
const names = Object.keys({ ...asked.begun, ...asked.becomes, gone: 1 });
const before = names.map((name) => timesOf(held, name));
follow(held, asked.begun, 1); // by itself
follow(held, becomes, 2);
const now = names.map((name) => timesOf(held, name));
follow(held, becomes, 2);
console.log(JSON.stringify([names.filter((_, n) => before[n] !== now[n]), held.now === becomes]));
"""
BEGUN = {"id": "a", "text": "1", "rows": [{"x": 1}]}


@pytest.mark.parametrize(
    ("wrote", "becomes", "again"),
    [
        ([], BEGUN, []),
        ([], {**BEGUN, "text": "2"}, ["text"]),
        ([], {**BEGUN, "rows": [{"x": 2}]}, ["rows"]),
        ([], {"id": "a", "rows": [{"x": 1}]}, ["text"]),
        ([], {**BEGUN, "more": True}, ["more"]),
        # what the form wrote it shows already; what is taken back of it, it does not
        ([{**BEGUN, "text": "2"}], {**BEGUN, "text": "2"}, []),
        ([{**BEGUN, "text": "2"}], BEGUN, ["text"]),
        ([{**BEGUN, "text": "2"}, {**BEGUN, "text": "3"}], {**BEGUN, "text": "2"}, ["text"]),
        ([{**BEGUN, "constructor": 1}], {**BEGUN, "constructor": 1}, []),
    ],
)
def test_only_fields_that_show_what_is_past_are_drawn_again(tmp_path, wrote, becomes, again):
    assert told(tmp_path, SCRIPT, {"begun": BEGUN, "wrote": wrote, "becomes": becomes}) == [again, True]
