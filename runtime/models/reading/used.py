"""The tokens that a server says it read and wrote, from each provider's way of counting them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Used(NamedTuple):
    """Tokens, 0 for what was not said. `cached` are some of `prompt`, `reasoning` some of `completion`."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    reasoning: int = 0


NOTHING_USED = Used()
CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")
"""Kimi's, DeepSeek's and Anthropic's names for it, where OpenAI has details."""


def used(usage: Json) -> Used:
    """What a `usage` says.

    Some leave out of the parts what is in their sum: xAI its thoughts (https://docs.x.ai/docs/guides/reasoning),
    and so Gemini as OpenAI; Anthropic what it had read before, of which it says no sum
    (https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching).
    """
    prompt = _count(usage, "prompt_tokens", "input_tokens")
    completion = _count(usage, "completion_tokens", "output_tokens")
    reasoning = _detail(usage, "reasoning_tokens", "completion_tokens_details", "output_tokens_details")
    cached = _detail(usage, "cached_tokens", "prompt_tokens_details", "input_tokens_details")
    cached = cached or _count(usage, *CACHED)
    apart = _count(usage, "cache_read_input_tokens") + _count(usage, "cache_creation_input_tokens")
    total = _count(usage, "total_tokens")
    missing = total - prompt - completion if total else 0
    if apart and (missing == apart or not (total or "prompt_tokens" in usage)):
        prompt += apart
    elif missing > 0 and prompt:
        completion += missing
    return Used(prompt, completion, min(cached, prompt), min(reasoning, completion))


def _detail(usage: Json, name: str, *places: str) -> int:
    found = (_count(usage[place], name) for place in places if isinstance(usage.get(place), Mapping))
    return next(found, 0)


def _count(usage: Json, *names: str) -> int:
    """Tokens: a whole number that is possible, else 0."""
    for name in names:
        value = usage.get(name)
        if isinstance(value, str) and value.replace(".", "", 1).isdecimal() and len(value) < 15:
            value = float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9:
            return int(value)
    return 0
