"""Whether an agent can do what a client of OpenAI's API wants of its answers; else it is told by name."""

from collections.abc import Mapping
from typing import Any

from runtime import wellformed
from runtime.agents.agent import Agent
from runtime.agents.answering import how_it_answers
from runtime.errors import Invalid, TurnFailed
from runtime.lang import Text
from runtime.message import Wishes
from runtime.turn.program_tools import SAME_NAME, names_of

TOOLS_HERE = Text(
    "这个智能体的回答不是由一个大模型积木直接写的，没法调用您的工具，也不能要求格式。请去掉「{name}」，"
    "或请它的主人让大模型积木来回答。",
    "No model block writes this agent's answers as they are, so it cannot call your tools or keep to a form. "
    "Leave {name!r} out, or have its owner let a model block answer.",
)
OWN_FORM = Text(
    "这个智能体按它自己的字段回答，请去掉「{name}」。",
    "This agent answers in fields of its own; leave {name!r} out.",
)
NOT_FORMED = Text(
    "回答不是要求的格式：这个智能体这次没有用大模型积木来回答。",
    "The answer has not the form that was wanted: this time no model block of the agent wrote it.",
)
NAMES = {"tools": "tools", "form": "response_format"}


def check_agent(agent: Mapping[str, Any], wishes: Wishes, names: Mapping[str, str] = NAMES) -> None:
    """`agent`: its JSON as it was published; `names`: what the API calls these wishes. Raises Invalid."""
    wished = [name for name in names if name in wishes]
    if not wished:
        return
    answers = how_it_answers(Agent.load(agent))
    if not answers.blocks:
        raise Invalid(
            TOOLS_HERE.fill(name=names[wished[0]]), field=names[wished[0]], code="unsupported_value"
        )
    if "form" in wishes and answers.has_form:
        raise Invalid(OWN_FORM.fill(name=names["form"]), field=names["form"], code="unsupported_value")
    if both := names_of(wishes) & answers.tools:
        raise Invalid(SAME_NAME.fill(name=min(both)), field=names["tools"], code="invalid")


def check_form(wishes: Wishes, text: str, finish: str) -> None:
    """What was to be JSON is: also where no model block wrote it. Raises TurnFailed."""
    if "form" not in wishes or finish in ("content_filter", "tool_calls"):
        return
    try:
        wellformed.load(text)
    except ValueError:
        raise TurnFailed(NOT_FORMED, code="fields") from None
