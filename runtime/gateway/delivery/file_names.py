"""What a person sees a file of an answer called."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

NAMING = re.compile(r"[^\w.()-]|(?<!\w)\.+")
"""What no name of a file has in it."""
LONGEST_NAME = 60


def file_name(data: Mapping[str, Any], ending: str) -> str:
    """What the person sees a file called: as the answer calls it, else as its address does."""
    url = str(data.get("url", ""))
    last = unquote(urlsplit(url).path.rpartition("/")[2]) if url else ""
    stem = str(data.get("title") or "") or last.rpartition(".")[0] or last
    kept = " ".join(NAMING.sub(" ", stem).split())[:LONGEST_NAME].strip()
    kept = kept.removesuffix(f".{ending}").rstrip(". ")
    return f"{kept or 'file'}.{ending}"
