"""The check and the flow editor agree on where a flow ends, and on what is never reached behind that."""

import json
import subprocess
from pathlib import Path

import pytest

from builder.flow_editor import catalog
from builder.serving import bundle
from runtime.agents.agent import Agent
from runtime.agents.check import check
from runtime.agents.scope import places
from runtime.blocks import surely_ends
from runtime.store.control.control import Control
from runtime.templating.prompts import GIVEN, Prompts

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
FLOWS = json.loads((ROOT / "tests" / "samples" / "flows_that_end.json").read_text(encoding="utf-8"))
ASK = """
import {{ endsIn, unreached }} from "{root}/builder/flow_editor/scope.js";
import {{ treeOf }} from "{root}/builder/flow_editor/tree.js";
const {{ types, flows }} = JSON.parse(await new Response(Deno.stdin.readable).text());
const tree = treeOf(types);
const told = flows.map((flow) => [endsIn(tree, flow, types), [...unreached(tree, flow, types)]]);
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def in_javascript(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deno")
    script = folder / "ask.js"
    script.write_text(ASK.format(root=ROOT.as_uri()), encoding="utf-8")
    asked = json.dumps({"types": catalog()["blocks"], "flows": [case["flow"] for case in FLOWS]})
    command = [DENO, "run", "--no-remote", "--no-npm", "--no-prompt", "--allow-read", script]
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder), "NO_COLOR": "1", "HOME": str(folder)}
    done = subprocess.run(command, input=asked, env=quiet, capture_output=True, text=True, check=True)
    return dict(zip((case["id"] for case in FLOWS), json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("case", FLOWS, ids=lambda case: case["id"])
def test_the_flow_editor_knows(case, in_javascript):
    assert in_javascript[case["id"]] == [case["ends"], case["unreached"]]


@pytest.mark.parametrize("case", FLOWS, ids=lambda case: case["id"])
def test_the_check_knows_and_names_the_first_of_each_list(case, tmp_path):
    agent = Agent.load({"id": "shop", "name": "店", "flow": case["flow"]})
    assert surely_ends(agent.flow) is case["ends"]
    ids = {place.path: place.block.id for place in places(agent)}
    found = check(agent, Prompts([GIVEN]), Control.in_folder(tmp_path))
    lost = [ids[one.field] for one in found if one.text.en.startswith("Never reached")]
    assert lost == case["unreached"][:1]
