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
    kind = registry()[channel]
    # Rendering needs no credentials, and there may be none yet: so without __init__, which wants them.
    surface = kind.__new__(kind)
    return [Part(text, len(text.encode("utf-8"))) for text in surface.render(markdown)]


def limit(channel: str = WECHAT) -> int:
    """Bytes that one message may have."""
    return registry()[channel].limits.max_bytes


def preview(asked: str, markdown: str, channel: str = WECHAT) -> dict[str, Any]:
    """One exchange for phone.js."""
    return {
        "asked": asked,
        "parts": [asdict(part) for part in parts(markdown, channel)],
        "limit": limit(channel),
    }
