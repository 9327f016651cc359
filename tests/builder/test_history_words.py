"""What a version is told by in the history: what is new in it first, however many blocks it holds."""

from builder.texts import load
from deno_script import told

SCRIPT = """
globalThis.document = { querySelector: () => null, baseURI: "http://127.0.0.1/" };
globalThis.location = new URL("http://127.0.0.1/build");
globalThis.fetch = () => Promise.resolve({ json: () => asked.texts });
Object.defineProperty(navigator, "language", { value: "zh-CN", configurable: true });
const { heldIn } = await import("EDITOR/static/build/held.js");
const work = { editor: { name: ({ title }) => title }, place: (name) => name, catalog: {} };
console.log(JSON.stringify(asked.held.map((one) => heldIn(work, one))));
"""
SAME = {"added": [], "removed": [], "moved": [], "changed": [], "settings": []}


def held(count, **new):
    return {**SAME, "blocks": [{"id": f"b{n}", "title": f"第{n}步"} for n in range(count)], **new}


def test_what_is_new_comes_first_and_many_blocks_are_named_by_the_first_few(tmp_path):
    versions = [held(0), held(2), held(29, settings=["名称"], removed=[{"id": "x", "title": "问好"}])]
    assert told(tmp_path, SCRIPT, {"texts": load("zh"), "held": versions}) == [
        "0 块积木：空的",
        "2 块积木：第0步、第1步",
        "删除：问好 · 设置有改动：名称 · 29 块积木：第0步、第1步、第2步、第3步、……",
    ]
