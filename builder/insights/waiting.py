"""Flows that wait in the middle: for an answer, a decision, a call or a time; decided and ended here."""

import streamlit as st

from builder.insights import _rows, _words
from builder.insights._again import act
from builder.insights._drawn import anchor, callout, esc, fold, show, title
from builder.insights._go import go, wanted
from builder.insights._plain import short
from builder.insights._words import in_lang, t
from builder.insights.desk import desk
from runtime.store.messages.waits import Waits
from runtime.turn.waiting import LONGEST_NOTE

PAGE = 20
SHOWN = 300
"""Characters of what is waited for, before a fold opens the whole of it."""
KINDS = ("decision", "call", "time", "message")
"""What somebody here can do something about stands first."""


def page() -> None:
    title(t("waiting.title"), t("waiting.hint"))
    st.button(t("list.refresh"), key="refresh_waits")
    counts = desk().waits.counted()
    there = [kind for kind in KINDS if counts.get(kind)]
    if not there:
        callout("ok", esc(t("waiting.nothing")), role="status")
        return
    asked = st.query_params.get("part", "")
    kind = asked if asked in there else there[0]
    _rows.parts("waiting", {one: (t(f"waiting.{one}"), counts[one]) for one in there}, kind)
    number, last = max(1, wanted("page")), -(-counts[kind] // PAGE)
    if number > last:  # of a list that was longer
        go("waiting", part=kind, page=last)
    for one in desk().waits.longest(kind, (number - 1) * PAGE, PAGE):
        with st.container(border=True, key=f"wait_{one.id}"):
            _line(one)
    _rows.pages("waiting", number, last, part=kind)


def _line(one: Waits) -> None:
    until = t("waiting.until", at=_words.moment(one.until)) if one.until < 1e11 else ""
    who = _words.person(vars(one), openly=st.session_state.get("openly", False))
    about = [_words.moment(one.at), until, who, _words.publication(one.publication)]
    told = esc(" · ".join(part for part in about if part))
    what = in_lang(one.what)
    first = short(what, SHOWN)
    whole = (
        fold(esc(t("waiting.whole")), f'<div class="in-text">{esc(what)}</div>') if len(what) > SHOWN else ""
    )
    opened = anchor("conversation", t("message.all"), id=one.seq)
    show(
        f'<p class="hy-row"><span class="soft">{told}</span>{opened}</p>',
        f'<p class="in-asked">{esc(first or t("list.nothing"))}</p>{whole}',
    )
    note = ""
    if one.kind == "decision":
        note = st.text_input(t("waiting.note"), key=f"note_{one.id}", max_chars=LONGEST_NOTE)
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.kind == "decision":
            if st.button(t("waiting.approve"), key=f"approve_{one.id}", type="primary"):
                _done(act("decide_wait", id=one.id, yes=1, note=note))
            if st.button(t("waiting.deny"), key=f"deny_{one.id}"):
                _done(act("decide_wait", id=one.id, yes=0, note=note))
        if st.button(t("waiting.cancel"), key=f"cancel_{one.id}", help=t("waiting.cancel_hint")):
            _done(act("end_wait", id=one.id))


def _done(went_well: bool) -> None:  # it is what came back
    if went_well:
        st.rerun()
