"""From what somebody wrote to the desk on which a person answers them."""

import time
from urllib.parse import unquote

import streamlit as st

from builder.insights._again import act, lets
from builder.insights._drawn import anchor, beside
from builder.insights._go import go
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.access.actor import LONGEST_NAME
from runtime.channels import is_for_people, registry
from runtime.store.database import Row
from runtime.store.messages.reached import is_answerable, open_of


def reach(row: Row) -> None:
    """Nothing where nobody can be answered later, or a human has them at the platform's own desk."""
    with desk().insights.reading() as db:
        ticket, could = open_of(db, row), is_answerable(db, row)
    if ticket:
        beside(anchor("ticket", t("reach.ticket", id=ticket.id), "hy-btn", id=ticket.id))
        return
    seq = row["seq"]
    if desk().insights.handed(seq, time.time()) or not could:
        return
    if not _later(row["publication"]) or not lets("take_writer", seq=seq):
        return
    if st.button(t("reach"), key=f"reach_{seq}", help=t("reach.hint")):
        _take(row)


def own_name() -> str:
    """What an operator calls themselves in this browser, see static/insights/insights.js."""
    return str(unquote(st.context.cookies.get("operator", "")))[:LONGEST_NAME]


def _take(row: Row) -> None:
    done = act("take_writer", seq=row["seq"], name=own_name())
    with desk().insights.reading() as db:
        ticket = open_of(db, row)
    if done and ticket:
        go("ticket", id=ticket.id)


def _later(publication: str) -> bool:
    record = desk().control.publication(publication)
    kind = registry().get(record.channel) if record else None
    return kind is not None and is_for_people(kind)
