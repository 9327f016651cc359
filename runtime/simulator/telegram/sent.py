"""What a bot sent, and how the platform answers that it took it."""

import json
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.http import Response

SENDS = {
    "sendPhoto": ("photo", 10),
    "sendVoice": ("voice", 50),
    "sendVideo": ("video", 50),
    "sendDocument": ("document", 50),
}
"""Its file's field, and MB at most."""
NAMES = {"photo": "[图片]", "voice": "[语音]", "video": "[视频]", "document": "[文件]"}


@dataclass
class Sent:
    """A message of the bot's. `text`: as it came over the wire."""

    id: int
    chat: int
    at: float
    text: str
    words: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    file: bytes = b""
    reply: int = 0


def body(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()


def yes(result: Any) -> Response:
    return Response(body(result))
