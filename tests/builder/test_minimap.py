"""The map of a large flow: a small one has none, not even an empty box until that is known."""

import pytest

from deno_script import told

SCRIPT = """
import { minimap } from "EDITOR/flow_editor/minimap.js";
const pen = new Proxy({}, { get: () => () => {}, set: () => true });
const node = () => ({ style: {}, dataset: {}, append() {}, addEventListener() {}, getContext: () => pen,
  getBoundingClientRect: () => ({ left: 0, top: 0 }) });
globalThis.document = { createElement: node };
globalThis.devicePixelRatio = 1;
let draw;
globalThis.setTimeout = (then) => (draw = then, 1);
const order = Array.from({ length: asked.blocks }, (_, i) => `b${i}`).join(" ");
const stage = { ...node(), scrollWidth: 900, scrollHeight: 900, clientWidth: 300, clientHeight: 300 };
const world = { querySelectorAll: () => [] };
const shown = { view: "flow", narrow: asked.narrow, order, status: 0, names: 0, zoom: 1 };
const editor = { map: node(), stage, world, ...shown };
minimap(editor, { addEventListener() {} });
editor.drawMap();
const before = editor.map.hidden;
draw();
console.log(JSON.stringify([before, editor.map.hidden]));
"""


@pytest.mark.parametrize(
    ("blocks", "narrow", "hidden"),
    [(2, False, True), (12, False, True), (13, False, False), (40, True, True)],
)
def test_only_a_large_flow_has_a_map(tmp_path, blocks, narrow, hidden):
    assert told(tmp_path, SCRIPT, {"blocks": blocks, "narrow": narrow}) == [True, hidden]
