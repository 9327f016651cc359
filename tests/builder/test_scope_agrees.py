"""What the flow editor offers at a place is what the check knows there: generated flows and all starters."""

import json
import random
import subprocess
from pathlib import Path

from builder.flow_editor import catalog
from builder.serving import bundle
from runtime.agents.agent import PERSON, Agent
from runtime.agents.scope import places
from runtime.agents.strict_json import parse, to_bytes
from runtime.blocks import Rounds, results
from runtime.settings import CHECKOUT

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
STARTERS = sorted((CHECKOUT / "templates" / "agents").glob("*.json"))
FLOWS, DEEPEST = 150, 3
FIELDS = [{"name": "phone"}, {"name": "day", "type": "date"}]
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


def block(dice, names, depth):
    """One of any shape, in a way or not, switched off or not, with an id that is hostile now and then."""
    id = names.pop()
    off = {"disabled": True} if dice.random() < 0.2 else {}
    inner = (lambda: flow(dice, names, depth + 1)) if depth < DEEPEST else list
    else_ = {"otherwise": inner()} if dice.random() < 0.4 else {}
    case = {"title": "一", "when": "true"}
    kinds = [
        {"type": "set", "id": id, **off, "values": {"a": "1", "b": "2"}, **else_},
        {
            "type": "model",
            "id": id,
            **off,
            "fields": [{"name": "phone"}, {"name": "day", "type": "date"}],
            **else_,
        },
        {"type": "reply", "id": id, **off, "text": "好"},
        {"type": "knowledge", "id": id, **off, "text": "一", **else_},
        {"type": "branch", "id": id, **off, "cases": [{**case, "flow": inner()} for _ in range(2)], **else_},
        {"type": "classify", "id": id, **off, "intents": [{"title": "一", "flow": inner()}], **else_},
        {"type": "repeat", "id": id, **off, "over": "x", "flow": inner(), **else_},
        {"type": "ask", "id": id, **off, "fields": [{"name": "size"}], **else_},
    ]
    return dice.choice(kinds)


def flow(dice, names, depth=0):
    return [block(dice, names, depth) for _ in range(dice.randint(0, 3)) if len(names) > 20]


def generated(seed):
    dice = random.Random(seed)
    names = [f"b{n}" for n in range(120)] + ["constructor", "__proto__", "valueof"]
    dice.shuffle(names)
    return flow(dice, names)


def offered(before, given):
    """What was kept of the person is offered as the person's."""
    found = [*given]
    for one in before:
        found += [f"{one.id}.{name}" for name in results(one) if name != PERSON]
        found += [f"{one.id}.{out}.{name}" for out, inner in one.contents().items() for name in inner]
    return {*found}


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
