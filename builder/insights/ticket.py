"""One person who waits for an operator: what was said, what is noted, and what an operator may do."""

import hashlib
import math
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from builder.insights import _desk_talk
from builder.insights._again import act, deed, give_back, lets
from builder.insights._doors import doors
from builder.insights._drawn import callout, esc, heading, link, show, title
from builder.insights._go import wanted_seq
from builder.insights._plain import label
from builder.insights._reach import own_name
from builder.insights._teach import teach
from builder.insights._words import moment, t
from builder.insights.desk import desk
from builder.insights.tickets import about_it, found_here
from runtime.access.actor import LONGEST_NAME, operator
from runtime.store.messages.people import Face
from runtime.store.messages.tickets import LONGEST, Line, Ticket, lines_of


def page() -> None:
    id = wanted_seq()
    link("tickets", f"← {t('tickets.back')}")
    with desk().insights.reading() as db:
        one, lines = found_here(db, id), lines_of(db, id)
    if one is None:
        title(t("page.ticket"))
        callout("accent", esc(t("tickets.gone")))
        return
    title(t("tickets.one", id=one.id), about_it(one).partition(" · ")[2])
    newest = desk().insights.newest_of(one.seq)
    _desk_talk.talk(one.id)
    link("person", t("conversation.person"), id=newest)
    doors(Face(one.publication, one.sender))
    _teach(lines)
    give_back(newest)
    if not lets("note_ticket", ticket=one.id):
        _lines(lines)
        return
    name = st.text_input(t("tickets.name"), own_name(), key="operator_name", max_chars=LONGEST_NAME)
    _deeds(one, lines, name)
    _lines(lines)
    _note(one, name)


def _teach(lines: Sequence[Line]) -> None:
    """What an operator said last, all of it that answers the same message."""
    said = [line for line in lines if line.kind == "said" and line.message]
    asked = desk().insights.message(said[-1].message or 0) if said else None
    if asked:
        words = "\n".join(line.text for line in said if line.message == said[-1].message)
        teach("ticket", asked.row["text"] or "", words)


def _deeds(one: Ticket, lines: Sequence[Line], name: str) -> None:
    mine = one.state == "taken" and one.taken_by == operator(desk().who(), name)
    if one.state == "done":
        _button(one, "reopen", "reopen_ticket", name)
        return
    if not mine:
        if one.state == "taken":
            callout("accent", esc(t("tickets.theirs", who=one.taken_by.rpartition("/")[2])))
        else:
            _button(one, "take", "take_ticket", name, look="primary")
        return
    _answer(one, sum(line.kind == "said" for line in lines), name)
    with st.container(horizontal=True):
        _button(one, "hand_back", "hand_ticket_back", name)
        _button(one, "wait", "ticket_waits", name, hint=t("tickets.wait_hint"))


def _button(one: Ticket, text: str, action: str, name: str, **more: Any) -> None:
    deed(t(f"tickets.{text}"), f"{text}_{one.id}", action, ticket=one.id, name=name, **more)


def _answer(one: Ticket, said: int, name: str) -> None:
    """`said`: answers before this one. What is typed stays in the box until it is one of them, whatever
    restarts meanwhile; and the same words are said once, however often they are sent."""
    place = f"{one.id}_{said}_{_short_hash(one.draft)}"
    text = st.text_area(t("tickets.answer"), one.draft, max_chars=LONGEST, key=f"say_{place}")
    with st.container(horizontal=True):
        sends = st.button(t("tickets.send"), key=f"send_{place}", type="primary")
        drafts = st.button(t("tickets.draft"), key=f"draft_{place}", help=t("tickets.draft_hint"))
    if sends and not text.strip():
        st.toast(label(t("tickets.empty")))
    elif sends:
        _do("answer_ticket", one, name, text=text, key=_short_hash(f"{said} {text}"))
    if drafts:
        _do("draft_answer", one, name, typed=text)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _lines(lines: Sequence[Line]) -> None:
    heading(t("tickets.lines"))
    for line in lines:
        who = line.by.rpartition("/")[2]
        head = t(f"tickets.line.{line.kind}", who=who)
        text = f'<div class="in-text">{esc(line.text)}</div>' if line.text and line.kind == "note" else ""
        show(f'<div><span class="soft">{esc(moment(line.at))}</span> {esc(head)}{text}</div>')


def _note(one: Ticket, name: str) -> None:
    with st.form(f"note_{one.id}", clear_on_submit=True, border=False):
        text = st.text_input(t("tickets.note"), max_chars=LONGEST)
        if st.form_submit_button(t("tickets.add_note")) and text.strip():
            _do("note_ticket", one, name, text=text)
    if one.state != "done":
        _due(one, name)


def _due(one: Ticket, name: str) -> None:
    left = max(1, math.ceil((one.due - time.time()) / 60)) if one.due else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        minutes = st.number_input(
            t("tickets.due_in"), 0, 525_600, left, key=f"due_{one.id}_{one.due}", width=240
        )
        if st.button(t("tickets.set_due"), key=f"set_due_{one.id}"):
            _do("set_ticket_due", one, name, minutes=int(minutes))


def _do(action: str, one: Ticket, name: str, **more: Any) -> None:
    if act(action, ticket=one.id, name=name, **more):
        st.rerun()
