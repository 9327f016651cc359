"""A chat as a browser keeps it, and as it comes back from there."""

from collections.abc import Mapping, Sequence
from typing import Any

METADATA = ("id", "parent_id", "title", "status", "duration", "log")
"""What transcript.py says of a message."""
PLAYED = "played"
"""The id of a message that nobody wrote; its `log` is the line."""


def stopped(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A chat whose running turn was stopped: nothing goes on in it any more."""
    settled = []
    for message in messages:
        metadata = dict(message.get("metadata") or {})
        if metadata.get("status") == "pending":
            metadata["status"] = "done"
        settled.append({**message, "metadata": metadata})
    return settled


def kept_chat(before: Any) -> dict[str, Any]:
    """A chat that a browser kept, with nothing in it but text and what we put into metadata."""
    state = before if isinstance(before, dict) else {}
    said = [_kept(message) for message in state.get("said") or [] if isinstance(message, dict)]
    result, usage = state.get("result"), state.get("usage")
    return {
        "said": said,
        "result": result if isinstance(result, dict) else {"exchanges": [], "events": []},
        "usage": usage if isinstance(usage, dict) else {},
    }


def _kept(message: Mapping[str, Any]) -> dict[str, Any]:
    known = message.get("metadata") or {}
    metadata = {key: known[key] for key in METADATA if isinstance(known.get(key), str | int | float)}
    role = "user" if message.get("role") == "user" else "assistant"
    return {"role": role, "content": plain_text(message.get("content") or ""), "metadata": metadata}


def plain_text(content: Any) -> str:
    """A chat message's text; Gradio may send it in parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in parts)
