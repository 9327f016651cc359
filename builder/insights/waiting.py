"""Flows that wait in the middle: for an answer, a decision, a call or a time; decided and ended here."""

import streamlit as st

from builder.insights import _words
from builder.insights._again import act
from builder.insights._drawn import anchor, callout, esc, show, title
from builder.insights._plain import short
from builder.insights._words import in_lang, t
from builder.insights.desk import desk
from runtime.store.messages.waits import Waits

SHOWN = 50
LONGEST = 1000
"""Characters of what is waited for."""
FIRST = ("decision", "call", "time", "message")
"""What somebody here can do something about stands first."""


def page() -> None:
    title(t("waiting.title"), t("waiting.hint"))
    found = sorted(desk().waits(), key=lambda one: (FIRST.index(one.kind), one.id))
    if not found:
        callout("ok", esc(t("waiting.nothing")), role="status")
        return
    for one in found[:SHOWN]:
        with st.container(border=True, key=f"wait_{one.id}"):
            _line(one)
    if len(found) > SHOWN:
        st.caption(t("todo.more", n=SHOWN, all=len(found)))


def _line(one: Waits) -> None:
    until = t("waiting.until", at=_words.moment(one.until)) if one.until < 1e11 else ""
    about = [t(f"waiting.{one.kind}"), _words.moment(one.at), until, _words.publication(one.publication)]
    what = short(in_lang(one.what), LONGEST) or t("list.nothing")
    show(
        f'<p class="hy-row"><span class="soft">{esc(" · ".join(part for part in about if part))}</span></p>',
        anchor("message", what, id=one.seq),
    )
    note = ""
    if one.kind == "decision":
        note = st.text_input(t("waiting.note"), key=f"note_{one.id}", max_chars=LONGEST)
    with st.container(horizontal=True, vertical_alignment="center"):
        if one.kind == "decision":
            for yes, name in ((1, "approve"), (0, "deny")):
                if st.button(t(f"waiting.{name}"), key=f"{name}_{one.id}"):
                    _done(act("decide_wait", id=one.id, yes=yes, note=note))
        if st.button(t("waiting.cancel"), key=f"cancel_{one.id}"):
            _done(act("end_wait", id=one.id))


def _done(went_well: bool) -> None:  # it is what came back
    if went_well:
        st.rerun()
