"""What an edit makes of an agent is what the flow editor makes; what would break it is told with where."""

import json
import subprocess
from pathlib import Path

import pytest

from builder.flow_editor import catalog
from builder.serving import bundle
from runtime.agents.agent import Agent
from runtime.agents.check import check
from runtime.agents.edits import edit, tree
from runtime.agents.edits.taking import LARGEST, take
from runtime.errors import BadAgent
from runtime.server.bundling import joined
from runtime.store.control.control import Control
from runtime.templating.prompts import GIVEN, Prompts

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
CASES = json.loads((ROOT / "tests" / "samples" / "edits.json").read_text(encoding="utf-8"))
ASK = """
const nothing = () => new Proxy(() => {{}}, {{ get: nothing, apply: nothing }});
const page = {{ querySelector: () => null, baseURI: "http://test.invalid/", addEventListener() {{}} }};
Object.assign(globalThis, {{ document: {{ ...page, documentElement: nothing(), cookie: "" }} }});
globalThis.fetch = () => Promise.resolve({{ ok: true, json: () => ({{}}) }});
const {{ actions }} = await import("{root}/builder/flow_editor/actions.js");
const {{ put, rename, treeOf }} = await import("{root}/builder/flow_editor/tree.js");
const {{ catalog, cases }} = JSON.parse(await new Response(Deno.stdin.readable).text());
const nobody = {{ querySelectorAll: () => [] }};
const done = ({{ flow, flow_editor: [what, id, ...more] }}) => {{
  const tree = treeOf(catalog.blocks);
  const editor = {{
    ...catalog, flow, tree, types: catalog.blocks, variables: [], selected: "", world: nobody, narrow: true,
    marks: [], meant: (id) => [id],
    t: () => "", say: () => "", select() {{}}, announce() {{}}, edit(next) {{ this.flow = next; }},
  }};
  Object.assign(editor, actions(editor));
  if (what === "rename") return rename(tree, flow, id, ...more);
  if (what !== "set") return editor[what](id, ...more), editor.flow;
  const [path, value] = more;
  return editor.change(id, put(tree.find(flow, id).block, path, value), path.join(".")), editor.flow;
}};
console.log(JSON.stringify(cases.map(done)));
"""


@pytest.fixture(scope="module")
def in_javascript(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deno")
    script = folder / "ask.js"
    script.write_text(ASK.format(root=ROOT.as_uri()), encoding="utf-8")
    assets = folder / "assets.js"
    assets.write_text("export const texts = {}, languages = [];", encoding="utf-8")
    made = {"preact": joined.preact_file().as_uri(), "assets": assets.as_uri()}
    imports = folder / "imports.json"
    imports.write_text(json.dumps({"imports": made}), encoding="utf-8")
    flags = ("--no-remote", "--no-npm", "--no-prompt", "--allow-read", "--location", "http://test.invalid")
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder), "NO_COLOR": "1", "HOME": str(folder)}
    asked = json.dumps({"catalog": catalog(), "cases": CASES})
    command = [DENO, "run", *flags, "--import-map", imports, script]
    done = subprocess.run(command, input=asked, env=quiet, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip((case["id"] for case in CASES), json.loads(done.stdout), strict=True))


def shop(*flow, **more):
    return {"format": 1, "id": "shop", "name": "店", **more, "flow": list(flow)}


@pytest.fixture
def judge(tmp_path):
    control = Control.in_folder(tmp_path)
    return lambda agent: check(agent, Prompts([GIVEN]), control)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_an_edit_makes_of_a_flow_what_the_flow_editor_makes(case, in_javascript):
    data = shop(*case["flow"])
    after = edit.load(case["edit"]).on(data)["flow"]
    assert tree.ids(after) == case["after"]
    for place, value in case.get("holds", {}).items():
        id, *path = place.split(".")
        block = tree.find(after, id).block
        assert tree.at(block, [int(key) if key.isdigit() else key for key in path]) == value, place
    assert after == in_javascript[case["id"]]
    assert data == shop(*case["flow"])  # nothing was changed in place


ANSWER = {"type": "model", "id": "answer", "prompt": {"text": "x"}}
SAY = {"type": "reply", "id": "say", "text": "{{ answer.text }}"}
KEY = "sk-" + "a1b2c3d4" * 4
JUDGED = (ROOT / "tests" / "samples" / "edits_judged.json").read_text(encoding="utf-8")
TABLE = json.loads(JUDGED.replace("KEY", KEY).replace("LONG", "x" * 20_001))


@pytest.mark.parametrize("case", TABLE["wrong"], ids=lambda case: str(case["edit"])[:60])
def test_what_would_break_the_agent_is_told_with_its_field(case, judge):
    data = shop(ANSWER, SAY)
    with pytest.raises(BadAgent) as told:
        take(data, edit.load(case["edit"]), judge)
    assert told.value.field == case["field"]
    assert case["says"] in told.value.text.en
    assert KEY not in told.value.text.en
    assert data == shop(ANSWER, SAY)


def test_each_edit_that_is_taken_leaves_an_agent(judge):
    data = shop(ANSWER, SAY)
    for one in TABLE["taken"]:
        data = take(data, edit.load(one), judge)
        assert Agent.load(data).to_json() == data
    assert tree.ids(data["flow"]) == ["note_2", "answer", "note", "wish", "handoff", "say"]
    assert data["variables"] == [{"name": "shop", "title": "店名", "default": "二叶"}]


def test_what_was_wrong_before_hinders_no_edit_and_may_be_mended(judge):
    data = shop(
        {"type": "model", "id": "answer"}, {"type": "reply", "id": "say", "text": "{{ nobody.text }}"}
    )
    note = {"op": "add", "block": {"type": "note", "text": "x"}, "where": {"at": "begin"}}
    mends = {"op": "set", "id": "say", "field": "text", "value": "{{ answer.text }}"}
    mended = take(take(data, edit.load(note), judge), edit.load(mends), judge)
    assert not [one for one in judge(Agent.load(mended)) if one.level == "error"]


def test_an_agent_has_an_end(judge):
    data = shop(ANSWER, SAY)
    huge = {"op": "set", "id": "answer", "field": "prompt.text", "value": "长" * LARGEST}
    with pytest.raises(BadAgent):
        take(data, edit.load(huge), judge)
