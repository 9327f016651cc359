"""What is wrong with what was entered stands at each field, and what has no field here is told besides."""

from builder.actions import bound, click
from deno_script import told
from runtime.access.actor import SYSTEM
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings
from runtime.lang import Text

BAD, ODD = Text("不对", "is wrong"), Text("不认识", "is unknown")
SCRIPT = """
globalThis.document = { querySelector: () => null, baseURI: "http://127.0.0.1/" };
globalThis.location = new URL("http://127.0.0.1/publish");
globalThis.fetch = () => Promise.resolve({ json: () => ({}) });
Object.defineProperty(navigator, "language", { value: "en", configurable: true });
const { wrongAt } = await import("EDITOR/static/common/wrong_at.js");
console.log(JSON.stringify(asked.map(([answer, names]) => wrongAt(answer, names))));
"""


@needs(Permission.AGENTS_VIEW)
def enter(studio):
    raise BadSettings(Text("都不对", "All wrong"), field="a").all_of({"a": BAD, "b": ODD})


@needs(Permission.AGENTS_VIEW)
def other(studio):
    raise BadSettings(BAD, field="a")


async def test_an_answer_has_a_sentence_for_each_field(tmp_path):
    actions = bound(None, enter, other)
    all, one = [await click(actions, {"action": name, "args": {}}, SYSTEM) for name in ("enter", "other")]
    assert all["wrong"] == {"a": BAD.by_language(), "b": ODD.by_language()}
    assert "wrong" not in one
    asked = [(all, ["a", "b"]), (all, ["b"]), (one, ["a"]), (one, ["b"]), ({"ok": True}, ["a"])]
    assert told(tmp_path, SCRIPT, asked) == [
        {"at": {"a": "Is wrong", "b": "Is unknown"}, "rest": ""},
        {"at": {"b": "Is unknown"}, "rest": "All wrong"},
        {"at": {"a": "Is wrong"}, "rest": ""},
        {"at": {}, "rest": "is wrong"},
        {"at": {}, "rest": ""},
    ]
