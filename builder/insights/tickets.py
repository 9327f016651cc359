"""People who wait for an operator: the most urgent first."""

import time
from collections.abc import Sequence

import streamlit as st

from builder.insights import _words
from builder.insights._drawn import anchor, callout, esc, show, title
from builder.insights._plain import short
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.store.messages.tickets import Ticket, listed

LONGEST = 160
"""Characters of a reason."""
LATELY = 50
"""Of those that are done, so many are shown."""
PILLS = ("", "", "warn", "bad")
"""By priority."""


def page() -> None:
    title(t("tickets.title"), t("tickets.hint"))
    with desk().insights.reading() as db:
        waiting, done = listed(db), listed(db, done=True)[:LATELY]
    st.button(t("tickets.refresh"), key="refresh_tickets")
    if not waiting:
        callout("ok", esc(t("tickets.nobody")), role="status")
    names = [f"{t('tickets.waiting')} {len(waiting)}", f"{t('tickets.over')} {len(done)}"]
    for tab, found in zip(st.tabs(names), (waiting, done), strict=True):
        with tab:
            _list(found)


def _list(found: Sequence[Ticket]) -> None:
    now = time.time()
    for one in found:
        with st.container(border=True, key=f"ticket_{one.id}"):
            show(
                f'<p class="hy-row"><span class="soft">{esc(about(one))}</span>{pills(one, now)}</p>',
                anchor("ticket", short(one.summary or one.reason, LONGEST) or t("list.nothing"), id=one.id),
            )


def about(one: Ticket) -> str:
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
        told.append(("bad" if late else "", t("tickets.late" if late else "tickets.due", at=moment(one.due))))
    return "".join(f'<span class="hy-pill {tone}">{esc(text)}</span>' for tone, text in told)
