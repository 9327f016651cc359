"""Which of an agent's models write its answer."""

import json
import re
from collections.abc import Iterator, Sequence

from runtime.agents.agent import Agent, walk_enabled
from runtime.blocks import Answers, Block, Writes

ONLY_A_TEXT = re.compile(r"\s*\{\{\s*(\w[\w-]*)\.text\s*\}\}\s*")


def answering_blocks(agent: Agent) -> Iterator[str]:
    """Ids of model blocks whose text is the answer: named by a reply block, or last where none replies."""
    for _, flow in agent.flows():
        yield from _answering([block for _, block in walk_enabled(flow)])


def _answering(blocks: Sequence[Block]) -> Iterator[str]:
    replies = [block.answer for block in blocks if isinstance(block, Answers)]
    models = [block.id for block in blocks if isinstance(block, Writes)]
    for text in replies:
        if (match := ONLY_A_TEXT.fullmatch(text)) and match[1] in models:
            yield match[1]
    if not replies and models:
        yield models[-1]


def takes_files(agent: Agent) -> bool:
    """Whether it has use for a file that somebody sends: a model is told of it, or a template names files."""
    blocks = [block for _, block in agent.enabled()]
    if any(isinstance(block, Writes) for block in blocks):
        return True
    written = agent.to_json()
    return ".files" in json.dumps([written.get("flow"), written.get("starts")]) if blocks else False
