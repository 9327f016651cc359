"""What of a flow is drawn again when blocks are chosen: the lists that hold one of them, and no other."""

import pytest

from deno_script import told

TYPES = {
    "reply": {"fields": []},
    "branch": {
        "fields": [{"name": "cases", "type": "array", "fields": [{"name": "flow", "widget": "flow"}]}]
    },
}
FLOW = [
    {"type": "reply", "id": "first"},
    {"type": "branch", "id": "way", "cases": [{"flow": [{"type": "reply", "id": "deep"}]}, {"flow": []}]},
]
SCRIPT = """
import { treeOf } from "EDITOR/flow_editor/tree.js";
import { chosenIn } from "EDITOR/flow_editor/view.js";
const tree = treeOf(asked.types);
const lists = [asked.flow, ...asked.flow[1].cases.map(({ flow }) => flow)];
const none = { tree, selected: "", found: "", marks: [] };
const seen = (state) => lists.map((list) => chosenIn({ ...none, ...state }, list));
const before = seen({});
console.log(JSON.stringify(asked.states.map((state) => seen(state).map((one, i) => one !== before[i]))));
"""


@pytest.mark.parametrize(
    ("state", "again"),
    [
        ({"selected": "first"}, [True, False, False]),
        ({"selected": "deep"}, [True, True, False]),
        ({"found": "deep"}, [True, True, False]),
        ({"marks": ["deep", "first"]}, [True, True, False]),
        ({"marks": ["way"]}, [True, False, False]),
        ({"selected": "gone"}, [False, False, False]),
    ],
)
def test_only_lists_that_hold_one_of_them_are_drawn_again(tmp_path, state, again):
    assert told(tmp_path, SCRIPT, {"types": TYPES, "flow": FLOW, "states": [state]}) == [again]
