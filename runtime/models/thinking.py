"""Servers that are told apart whether a model thinks before it answers, and not by an effort alone."""

from collections.abc import Mapping
from typing import Any

BY_TYPE, GRADED = "type", "graded"
"""By the type of `thinking`; by that, and by how much."""

SWITCHES: Mapping[str, str] = {
    "deepseek": GRADED,  # https://api-docs.deepseek.com/guides/thinking_mode
    "glm": BY_TYPE,  # https://docs.bigmodel.cn/cn/guide/capabilities/thinking-mode
    "doubao": BY_TYPE,
    "moonshot": BY_TYPE,
}
USUAL: Mapping[str, str] = {"deepseek": "none"}
"""The effort that is sent where nobody named one: DeepSeek's models think first, and much, unless they are
told not to, and take no temperature then. People in a chat wait for it."""


def thinking(effort: str, switch: str) -> dict[str, Any]:
    """How much to think, in the words of a server with that switch, or without any."""
    if not effort or not switch:
        return {"reasoning_effort": effort} if effort else {}
    if effort == "none" or (effort == "minimal" and switch == BY_TYPE):
        return {"thinking": {"type": "disabled"}}
    graded = {"reasoning_effort": effort} if switch == GRADED else {}
    return {"thinking": {"type": "enabled"}, **graded}


def through_litellm(asked: Mapping[str, Any], switch: str) -> dict[str, Any]:
    """What litellm leaves out, or takes for a mistake, of how much to think goes to the server as it is.

    Where it is graded (DeepSeek) litellm knows the switch, and sees to the thoughts of earlier rounds.
    """
    told = {name: asked[name] for name in ("thinking", "reasoning_effort") if name in asked}
    if "thinking" not in told:
        return {**asked}
    rest = asked if switch == GRADED else {name: asked[name] for name in asked if name not in told}
    return {**rest, "extra_body": told}
