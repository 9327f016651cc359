"""What in an agent looks like a key: it belongs into a secret, because agents are exported and handed on."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from runtime.lang import Text

SHAPES = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"sk-[A-Za-z0-9_-]{16,}|hy-[A-Za-z0-9_-]{30,}|app-[A-Za-z0-9]{20,}|fastgpt-[A-Za-z0-9]{20,}"
    r"|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|gsk_[A-Za-z0-9]{20,}|hf_[A-Za-z0-9]{20,}"
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"  # code hosts
    r"|AKIA[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,}|AKID[A-Za-z0-9]{13,}"  # clouds
    r"|xox[abeprs]-[A-Za-z0-9-]{10,}|pat_[A-Za-z0-9]{30,}|r?k_live_[A-Za-z0-9]{16,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}"  # a JSON web token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----)"
)
"""How keys of well-known services begin."""

WORDS = (
    r"(?:api[_-]?key|access[_-]?key|secret[_-]?key|app[_-]?secret|client[_-]?secret|access[_-]?token"
    r"|auth[_-]?token|token|secret|passw(?:or)?d|pwd|private[_-]?key|密钥|秘钥|口令|令牌)"
)
GIVEN = re.compile(
    rf"(?i)(?<![A-Za-z]){WORDS}[\"']?\s*(?:[:=：＝]|是|is)\s*[\"']?(?!\s*\{{)([A-Za-z0-9_+/=.~-]{{8,}})"
)
"""A name for a key, and what it is set to."""

HEADER = re.compile(rf"(?i)^(?:authorization|cookie|x-[a-z-]*(?:key|token|auth|secret)|{WORDS}|key|apikey)$")
SCHEME = re.compile(r"(?i)^(?:bearer|basic|token|apikey|key|digest)\s+")
QUERY = re.compile(rf"(?i)[?&](?:{WORDS}|key|apikey|sign(?:ature)?)=(?!\{{)([^&#{{\s]{{6,}})")
NAMED = re.compile(rf"(?i)(?:^|_){WORDS}(?:$|_)|(?:^|_)key$")

TOLD = Text(
    "这里看起来有一个密钥。请存成密钥并改写为 {{ secret.名称 }}，否则它会随智能体一起保存和导出",
    "this looks like a key. Keep it as a secret and write {{ secret.name }}; "
    "else it is stored and exported with the agent",
)


def keys(data: Any, field: str = "") -> Iterator[tuple[str, Text]]:
    """Each field of an agent's JSON that holds what looks like a key."""
    if isinstance(data, str):
        if _is_key(data):
            yield field, TOLD
    elif isinstance(data, Mapping):
        for name, value in data.items():
            below = f"{field}.{name}".strip(".")
            header = field.endswith(".headers") and isinstance(value, str) and _is_credential(name, value)
            variable = name == "default" and NAMED.search(str(data.get("name", ""))) and _is_long(value)
            if header or variable:
                yield below, TOLD
            else:
                yield from keys(value, below)
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from keys(value, f"{field}.{i}")


def withheld(text: str, instead: str) -> str:
    """The text with something else in place of whatever looks like a key."""
    text = SHAPES.sub(instead, text)
    for pattern in (GIVEN, QUERY):
        text = pattern.sub(lambda found: found[0].replace(found[1], instead), text)
    return text


def _is_key(text: str) -> bool:
    if SHAPES.search(text) or QUERY.search(text):
        return True
    # A word such as "password" is long enough, too; a key has digits among its letters.
    return any(
        re.search(r"\d", match[1]) and re.search("[A-Za-z]", match[1]) for match in GIVEN.finditer(text)
    )


def _is_credential(header: str, value: str) -> bool:
    written = re.sub(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}", "", SCHEME.sub("", value.strip())).strip()
    return bool(HEADER.match(header.strip())) and len(SCHEME.sub("", written + " ").strip()) >= 6


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z0-9_+/=.~-]{12,}", value.strip()))
