"""What the flow editor offers at a place is what the check knows there: generated flows and all starters."""

import json
import subprocess
from pathlib import Path

from made_flows import generated, offered

from builder.flow_editor import catalog
from builder.serving import bundle
from runtime.agents.agent import Agent
from runtime.agents.scope import places
from runtime.agents.strict_json import parse, to_bytes
from runtime.blocks import Rounds
from runtime.settings import CHECKOUT

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
STARTERS = sorted((CHECKOUT / "templates" / "agents").glob("*.json"))
FLOWS = 150
ASK = """
import {{ scope }} from "{root}/builder/flow_editor/scope.js";
import {{ treeOf }} from "{root}/builder/flow_editor/tree.js";
const {{ types, flows }} = JSON.parse(await new Response(Deno.stdin.readable).text());
const tree = treeOf(types);
const seen = (flow, id, inside) =>
  scope(tree, flow, id, {{ types, always: {{}}, variables: [] }}, inside).map(({{ name }}) => name).sort();
const all = (flow) => tree.ids(flow).map((id) => [id, seen(flow, id, false), seen(flow, id, true)]);
console.log(JSON.stringify(flows.map((flow) => [structuredClone(flow), all(flow)])));
"""


def test_chips_offer_what_is_there_and_nothing_else(tmp_path):
    agents = [Agent.load({"id": "x", "name": "x", "flow": generated(seed)}) for seed in range(FLOWS)]
    agents += [Agent.load(parse(file.read_bytes())) for file in STARTERS]
    flows = [agent.to_json().get("flow", []) for agent in agents]
    script = tmp_path / "ask.js"
    script.write_text(ASK.format(root=ROOT.as_uri()), encoding="utf-8")
    command = [DENO, "run", "--no-remote", "--no-npm", "--no-prompt", "--allow-read", script]
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(tmp_path), "NO_COLOR": "1", "HOME": str(tmp_path)}
    asked = json.dumps({"types": catalog()["blocks"], "flows": flows})
    done = subprocess.run(command, input=asked, env=quiet, capture_output=True, text=True, check=True)
    kinds = set()
    for agent, here, (copied, told) in zip(agents, flows, json.loads(done.stdout), strict=True):
        assert copied == here
        known = [place for place in places(agent) if place.path.startswith("flow.")]
        assert [id for id, *_ in told] == [place.block.id for place in known]
        for place, (id, outside, inside) in zip(known, told, strict=True):
            kinds |= {
                type(place.block).__name__,
                *("off" for _ in place.off),
                *(["round"] if place.given else []),
            }
            assert {*outside} == offered(place.before, place.given), (id, here)
            assert len(outside) == len({*outside})
            if isinstance(place.block, Rounds):
                assert {*inside} == offered(place.inside.before, place.inside.given), (id, here)
    assert len(kinds) > 9


def test_every_starter_comes_out_of_the_editor_byte_for_byte():
    for file in STARTERS:
        data = parse(file.read_bytes())
        assert to_bytes(Agent.load(data).to_json()) == file.read_bytes(), file.name
