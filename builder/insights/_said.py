"""What was said, as bubbles."""

from collections.abc import Mapping
from typing import Any

from builder.insights import _words
from builder.insights._drawn import esc
from builder.insights._plain import LONGEST
from builder.insights._words import t
from runtime.safety.inert_html import inert_html
from runtime.store.database import Row
from runtime.store.messages.states import WELL


def said(row: Row) -> str:
    """The message."""
    who = "said.nobody" if row["kind"] == "start" else "said.person"
    return bubble("person", t(who), text(_words.said(row, row["message"])))


def answered(row: Row | Mapping[str, Any]) -> str:
    """The answer, or why there is none yet."""
    if row["reply"]:
        who = "said.human" if row["state"] == "handed" else "said.agent"
        return bubble("agent", t(who), marked(row["reply"]))
    why = t("message.silent" if row["state"] in WELL else "message.no_reply")
    return bubble("agent", t("said.agent"), f'<p class="soft">{esc(why)}</p>')


def text(whole: str) -> str:
    """Inert, with its line ends; the beginning of one that is very long."""
    return f'<div class="in-text">{esc(whole[:LONGEST])}</div>{_cut(whole)}'


def marked(whole: str) -> str:
    """What a model wrote, its Markdown read; nothing in it acts."""
    return f'<div class="in-text in-marked">{inert_html(whole[:LONGEST])}</div>{_cut(whole)}'


def bubble(who: str, name: str, inside: str) -> str:
    """`inside`: markup."""
    return (
        f'<div class="in-said {who}" role="group" aria-label="{esc(name)}"><b>{esc(name)}</b>{inside}</div>'
    )


def _cut(whole: str) -> str:
    if len(whole) <= LONGEST:
        return ""
    return f'<p class="faint">{esc(t("message.cut", n=f"{LONGEST:,}", all=f"{len(whole):,}"))}</p>'
