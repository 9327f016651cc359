"""Which of an agent's models write its answer."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runtime.agents.agent import Agent, walk_enabled
from runtime.blocks import Answers, Block, GrantsTools, Writes

ONLY_A_TEXT = re.compile(r"\s*\{\{\s*(\w[\w-]*)\.text\s*\}\}\s*")


def answering_blocks(agent: Agent) -> Iterator[str]:
    """Ids of model blocks whose text is the answer: named by a reply block, or last where none replies."""
    for _, flow in agent.flows():
        yield from _answering([block for _, block in walk_enabled(flow)])


class HowItAnswers(NamedTuple):
    """`blocks`: ids of those models whose text is the answer; `tools`: names of those that they have;
    `has_form`: the owner gave one of these answers a form."""

    blocks: frozenset[str]
    tools: frozenset[str]
    has_form: bool


def how_it_answers(agent: Agent) -> HowItAnswers:
    ids = frozenset(answering_blocks(agent))
    blocks = [block for _, block in agent.enabled() if block.id in ids]
    granted = [tool for block in blocks if isinstance(block, GrantsTools) for _, tool in block.granted()]
    has_form = any(isinstance(block, Writes) and block.has_form for block in blocks)
    return HowItAnswers(ids, frozenset(tool.name or tool.type for tool in granted), has_form)


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
