"""What a person of a ticket and those who answer them said: looked at again by itself while it is open."""

import time
from collections.abc import Sequence

from builder.insights import _said, _words
from builder.insights._drawn import esc, show
from builder.insights._live import live
from builder.insights._words import moment, t
from builder.insights.desk import desk
from builder.insights.tickets import found_here, pills
from runtime.store.database import Row
from runtime.store.messages.tickets import Line, Ticket, lines_of

SHOWN = 20
"""Exchanges of the conversation."""


@live
def talk(id: int) -> None:
    with desk().insights.reading() as db:
        one, lines = found_here(db, id), lines_of(db, id)
    if one is None:
        return  # erased meanwhile
    show(f'<p class="hy-row">{pills(one, time.time())}</p>')
    rows = desk().insights.conversation(desk().insights.newest_of(one.seq), SHOWN)
    show(*_why(one, rows))
    show('<div class="in-talk">', *(_turn(row, lines) for row in rows), "</div>")


def _why(one: Ticket, rows: Sequence[Row]) -> list[str]:
    """Why they were handed over, where that is not just what they wrote."""
    seen = {_words.said(row) for row in rows}
    told = [("reason", one.reason if one.reason not in seen else ""), ("summary", one.summary)]
    return [f"<p><b>{esc(t(f'tickets.{name}'))}</b> {esc(text)}</p>" for name, text in told if text]


def _turn(row: Row, lines: Sequence[Line]) -> str:
    about = f'<p class="soft">{esc(moment(row["accepted_at"]))}</p>'
    by_hand = [line for line in lines if line.kind == "said" and line.message == row["seq"]]
    before = _before(row["reply"] or "", [line.text for line in by_hand])
    if not by_hand or before is None:
        return f"{about}{_said.said(row)}{_said.answered(row)}"
    answered = _said.answered({**dict(row), "reply": before}) if before else ""
    return f"{about}{_said.said(row)}{answered}{''.join(map(_by_hand, by_hand))}"


def _before(reply: str, said: Sequence[str]) -> str | None:
    """What the agent answered before operators did; None for one that was cut."""
    for joined in ("\n\n".join(said), "\n".join(said)):  # of before: with one line end
        if said and reply.endswith(joined):
            return reply[: -len(joined)].rstrip("\n")
    return None


def _by_hand(line: Line) -> str:
    who = " · ".join((line.by.rpartition("/")[2], moment(line.at)))
    return _said.bubble("agent", who, _said.text(line.text))
