"""The preview: what WeChat will really show."""

from dataclasses import asdict, dataclass
from typing import Any

from runtime.channels import registry

WECHAT = "wechat"


@dataclass(frozen=True)
class Part:
    """One message of an answer. `bytes` is what counts against the platform's limit."""

    text: str
    bytes: int


def parts(markdown: str, channel: str = WECHAT) -> list[Part]:
    """The answer as that channel sends it, byte for byte: the channel itself renders it."""
    return [Part(text, len(text.encode("utf-8"))) for text in registry()[channel].render(markdown)]


def limit(channel: str = WECHAT) -> int | None:
    """Bytes that one message may have."""
    return registry()[channel].limits.most


def preview(asked: str, markdown: str, channel: str = WECHAT) -> dict[str, Any]:
    """One exchange for phone.js."""
    return {
        "asked": asked,
        "parts": [asdict(part) for part in parts(markdown, channel)],
        "limit": limit(channel),
    }
