"""What a playground's chat holds, for the one that goes on with it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from builder import phone
from builder.actions.kept_chat import PLAYED, plain_text
from builder.actions.sent_files import exchange, files_in, on_phone, text_of
from builder.studio import Studio
from runtime.message import Exchange
from runtime.safety.settings import Label
from runtime.trying.memory import tried


def waiting(
    studio: Studio, id: str, messages: Sequence[Mapping[str, Any]], apart: str = ""
) -> list[dict[str, Any]]:
    """What waits in a chat, for the phone; `apart`: see runtime.trying.memory."""
    open = tried(studio.settings.data, id, apart).waiting(exchanges(messages), time.time())
    return [one.to_json() for one in open]


def exchanges(messages: Sequence[Mapping[str, Any]]) -> list[Exchange]:
    """The finished exchanges of a chat: a failed or stopped turn is none."""
    found: list[Exchange] = []
    asked: Mapping[str, Any] | None = None
    for message in messages:
        if message["role"] == "user":
            asked = message
        elif asked is not None and (message.get("metadata") or {}).get("id") == "answer":
            found.append(exchange(asked, plain_text(asked["content"]), plain_text(message["content"])))
            asked = None
    return found


def previews(
    messages: Sequence[Mapping[str, Any]],
    channel: str,
    failed: str = "",
    language: str = "zh",
    label: Label | None = None,
) -> list[dict[str, Any]]:
    """The phone's view of a chat: what was answered, and `failed` where nothing was. `label`: the mark of
    what a model wrote."""
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] | None = None
    for message in messages:
        end, content = (message.get("metadata") or {}).get("id"), plain_text(message["content"])
        if message["role"] == "user":
            files = files_in(message)
            asked = (
                {"asked": "", "note": content} if end == PLAYED else on_phone(text_of(content, files), files)
            )
        elif asked is not None and end in ("answer", "failed", "silent"):
            if label and (message.get("metadata") or {}).get("wrote"):
                content = phone.marked(content, label, channel, language)
            text = {"answer": content, "failed": "" if "note" in asked else failed}.get(str(end), "")
            shown = phone.preview("", text, channel, language) | asked
            found.append({**shown, "failed": True} if end == "failed" and text else shown)
            asked = None
    return found
