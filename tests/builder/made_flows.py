"""Flows of any shape, each from its seed, and what a place in one is offered."""

import random

from runtime.agents.agent import PERSON
from runtime.blocks import results

DEEPEST = 3


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
