"""Names that a file may have on any system, made from names that people, and others, give."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 80
"""Characters, and below 200 bytes, which every file system takes."""
MOST_BYTES = 190
LONGEST_TITLE = 200
LONGEST_ENDING = 8
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|base|desktop)", re.IGNORECASE)
"""What Windows takes for a device, and what is ours."""


def title_of(name: str) -> str:
    """What a person sees: the name's last part, on one line, without what turns or hides text."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    shown = "".join(sign if _is_shown(sign) else " " for sign in last)
    title = " ".join(shown.split()) or "?"
    if len(title) <= LONGEST_TITLE:
        return title
    stem, dot, ending = title.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending) <= LONGEST_ENDING else ""
    return title[: LONGEST_TITLE - len(ending)] + ending


def safe(name: str, taken: Collection[str] = ()) -> str:
    """Letters, digits, `-`, `_` and one dot before the ending; another than those `taken`, in any case."""
    stem, dot, ending = title_of(name).rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, ending = title_of(name), ""
    stem = _letters(stem)
    if not stem or RESERVED.fullmatch(stem):
        stem = f"file-{stem}".rstrip("-")
    ending = f".{ending.lower()}" if ending else ""
    known = {one.lower() for one in taken}
    for number in range(1, len(known) + 2):
        behind = "" if number == 1 else f"-{number}"
        made = _cut(stem, LONGEST - len(behind) - len(ending), MOST_BYTES - len(behind) - len(ending))
        if f"{made}{behind}{ending}".lower() not in known:
            break
    return f"{made}{behind}{ending}"


def _letters(stem: str) -> str:
    normal = unicodedata.normalize("NFC", stem)
    kept = "".join(sign if unicodedata.category(sign)[0] in "LN" or sign == "_" else "-" for sign in normal)
    return re.sub(r"-{2,}", "-", kept).strip("-_")


def _cut(stem: str, most: int, most_bytes: int) -> str:
    return stem[:most].encode()[:most_bytes].decode("utf-8", "ignore").rstrip("-_") or "file"


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "CZ" or sign == " "
