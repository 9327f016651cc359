"""A letter's bytes as plain data: who wrote, what, in answer to which, and by what a machine's letter is
known.

RFC 5322, 2045–2047, 2231. It is hostile: bounded, of any charset or of none, nested and broken as it
likes. Run
it off the loop.
"""

import email
import email.utils
import re
from collections.abc import Iterator, Mapping
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from typing import Any

from runtime import wellformed
from runtime.network.response_text import decoded
from runtime.network.transports.letters.html_text import text_of

LONGEST_HEADER = 4000
"""Characters of one header that are read."""
LONGEST_TEXT = 100_000
"""Characters."""
MOST_PARTS = 200
MOST_FILES = 10
ORNAMENT = 10 * 1024
"""Bytes of a picture within the text that is more than a line or a badge of somebody's signature."""
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"|]{1,64}@[^\s@<>()\[\],;:\\\"|]{1,190}")
ID = re.compile(r"<[^<>\s]{1,250}>")
MOST_IDS = 20
"""Of earlier letters that a letter names."""
MOST_PARAMETERS = 100
"""Of one header: for each one Python counts the quotes before it."""
MOST_LINES = 500_000
"""Of one letter: the largest has 330,000 when its files are packed as usual."""
MOST_LOOKS = 30_000_000
"""Lines, times how often parts may stand in each other: each line is looked at for the end of each, which
takes 3 s for so many."""
BROKEN = (RecursionError, LookupError, TypeError, AttributeError, AssertionError)
"""What Python's own reader raises for letters that nobody should write, beside ValueError."""


class _Bounded(Compat32):
    """Reading what a header says takes quadratic time, and a stranger chooses how much it says."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, said = super().header_source_parse(sourcelines)
        said = said[:LONGEST_HEADER]
        if name.lower().startswith("content-"):
            said = ";".join(said.split(";", MOST_PARAMETERS)[:MOST_PARAMETERS])
        return name, said


BOUNDED = _Bounded()


def read(raw: bytes) -> dict[str, Any]:
    """Raises ValueError for what is no letter, or nested too deep to be one."""
    try:
        return _read(raw)
    except BROKEN as e:
        raise ValueError("no letter") from e


def _parsed(raw: bytes) -> Message:
    """Raises ValueError, and BROKEN."""
    lines = raw.count(b"\n") + raw.count(b"\r")
    nested = len(re.findall(rb"(?i)multipart/", raw))
    if lines > 2 * MOST_LINES or lines * nested > 2 * MOST_LOOKS:
        raise ValueError("too much to read")
    return email.message_from_bytes(raw, policy=BOUNDED)


def _read(raw: bytes) -> dict[str, Any]:
    letter = _parsed(raw)
    parts = list(_leaves(letter))
    name, address = email.utils.parseaddr(header(letter, "From"))
    address = address.strip().lower()
    if not ADDRESS.fullmatch(address):
        raise ValueError("of nobody")
    plain, html = _words(parts)
    return {
        "from": address,
        "name": name[:100],
        "subject": " ".join(header(letter, "Subject").split())[:300],
        "id": next(iter(_ids(letter, "Message-ID")), ""),
        "references": (_ids(letter, "References") or _ids(letter, "In-Reply-To"))[-MOST_IDS:],
        "text": (plain if plain.strip() else text_of(html))[:LONGEST_TEXT],
        "files": [_file(number, part) for number, part in files(parts)],
        "signs": _signs(letter),
    }


def content(raw: bytes, number: int) -> bytes | None:
    """Of one of its files."""
    try:
        found = dict(files(list(_leaves(_parsed(raw))))).get(number)
        return None if found is None else _bytes(found)
    except (*BROKEN, ValueError):
        return None


def header(letter: Message, name: str) -> str:
    """Decoded, well-formed, on one line; "" when it is not there. The first, where there are several."""
    found = next((said for known, said in letter.raw_items() if known.lower() == name.lower()), "")
    raw = str(found)[:LONGEST_HEADER].encode("utf-8", "surrogateescape")
    value = decoded(raw, "text/plain; charset=utf-8")  # bare bytes, which nobody should send
    try:
        pieces = decode_header(value)
    except (ValueError, LookupError):  # base64 that is none
        pieces = [(value, None)]
    said = "".join(
        piece if isinstance(piece, str) else decoded(piece, f"text/plain; charset={charset or 'utf-8'}")
        for piece, charset in pieces
    )
    return wellformed.text(re.sub(r"[\r\n\t]+ ?", " ", said)).strip()


def files(parts: list[Message]) -> Iterator[tuple[int, Message]]:
    """What is sent along, by its place."""
    found = 0
    for number, part in enumerate(parts):
        if found < MOST_FILES and _is_file(part):
            found += 1
            yield number, part


def _leaves(letter: Message) -> Iterator[Message]:
    """What is no container; a letter that was forwarded as a file is one piece."""
    waiting, seen = [letter], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            waiting = [one for one in inner if isinstance(one, Message)] + waiting
        else:
            yield part


def _words(parts: list[Message]) -> tuple[str, str]:
    """Plain, and HTML."""
    said: dict[str, list[str]] = {"plain": [], "html": []}
    for part in parts:
        subtype = part.get_content_subtype()
        if part.get_content_maintype() == "text" and subtype in said and not _is_file(part):
            charset = str(part.get_param("charset") or "")
            said[subtype].append(decoded(_bytes(part)[: 4 * LONGEST_TEXT], f"text/plain; charset={charset}"))
    return "\n".join(said["plain"])[:LONGEST_TEXT], "\n".join(said["html"])[: 4 * LONGEST_TEXT]


def _is_file(part: Message) -> bool:
    disposition = (part.get_content_disposition() or "").lower()
    if disposition == "attachment":
        return True
    if part.get_content_maintype() == "text":
        return bool(part.get_filename()) and part.get_content_subtype() not in ("plain", "html")
    if part.get_content_maintype() == "multipart" or part.get_content_type() == "message/delivery-status":
        return False
    return not (part.get("Content-ID") and len(part.get_payload() or "") < ORNAMENT)


def _file(number: int, part: Message) -> Mapping[str, Any]:
    name = part.get_filename() or ""
    shell = Message()
    shell["Subject"] = str(name)[:LONGEST_HEADER]
    return {
        "part": number,
        "name": header(shell, "Subject")[:200],
        "type": part.get_content_type()[:100],
        "size": len(_bytes(part)),
    }


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if isinstance(first, Message) else b""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _ids(letter: Message, name: str) -> list[str]:
    return ID.findall(str(letter.get(name) or "")[:LONGEST_HEADER])


def _signs(letter: Message) -> Mapping[str, str]:
    """By which a machine's letter is known, and what the server that took it says of whom it came from."""
    names = {
        "auto": "Auto-Submitted",
        "precedence": "Precedence",
        "suppress": "X-Auto-Response-Suppress",
        "replied": "X-Autoreply",
        "responded": "X-Autorespond",
        "list": "List-Id",
        "unsubscribe": "List-Unsubscribe",
        "back": "Return-Path",
        "results": "Authentication-Results",
    }
    found = {name: header(letter, of)[:2000] for name, of in names.items() if letter.get(of) is not None}
    if letter.get_content_type() == "multipart/report":
        found["report"] = "yes"
    return found
