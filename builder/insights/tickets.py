"""People who wait for an operator: the most urgent first."""

import time

import streamlit as st

from builder.insights import _rows, _words
from builder.insights._drawn import anchor, esc, show, title
from builder.insights._empty import nothing
from builder.insights._go import go, wanted
from builder.insights._live import live
from builder.insights._plain import short
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.store.database import Db
from runtime.store.messages.tickets import Ticket, counted, find, listed

LONGEST = 160
"""Characters of a reason."""
PAGE = 20
PILLS = ("", "", "warn", "bad")
"""By priority."""


def page() -> None:
    title(t("tickets.title"), t("tickets.hint"))
    _list()


@live
def _list() -> None:
    done = st.query_params.get("part") == "over"
    number = max(1, wanted("page"))
    with desk().insights.reading() as db:
        within = desk().within
        waiting, over = counted(db, within=within), counted(db, done=True, within=within)
        found = listed(db, done=done, within=within, skip=(number - 1) * PAGE, most=PAGE)
    named = {"waiting": (t("tickets.waiting"), waiting), "over": (t("tickets.over"), over)}
    part = "over" if done else "waiting"
    _rows.parts("tickets", named, part)
    last = max(1, -(-named[part][1] // PAGE))
    if number > last:  # of a list that was longer
        go("tickets", part=part, page=last)
    if not found:
        nothing("tickets_over" if done else "tickets")
    show("".join(map(_line, found)))
    _rows.pages("tickets", number, last, part=part)


def found_here(db: Db, id: int) -> Ticket | None:
    """None also for one that is not theirs to read."""
    one, within = find(db, id), desk().within
    return one if one and (within is None or one.publication in within) else None


def _line(one: Ticket) -> str:
    said = short(one.summary or one.reason, LONGEST) or t("list.nothing")
    about = f'<span class="soft">{esc(about_it(one))}</span>{pills(one, time.time())}'
    opened = anchor("ticket", said, id=one.id)
    return f'<section class="hy-card in-ticket"><p class="hy-row">{about}</p><p>{opened}</p></section>'


def about_it(one: Ticket) -> str:
    who = _words.person(vars(one), openly=st.session_state.get("openly", False))
    return " · ".join((f"#{one.id}", moment(one.at), who, _words.publication(one.publication)))


def pills(one: Ticket, now: float) -> str:
    """Its state, priority, how they feel, and whether it is late."""
    told = [("", t(f"tickets.state.{one.state}"))]
    if one.priority != 1:
        told.append((PILLS[one.priority], t(f"tickets.priority.{one.priority}")))
    if one.sentiment in ("angry", "unhappy"):
        told.append(("warn", t(f"tickets.sentiment.{one.sentiment}")))
    if one.taken_by and one.state == "taken":
        told.append(("accent", one.taken_by.rpartition("/")[2]))
    if one.due and one.state != "done":
        late = one.is_late(now)
        at = moment(one.due, "%H:%M")
        told.append(("bad" if late else "", t("tickets.late" if late else "tickets.due", at=at)))
    return "".join(f'<span class="hy-pill {tone}">{esc(text)}</span>' for tone, text in told)
