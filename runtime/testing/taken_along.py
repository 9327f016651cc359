"""An agent that is handed on, in one file with its tests; they part again where it is brought in."""

from collections.abc import Callable
from pathlib import Path

from runtime.agents.agent import Agent
from runtime.agents.elsewhere import refuse
from runtime.agents.library import Library
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.testing.suite import Suite
from runtime.testing.suites import Suites

TESTS = "tests"
"""The field that holds them, which an agent's own file has not."""


def exported(library: Library, id: str, data: Path) -> str:
    """The saved agent to hand on. Raises NotFound, BadAgent."""
    text = library.export(id)
    suite, _ = Suites(library.folder, data).open(id)
    if suite == Suite():
        return text
    return to_bytes({**parse(text), TESTS: suite.to_json()}).decode("utf-8")


def imported(library: Library, text: str, data: Path, judged: Callable[[Agent], Agent]) -> Agent:
    """Raises BadAgent that names the first thing that is wrong, in the tests, too; then nothing is there."""
    refuse(text)
    held = parse(text)
    if not isinstance(held, dict) or TESTS not in held:
        return library.import_(text, judged)
    try:
        suite = Suite.load(held.pop(TESTS))
    except BadAgent as e:
        raise BadAgent(e.text, field=f"{TESTS}.{e.field}" if e.field else TESTS) from None
    agent = library.import_(to_bytes(held).decode("utf-8"), judged)
    Suites(library.folder, data).save(agent.id, suite, None)
    return agent
