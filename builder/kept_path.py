"""By what the pages call a file that was sent in the playground and is kept."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

PATH = "kept/"
"""Begins it; then come the hash, and what is told of it as JSON."""
KNOWN = ("name", "kind", "hash", "type", "bytes")
"""Of what is told of a file, what its path says."""


def path_of(told: Mapping[str, Any]) -> str:
    known = json.dumps({name: told[name] for name in KNOWN if name in told}, ensure_ascii=False)
    return f"{PATH}{told['hash']}/{quote(known, safe='')}"


def address_of(told: Mapping[str, Any]) -> str:
    """From where the builder begins, see serving/kept_files.py."""
    return f"gradio_api/file={path_of(told)}"
