"""What is offered at a place is there when the engine gets there, and what the engine has there is offered.

Before every block of generated flows stands one that prints each name it is offered; the turn is played.
"""

import pytest
from made_flows import generated, offered

from runtime.agents.agent import Agent
from runtime.agents.scope import places
from runtime.turn.events import BlockFinished, Failed
from script import Script, play, says, wrote

PROBE = "probe_"


def probed(flow, names):
    """With a block before each that prints what that one is offered."""
    found = []
    for one in flow:
        ways = {
            name: [{**case, "flow": probed(case["flow"], names)} for case in inner]
            if name in CASES
            else inner
            for name, inner in one.items()
        }
        ways |= {name: probed(one[name], names) for name in ("flow", "otherwise") if name in one}
        values = {
            f"v{n}": f"{{{{ {name} }}}}"
            for n, name in enumerate(sorted(names[one["id"]] or {"message.text"}))
        }
        found += [{"type": "set", "id": f"{PROBE}{one['id']}".lower(), "values": values}, ways]
    return found


CASES = ("cases", "intents")
ENDS = ("reply", "ask")


def lasting(value):
    """Without what would end the turn before the rest is seen."""
    if isinstance(value, list):
        return [lasting(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") in ENDS:
        return {"type": "note", "id": value["id"], "text": "在此"}
    return {name: lasting(inner) for name, inner in value.items()}


@pytest.mark.parametrize("seeds", [range(0, 150), range(150, 400)], ids=str)
async def test_each_chip_is_there_and_what_is_there_is_a_chip(seeds):
    asked = 0
    for seed in seeds:
        bare = {"id": "x", "name": "x", "flow": lasting(generated(seed))}
        known = {place.block.id: offered(place.before, place.given) for place in places(Agent.load(bare))}
        agent = Agent.load({**bare, "flow": probed(bare["flow"], known)})
        models = Script([says('{"phone": "1", "day": "2026-01-01"}')])
        events = await play(agent, wrote("甲"), models)
        wrong = [one for one in events if isinstance(one, Failed) and "probe" in one.reason.en]
        assert wrong == [], (seed, wrong[0].reason.en)
        asked += sum(len(known[id]) for id in told(events, known))
    assert asked > 50


def told(events, known):
    """The blocks whose probe ran; at each, what blocks before it on its way gave is offered to it."""
    given, ran = {}, []
    for one in events:
        if not isinstance(one, BlockFinished):
            continue
        if not one.block.startswith(PROBE):
            given[one.block] = (one.within, set(one.output))
            continue
        id = one.block.removeprefix(PROBE)
        if id not in known:
            continue
        ran.append(id)
        here = {other for other, (within, _) in given.items() if one.within.startswith(within)}
        for other in here:
            assert {f"{other}.{name}" for name in given[other][1]} <= known[id], (id, other)
    return ran
