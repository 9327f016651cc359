"""Which knowledge bases an agent looks into: they stand beside it, and are not in its file."""

import difflib
from collections.abc import Collection, Iterator

from runtime.agents.agent import Agent
from runtime.agents.scope import LIKELY
from runtime.blocks import GrantsTools, UsesBases
from runtime.lang import Text

ABSENT = Text(
    "没有资料库「{base}」，请在「资料库」页建好，或用 python app.py knowledge add {base} 加入资料",
    "there is no knowledge base {base!r}; make it on the Knowledge page, or by "
    "python app.py knowledge add {base}",
)


def used(agent: Agent) -> Iterator[tuple[str, str]]:
    """The place of each, such as `flow.0.bases.1`, and its id."""
    for path, block in agent.walk():
        if isinstance(block, UsesBases):
            yield from ((f"{path}.bases.{i}", base) for i, base in enumerate(block.searched))
        if isinstance(block, GrantsTools):
            for name, tool in block.granted():
                yield from ((f"{path}.{name}.bases.{i}", base) for i, base in enumerate(tool.searched))


def absent(agent: Agent, known: Collection[str]) -> Iterator[tuple[str, Text, str]]:
    """What it looks into that is not there; with the one base that is called nearly so, "" for none."""
    for field, base in used(agent):
        if base not in known:
            alike = difflib.get_close_matches(base, known, 2, LIKELY)
            yield field, ABSENT.fill(base=base), alike[0] if len(alike) == 1 else ""
