"""One person who waits for an operator: what was said, what is noted, and what an operator may do."""

import secrets
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from builder.insights import _said
from builder.insights._again import act, give_back
from builder.insights._drawn import callout, esc, heading, link, show, title
from builder.insights._go import wanted_seq
from builder.insights._plain import label
from builder.insights._words import moment, t
from builder.insights.desk import desk
from builder.insights.tickets import about, pills
from runtime.access.actor import LONGEST_NAME, operator
from runtime.store.messages.tickets import LONGEST, Line, Ticket, find, lines_of

SHOWN = 20
"""Exchanges of the conversation."""


def page() -> None:
    id = wanted_seq()
    link("tickets", f"← {t('tickets.back')}")
    with desk().insights.reading() as db:
        one, lines = find(db, id), lines_of(db, id)
    if one is None:
        title(t("page.ticket"))
        callout("accent", esc(t("tickets.gone")))
        return
    title(t("tickets.one", id=one.id), about(one))
    show(f'<p class="hy-row">{pills(one, time.time())}</p>')
    for name, text in (("reason", one.reason), ("summary", one.summary)):
        if text:
            show(f"<p><b>{esc(t(f'tickets.{name}'))}</b> {esc(text)}</p>")
    newest = desk().insights.newest_of(one.seq)
    _conversation(newest)
    give_back(newest)
    name = st.text_input(t("tickets.name"), key="operator_name", max_chars=LONGEST_NAME)
    _deeds(one, name)
    _lines(one, lines, name)


def _conversation(newest: int) -> None:
    rows = desk().insights.conversation(newest, SHOWN)
    said = (f"{_said.said(row)}{_said.answered(row)}" for row in rows)
    show('<div class="in-talk">', *said, "</div>")
    link("person", t("conversation.person"), id=newest)


def _deeds(one: Ticket, name: str) -> None:
    mine = one.state == "taken" and one.taken_by == operator(desk().who(), name)
    if one.state == "done":
        if st.button(t("tickets.reopen"), key=f"reopen_{one.id}"):
            _do("reopen_ticket", one, name)
        return
    if not mine:
        if one.state == "taken":
            callout("accent", esc(t("tickets.theirs", who=one.taken_by.rpartition("/")[2])))
        elif st.button(t("tickets.take"), key=f"take_{one.id}", type="primary"):
            _do("take_ticket", one, name)
        return
    _answer(one, name)
    with st.container(horizontal=True):
        if st.button(t("tickets.hand_back"), key=f"back_{one.id}"):
            _do("hand_ticket_back", one, name)
        if st.button(t("tickets.wait"), key=f"wait_{one.id}"):
            _do("ticket_waits", one, name)


def _answer(one: Ticket, name: str) -> None:
    key = st.session_state.setdefault(f"say_key_{one.id}", secrets.token_hex(16))
    place = f"say_{one.id}_{key}_{len(one.draft)}"
    text = st.text_area(t("tickets.answer"), one.draft, max_chars=LONGEST, key=place)
    with st.container(horizontal=True):
        sends = st.button(t("tickets.send"), key=f"send_{one.id}", type="primary", disabled=not text.strip())
        drafts = st.button(t("tickets.draft"), key=f"draft_{one.id}", help=t("tickets.draft_hint"))
    if sends and act("answer_ticket", ticket=one.id, text=text, key=key, name=name):
        del st.session_state[f"say_key_{one.id}"]
        st.rerun()
    if drafts:
        _do("draft_answer", one, name)


def _lines(one: Ticket, lines: Sequence[Line], name: str) -> None:
    heading(t("tickets.lines"))
    for line in lines:
        who = line.by.rpartition("/")[2]
        head = t(f"tickets.line.{line.kind}", who=who)
        text = f"<br>{esc(line.text)}" if line.text and line.kind in ("note", "said") else ""
        show(f'<p><span class="soft">{esc(moment(line.at))}</span> {esc(head)}{text}</p>')
    with st.form(f"note_{one.id}", clear_on_submit=True, border=False):
        text = st.text_input(t("tickets.note"), max_chars=LONGEST)
        if st.form_submit_button(t("tickets.add_note")) and text.strip():
            _do("note_ticket", one, name, text=text)
    if one.state != "done":
        minutes = st.number_input(label(t("tickets.due_in")), 0, 525_600, key=f"due_{one.id}")
        if st.button(t("tickets.set_due"), key=f"set_due_{one.id}"):
            _do("set_ticket_due", one, name, minutes=int(minutes))


def _do(action: str, one: Ticket, name: str, **more: Any) -> None:
    if act(action, ticket=one.id, name=name, **more):
        st.rerun()
