"""What the pages draw themselves: real headings, links and tables, for hands, keys and ears.

Streamlit draws a table on a canvas, takes Markdown for labels and a font of 366 kB for icons. Whatever comes
from outside goes through `esc`, which takes away its power; Streamlit's own cleaning comes after it.
"""

import html
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from builder.insights._go import Name
from builder.insights._plain import plain
from builder.insights._words import lang, t


def esc(text: object) -> str:
    return html.escape(plain(str(text)))


def show(*markup: str) -> None:
    """In the builder's look. Each piece is ours, or went through `esc`."""
    # Streamlit takes one line for a path of a file; a tag in front says that it is none
    st.html(f'<div class="hy" lang="{lang()}">{"".join(markup)}</div>')


def beside(*markup: str) -> None:
    """The same, as wide as it is: among buttons."""
    st.html(f'<div class="hy" lang="{lang()}">{"".join(markup)}</div>', width="content")


def title(text: str, hint: str = "") -> None:
    show(f"<h1>{esc(text)}</h1>", f'<p class="soft">{esc(hint)}</p>' if hint else "")


def heading(text: str) -> None:
    show(f"<h2>{esc(text)}</h2>")


def card(key: str) -> DeltaGenerator:
    """A box for what belongs together. `key`: its own on the page."""
    return st.container(border=True, key=f"card_{key}")


def row(align: Literal["center", "bottom"] = "center") -> DeltaGenerator:
    """What stands side by side: a field takes what its buttons leave of the line."""
    return st.container(horizontal=True, vertical_alignment=align)


def callout(tone: str, *lines: str, role: str = "note") -> None:
    """`tone`: ok, warn, bad or accent."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    show(f'<div class="hy-callout {tone}" role="{role}"><div>{body}</div></div>')


def anchor(name: Name, text: str, look: str = "", **params: str | int) -> str:
    """A link to another of the pages."""
    query = f"?{urlencode(params)}" if params else ""
    return f'<a class="hy-go {look}" href="{address(name)}{html.escape(query)}">{esc(text)}</a>'


def address(name: Name) -> str:
    """From any of the pages. Streamlit gives the first of them none of its own."""
    return "./" if name == "overview" else name


def link(name: Name, text: str, look: str = "", **params: str | int) -> None:
    show(anchor(name, text, look, **params))


def navigation(names: Iterable[Name], here: str, below: str) -> None:
    """The pages side by side, under the builder's bar. `below`: under which of them this one stands."""
    now = {below: " aria-current=true", here: " aria-current=page"}
    links = (
        f'<a class="hy-go" href="{address(name)}"{now.get(name, "")}>{esc(t(f"page.{name}"))}</a>'
        for name in names
    )
    show(f'<nav class="in-tabs" aria-label="{esc(t("app.pages"))}">{"".join(links)}</nav>')


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], caption: str, look: str = "") -> str:
    """Cells are markup. The first of each row names it."""
    head = "".join(f'<th scope="col">{esc(name)}</th>' for name in heads)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    return (
        f'<div class="in-scroll" tabindex="0" role="region" aria-label="{esc(caption)}">'
        f'<table class="in-table {look}"><caption class="in-unseen">{esc(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Iterable[str]) -> str:
    name, *others = row
    return f'<th scope="row">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in others)


def fold(summary: str, *inside: str) -> str:
    """Opened by a click or a key. `summary` is markup."""
    return f'<details class="in-fold"><summary>{summary}</summary>{"".join(inside)}</details>'
