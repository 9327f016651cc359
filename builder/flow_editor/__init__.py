"""The flow editor: an ES module, which holds the truth while somebody edits. Here is what it is told once."""

from typing import Any

from builder.flow_editor.catalog import catalog
from builder.texts import load
from runtime.languages import languages

__all__ = ["catalog", "options", "texts"]


def options() -> dict[str, Any]:
    """What `mount` of editor.js wants of the server."""
    return {"catalog": catalog(), "texts": texts()}


def texts() -> dict[str, dict[str, str]]:
    """Every sentence of the editor, by language."""
    return {one.code: load(one.code, "flow.") for one in languages()}
