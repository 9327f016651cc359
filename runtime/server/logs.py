"""The log: one line an event on standard error, without secrets, and with the message that it is about."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

from runtime.log_id import ABOUT

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LONGEST = 20_000
"""Characters of a line's words, and of its traceback: the rest is left out."""
SECRETS = re.compile(
    r"(?P<name>(?:access_token|appsecret|app_secret|corpsecret|secret|api[_-]?key|password|token|encoding_?aes_?key|"
    r"signature|msg_signature|echostr|(?<=[?&])ticket)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;)}\]]+"
    r"|(?P<opens>://[^\s/:@]*:)[^\s/@]+(?=@)"
    r"|(?P<scheme>\b(?:Bearer|Basic)\s+)[\w.~+/=-]+"
    r"|\b(?:hy|sk|xapp|xox[a-z])-[\w-]{12,}|(?<![\w-])ey[\w-]{8,}\.[\w-]{8,}\.[\w-]{20,}|\b(?:bot)?[0-9]{6,20}:[\w-]{30,}",
    re.IGNORECASE,
)
QUIET = (
    "httpx",
    "httpcore",
    "aiohttp.access",
    "uvicorn.access",
    "uvicorn.error",
    "LiteLLM",
    "asyncio",
    "websockets",
)


def redacted(text: str) -> str:
    """The text with tokens, secrets, passwords and keys replaced by ***."""
    return SECRETS.sub(lambda found: (found["name"] or found["opens"] or found["scheme"] or "") + "***", text)


class OneLine(logging.Formatter):
    """A record on one line: a newline or escape that somebody sent cannot fake another event."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)[: 2 * LONGEST]
        if seq := ABOUT.get():
            line = f"{line} [message {seq}]"
        return redacted(
            "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line.replace("\n", " ⏎ "))
        )

    def formatException(self, ei: object) -> str:  # logging's name
        error = ei[1] if isinstance(ei, tuple) else None
        return "".join(traceback.format_exception(error)).strip() if error else ""


class AsJson(OneLine):
    """The same as an object a line, for programs that collect logs. `message`: the number of a message, which
    all lines about it have; `error`: the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": _kept(record.getMessage()),
            "process": record.process,
        }
        if seq := ABOUT.get():
            told["message"] = seq
        if record.exc_info:
            told["error"] = _kept(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


def _kept(text: str) -> str:
    """What a program may read of it. A line is cut before it is searched for secrets: that takes time."""
    return redacted("".join(c if c.isprintable() or c == "\n" else " " for c in text[:LONGEST]))


def set_up(level: str, format: str = "text") -> None:
    """Send everything to standard error, as `text` or `json`; libraries only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if format == "json" else OneLine(FORMAT))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
