"""The log: one line an event on standard error, without secrets."""

import logging
import re
import sys
import traceback

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
SECRETS = re.compile(
    r"(?P<name>(?:access_token|appsecret|app_secret|corpsecret|secret|api[_-]?key|password|token|encoding_?aes_?key|"
    r"signature|msg_signature|echostr)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;)}\]]+"
    r"|(?P<scheme>\b(?:Bearer|Basic)\s+)[\w.~+/=-]+"
    r"|\b(?:hy|sk|xoxb)-[\w-]{12,}|\b(?:bot)?[0-9]{6,20}:[\w-]{30,}",
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
    return SECRETS.sub(lambda found: (found["name"] or found["scheme"] or "") + "***", text)


class OneLine(logging.Formatter):
    """A record on one line: a newline or escape that somebody sent cannot fake another event."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return redacted(
            "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line.replace("\n", " ⏎ "))
        )

    def formatException(self, ei: object) -> str:  # logging's name
        error = ei[1] if isinstance(ei, tuple) else None
        return "".join(traceback.format_exception(error)).strip() if error else ""


def set_up(level: str) -> None:
    """Send everything to standard error; libraries only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
