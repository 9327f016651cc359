"""Gradio's chat, into which nothing comes but inert HTML of ours (runtime.safety), and text goes out.

Gradio reads a message as Markdown with HTML in it: forms, styles, pictures from elsewhere and all. So each
message is rendered here, and carries what was written beside it for whoever asks back: an event, a copy.
Files that came with a message are parts of Gradio's own, a picture, a player, a line to download, each by an
address of ours (builder/serving/kept_files.py): Gradio keeps none, and reads none.
"""

import functools
import html
import re
from collections.abc import Mapping
from typing import Any

import gradio as gr

from builder.file_box import file_of
from runtime.choices import read
from runtime.safety.inert_html import inert_html, inert_text, plain

Said = dict[str, Any]

WRAPPED = '<div class="hy-said" data-said="{said}">{shown}</div>'
SAID = re.compile(r'<div class="hy-said" data-said="([^"]*)">')
"""Also read by builder/static/play/said.js."""
PRE = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
MARKDOWN = re.compile(r"[^\w\s]", re.ASCII)


class InertChat(gr.Chatbot):
    """Shows messages {role, content, metadata, files?}: content is a text, in which nothing acts.

    `files`: as keep_file tells of them.
    """

    is_template = True
    """In the browser it is a Chatbot."""

    def __init__(self, value: Any = None, **settings: Any) -> None:
        plainly = {"latex_delimiters": [], "allow_tags": False, "sanitize_html": True}
        super().__init__(value, **settings | plainly)

    def get_config(self, cls: Any = None) -> dict[str, Any]:
        """What the browser is told: a Chatbot's settings, by their names there."""
        return super().get_config(gr.Chatbot)

    def postprocess(self, value: Any) -> Any:
        """As JSON: what is no model of Gradio's is no file of Gradio's either, which it would look for."""
        told = list(value or [])
        shown: list[Any] = [_shown(message) for message in told]
        found: list[Said] = super().postprocess(shown).model_dump()
        for one, message in zip(found, told, strict=True):
            if files := message.get("files"):
                texts = one["content"] if _text(message["content"]) else []
                one["content"] = [*({"type": "file", "file": file_of(file)} for file in files), *texts]
        return found


def as_written(text: str) -> str:
    """What was written, of a message as the browser has it; any other text as it is."""
    found = SAID.match(text)
    return html.unescape(found[1]) if found else text


def _shown(message: Mapping[str, Any]) -> Said:
    metadata = dict(message.get("metadata") or {})
    if metadata.get("title"):
        metadata["title"] = _label(str(metadata["title"]))
    said = _text(message["content"])
    if message["role"] == "user":
        return {"role": "user", "content": _wrapped(said, inert_text), "metadata": metadata}
    shown = {"role": message["role"], "content": _wrapped(said, _before_choices), "metadata": metadata}
    options = [{"value": one.value, "label": plain(one.text)} for one in read(said)[1]]
    return {**shown, **({"options": options} if options else {})}


def _before_choices(said: str) -> str:
    """Those are buttons."""
    return inert_html(read(said)[0])


@functools.lru_cache(maxsize=128)
def _wrapped(said: str, render: Any) -> str:
    """On one line without blank ones, which Markdown takes for HTML as it stands (CommonMark 4.6, kind 6)."""
    parts = PRE.split(render(said))
    shown = "".join(part.replace("\n", "&#10;" if part.startswith("<pre>") else " ") for part in parts)
    beside = html.escape(said).replace("\n", "&#10;").replace("\r", "&#13;")
    return WRAPPED.format(said=beside, shown=shown)


def _label(title: str) -> str:
    """A title is read as Markdown too: every sign in it as a reference, which is none any more."""
    return MARKDOWN.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(plain(title).split()))


def _text(content: Any) -> str:
    """A message's text; Gradio may hold it in parts, of which others are no text."""
    parts = content if isinstance(content, list) else [content]
    texts = [
        part if isinstance(part, str) else part.get("text") for part in parts if isinstance(part, str | dict)
    ]
    return "".join(text for text in texts if isinstance(text, str))
