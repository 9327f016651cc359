"""What was said, as bubbles."""

from collections.abc import Mapping
from typing import Any

from builder.insights import _words
from builder.insights._drawn import esc
from builder.insights._plain import LONGEST
from builder.insights._words import t
from runtime.store.database import Row
from runtime.store.messages.states import WELL


def said(row: Row) -> str:
    """The message."""
    return bubble("person", t("said.person"), text(_words.said(row, row["message"])))


def answered(row: Row | Mapping[str, Any]) -> str:
    """The answer, or why there is none yet."""
    if row["reply"]:
        who = "said.human" if row["state"] == "handed" else "said.agent"
        return bubble("agent", t(who), text(row["reply"]))
    why = t("message.silent" if row["state"] in WELL else "message.no_reply")
    return bubble("agent", t("said.agent"), f'<p class="soft">{esc(why)}</p>')


def text(whole: str) -> str:
    """Inert, with its line ends; the beginning of one that is very long."""
    cut = ""
    if len(whole) > LONGEST:
        cut = f'<p class="faint">{esc(t("message.cut", n=f"{LONGEST:,}", all=f"{len(whole):,}"))}</p>'
    return f'<div class="in-text">{esc(whole[:LONGEST])}</div>{cut}'


def bubble(who: str, name: str, inside: str) -> str:
    """`inside`: markup."""
    return (
        f'<div class="in-said {who}" role="group" aria-label="{esc(name)}"><b>{esc(name)}</b>{inside}</div>'
    )
