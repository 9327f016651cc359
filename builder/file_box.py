"""Gradio's box for a message with files, into which text comes, and files that are kept already.

Gradio keeps what is uploaded in a folder of its own, whatever it is, and takes any path that data calls a
file. Here the page brings each file in by our own way (builder/static/play/gradio_calls.js to
sent_files.keep_file), and what comes with a message is what was answered there.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import gradio as gr

from builder.kept_path import PATH, address_of, path_of

LONGEST_PATH = 2_000
NOTHING: Mapping[str, Any] = {"text": "", "files": []}


class FileBox(gr.MultimodalTextbox):
    """Its value is {text, files}: a file is what keep_file tells of it."""

    is_template = True
    """In the browser it is a MultimodalTextbox."""
    data_model: Any = None
    """Nothing in it is a file of Gradio's, so Gradio looks for none."""

    def get_config(self, cls: Any = None) -> dict[str, Any]:
        """What the browser is told: a MultimodalTextbox's settings, by their names there."""
        return super().get_config(gr.MultimodalTextbox)

    def api_info(self) -> dict[str, Any]:
        return {"type": "object"}

    def preprocess(self, payload: Any) -> Any:
        given = payload if isinstance(payload, dict) else NOTHING
        files = given.get("files")
        found = [_told(one) for one in files] if isinstance(files, list) else []
        return {"text": str(given.get("text") or ""), "files": [one for one in found if one]}

    def postprocess(self, value: Any) -> Any:
        """A text, or {text, files}: files that were sent before, as keep_file told of them."""
        given: Mapping[str, Any] = value if isinstance(value, dict) else {"text": value or ""}
        files = [file_of(one) for one in given.get("files", ()) if "hash" in one]
        return {"text": str(given["text"]), "files": files}


def file_of(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """A kept file as Gradio's parts in the browser show one; nothing on the server takes it for a file."""
    path = path_of(told)
    return {
        "path": path,
        "url": address_of(told),
        "orig_name": str(told.get("name", "")),
        "mime_type": str(told.get("type", "")),
        "size": told.get("bytes"),
        "is_stream": False,
    }


def _told(file: Any) -> Mapping[str, Any] | None:
    """Of one file; None for what is none."""
    path = str(file.get("kept") or file.get("path") or "") if isinstance(file, dict) else ""
    if not path.startswith(PATH) or len(path) > LONGEST_PATH:
        return None
    try:
        told = json.loads(unquote(path.removeprefix(PATH).partition("/")[2]))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
