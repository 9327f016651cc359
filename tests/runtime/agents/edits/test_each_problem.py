"""Each problem that the check can tell has a fix, or a reason why none is certain; a new one is decided.

What is told is read from the sources: every sentence of the modules that the check asks.
"""

import ast
from pathlib import Path

import pytest

from runtime.agents import check
from runtime.agents.edits.fixing import FIXES

ROOM = Path(check.__file__).parent
MODULES = (
    "check",
    "person_check",
    "models_check",
    "tool_names",
    "nesting",
    "bases",
    "holding",
    "scope",
    "trial",
    "unheeded",
)
PARTS = ("; ", "; and {more} more.", "{name!r} was not published", ".", ". Is it {alike!r}?")
"""Of a sentence that tells others."""
NEEDS = ("use the secret", "look into the knowledge base", "write through the publication")

OWNERS = "the owner has to allow it, on the settings page"
ELSEWHERE = "it is mended on another page, with what only the owner has"
MEANT = "what was meant is not known"
ORDER = "a block could be moved, or the reference changed"
TABLE = {
    "{name!r} is switched off, so": "switched_off",
    "There is no {name!r}: no earlier block": "misspelt",
    "{name!r} has no {field!r}; there are": "misspelt",
    "what it finds is used nowhere": "unused",
    "it changes something elsewhere": "unheeded",
    "two tools are called {name!r}": "tool_twice",
    "it waits, and the rounds around it": "cannot_wait",
    "there is no knowledge base {base!r}": "other_base",
    "“person.{name}” is not declared": "undeclared",
    "secrets may only stand in headers": MEANT,
    "This trigger has no flow yet": MEANT,
    "There is no flow for messages": MEANT,
    "The flow is empty": "a model or a reply: two ways",
    "Nothing answers": "a model or a reply: two ways",
    "Never reached": "what is behind could be moved up, or removed",
    "this tool would {power}": OWNERS,
    "it would {what}": OWNERS,
    "The tool still needs": MEANT,
    "the secret {name!r} is not set": ELSEWHERE,
    "“person.{name}” is yours alone": "either its writer is changed, or the flow",
    "“person.{name}”: {why}": MEANT,
    "“person” is who writes": "a reference to it may mean either",
    "no model speaks yet": ELSEWHERE,
    "No model is set up yet": ELSEWHERE,
    "{provider} has no key yet": ELSEWHERE,
    "{name!r} is, or looks like, the name": "only its owner can tell what it is like",
    "no places {name!r} are declared": "how many there are is not known",
    "there is no agent {id!r}": MEANT,
    "the agent {id!r} cannot be read": ELSEWHERE,
    "these agents use each other": MEANT,
    "agents are nested deeper": MEANT,
    "it uses too many agents": MEANT,
    "this looks like a key": ELSEWHERE,
    "{name!r} is not earlier": ORDER,
    "{name!r} is on another way": ORDER,
    "{name!r} is inside of {rounds!r}": "what is to be collected is not known",
    "{name!r} is text and has no": MEANT,
    "Fails for a person's first message": MEANT,
}


def sentences():
    for module in (*MODULES, "pasted_keys"):
        for node in ast.walk(ast.parse((ROOM / f"{module}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) > 1:
                yield ast.literal_eval(node.args[1])


TOLD = sorted({one for one in sentences() if not one.startswith(NEEDS)})


@pytest.mark.parametrize("sentence", TOLD, ids=lambda one: one[:40])
def test_each_sentence_is_decided(sentence):
    if sentence in PARTS or sentence.startswith("{name!r} was not published"):
        return
    assert [start for start in TABLE if sentence.startswith(start)], sentence


def test_what_is_decided_is_told_and_each_fix_is_of_something():
    unused = [start for start in TABLE if not any(one.startswith(start) for one in TOLD)]
    assert unused == []
    # An id is told of by what reads the agent, not by the check.
    assert FIXES.keys() - {"taken", "reserved"} <= {*TABLE.values()}
    assert all(reason in FIXES or " " in reason for reason in TABLE.values())
