"""A turn, block by block: model rounds, tools with what they were given and gave back, outputs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from builder.insights import _words
from builder.insights._plain import LONGEST, label, plain
from builder.insights._words import milliseconds, t
from runtime import blocks

Entry = Mapping[str, Any]


def trace(events: Sequence[Entry]) -> None:
    """Each block opens to what happened in it."""
    by_block: dict[str, list[Entry]] = {}
    for event in events:
        by_block.setdefault(str(event.get("block", "")), []).append(event)
    if not by_block:
        st.caption(t("message.no_trace"))
    for entries in by_block.values():
        with st.expander(_title(entries)):
            for entry in entries:
                _entry(entry)


def _title(entries: Sequence[Entry]) -> str:
    first = entries[0]
    kind = blocks.registry().get(str(first.get("kind")))
    title = str(
        first.get("title")
        or (_words.in_lang(kind.about.title) if kind else first.get("kind") or first.get("block"))
    )
    ms = next((entry["ms"] for entry in entries if entry["type"] == "block_finished"), None)
    return label(title) + (f" · {milliseconds(ms)}" if ms is not None else "")


def _entry(entry: Entry) -> None:
    match entry["type"]:
        case "model_used":
            st.text(plain(str(entry["model"])))
            st.caption(_used(entry))
            if entry.get("thoughts"):
                _code(t("trace.thoughts"), entry["thoughts"])
        case "tool_called":
            st.text(t("trace.tool", name=plain(str(entry["name"]))))
            _code(t("trace.arguments"), entry["arguments"])
        case "tool_returned":
            key = "trace.tool_failed" if entry.get("failed") else "trace.result"
            _code(f"{t(key, name=label(str(entry['name'])))} · {milliseconds(entry['ms'])}", entry["result"])
        case "block_finished" if entry["output"]:
            _code(t("trace.output"), entry["output"])


def _used(entry: Entry) -> str:
    cost = entry["cost"]
    return label(
        t(
            "trace.used",
            prompt=entry["prompt_tokens"],
            completion=entry["completion_tokens"],
            first=milliseconds(entry["first_token_ms"]),
            whole=milliseconds(entry["ms"]),
            cost=t("trace.no_price") if cost is None else f"≈ {_words.money(cost)}",
        )
    )


def _code(title: str, value: Any) -> None:
    st.caption(title)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    st.code(plain(text[:LONGEST]), language=None if isinstance(value, str) else "json", wrap_lines=True)
