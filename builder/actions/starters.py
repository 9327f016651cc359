"""What a new agent may begin with: in groups by the job, each with the surfaces that do all it counts on."""

import functools
from typing import Any

from builder.actions import pair
from builder.studio import Studio
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.blocks import AsksModel, GrantsTools, UsesBases, Waits
from runtime.channels import Channel, Receives, widest_first
from runtime.lang import NOTHING, Text, joined, written
from runtime.publish.unmet import Place, unmet
from runtime.store.control.control import Control

Json = dict[str, Any]

FEW = 2
"""Surfaces that are named as those where it does not work."""

BUT_FOR = Text("除「{titles}」外都能用", "Works everywhere but on {titles}")
ONLY = Text("适合：{titles}", "For: {titles}")
BETWEEN = Text("、", ", ")
NEEDS = Text("需要：{what}", "Needs: {what}")
MODEL = Text("大模型", "a model")
BASE = Text("您的资料", "your documents")
DECIDES = Text("有人来批准", "somebody who decides")

GROUPS = (
    (
        Text("接待顾客", "Serving customers"),
        (
            *("booking-assistant", "tea-shop", "my-orders", "invoice-desk", "returns-desk", "event-signup"),
            *("quote-desk", "repair-desk", "sales-advisor", "knowledge-answerer", "feedback-survey"),
        ),
    ),
    (
        Text("公司里用", "At work"),
        (
            *("leave-approval", "staff-helper", "recruiting-desk", "weekly-report", "meeting-summary"),
            "developer-desk",
        ),
    ),
    (
        Text("写作与调研", "Writing and research"),
        ("team-lead", "web-researcher", "writing-helper", "translator"),
    ),
    (
        Text("学习与生活", "Learning and every day"),
        (
            *("homework-helper", "quiz", "english-teacher", "travel-planner", "voice-assistant"),
            *("reminders", "daily-helper"),
        ),
    ),
)
"""Every starter is in one."""


def groups(studio: Studio) -> list[Json]:
    """[{title, starters: [{id, name, description, suits, needs}]}], in every language.

    `suits` is empty where it works wherever people write; `needs`, where it works as it is.
    """
    return _groups(studio.library, studio.control)


@functools.lru_cache(maxsize=1)
def _groups(library: Library, control: Control) -> list[Json]:
    """They are part of the program: read once."""
    english = {agent.id: agent for agent in library.starters("en")}
    chinese = {agent.id: agent for agent in library.starters("zh")}
    return [
        {
            "title": pair(title),
            "starters": [_starter(control, chinese[id], english[id]) for id in ids],
        }
        for title, ids in GROUPS
    ]


def _starter(control: Control, chinese: Agent, english: Agent) -> Json:
    return {
        "id": chinese.id,
        "name": pair(written(chinese.name, english.name)),
        "description": pair(written(chinese.description, english.description)),
        "suits": pair(_suits(control, chinese)),
        "needs": pair(_needs(chinese)),
    }


def _suits(control: Control, agent: Agent) -> Text:
    kinds = [kind for _, kind in widest_first() if _is_for(agent, kind)]
    missing = [kind for kind in kinds if unmet(control, agent, [Place(kind)])]
    if not missing:
        return NOTHING
    fits = [kind for kind in kinds if kind not in missing]
    sentence, named = (BUT_FOR, missing) if len(missing) <= FEW else (ONLY, fits)
    return sentence.fill(titles=joined([kind.about.title for kind in named], BETWEEN))


def _needs(agent: Agent) -> Text:
    """What an owner brings along before it, and those that it asks, are of use: nothing of it keeps anybody
    from trying it."""
    blocks = [block for one in (agent, *agent.others.values()) for _, block in one.walk()]
    tools = [tool for block in blocks if isinstance(block, GrantsTools) for _, tool in block.granted()]
    found = [
        *([MODEL] if any(isinstance(block, AsksModel) and block.asked for block in blocks) else []),
        *([BASE] if any(isinstance(block, UsesBases) and block.searched for block in blocks) else []),
        *dict.fromkeys(tool.about.title for tool in tools if tool.secret_fields),
        *([DECIDES] if any(isinstance(block, Waits) and block.comes_unasked for block in blocks) else []),
    ]
    return NEEDS.fill(what=joined(found, BETWEEN)) if found else NOTHING


def _is_for(agent: Agent, kind: type[Channel]) -> bool:
    """Whoever only sends is of use to what begins by itself."""
    return issubclass(kind, Receives) or bool(agent.starts)
