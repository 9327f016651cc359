"""Where nothing is yet: what will be here, and the way there. All of them are named in EMPTY."""

import json
import re
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from builder.insights._drawn import esc, show
from builder.insights._words import t

ICONS = Path(__file__).parents[1] / "static" / "common" / "icons.js"
Of = Literal["messages", "waiting", "todo", "tickets", "tickets_over", "runs", "places"]
EMPTY: dict[Of, tuple[str, str]] = {
    "messages": ("message", "../publish"),
    "waiting": ("clock", "../build"),
    "todo": ("check", "conversations"),
    "tickets": ("person", "../build"),
    "tickets_over": ("person", "tickets"),
    "runs": ("clock", "../build"),
    "places": ("box", "../build"),
}
"""By name the icon, and where its button leads. What it says: `empty.NAME.title`, `.hint` and `.go`."""


def nothing(name: Of) -> None:
    symbol, there = EMPTY[name]
    way = 'target="_self"' if there.startswith("../") else ""
    look = "hy-btn primary" if way else "hy-btn hy-go"
    show(
        '<div class="hy-card hy-empty">',
        f'<div class="hy-empty-icon"><i class="in-icon-{symbol}"></i></div>',
        f"<h2>{esc(t(f'empty.{name}.title'))}</h2><p>{esc(t(f'empty.{name}.hint'))}</p>",
        f'<a class="{look}" href="{there}" {way}>{esc(t(f"empty.{name}.go"))}</a></div>',
    )


def sheet() -> str:
    """Their icons as CSS, from the builder's own: Streamlit takes pictures out of what is drawn in a page."""
    return "".join(
        f'.hy .in-icon-{name} {{ mask: url("data:image/svg+xml,{quote(_icon(name))}") }}\n'
        for name in sorted({symbol for symbol, _ in EMPTY.values()})
    )


def _icon(name: str) -> str:
    found = re.search(rf'^  {name}:\s*("[^"]+")', ICONS.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, name
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" '
        f'stroke-width="1.8" stroke-linecap="round"><path d="{json.loads(found[1])}"/></svg>'
    )
