"""The operator's buttons: they act on the running gateway, and say what it said."""

import time
from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from builder.insights._drawn import callout, esc, show
from builder.insights._plain import label
from builder.insights._words import explained, moment, say, t
from builder.insights.desk import desk
from runtime.store.database import Row
from runtime.store.messages.states import RUN_AGAIN, SENT_AGAIN, UNFINISHED


def again(row: Row, where: str = "") -> None:
    """A button for a message whose answer did not arrive, or that was not answered; else nothing."""
    runs = bool(row["failure"]) or row["state"] in RUN_AGAIN
    if row["state"] in UNFINISHED or not (runs or row["state"] in SENT_AGAIN):
        return
    if not lets("send_again", seq=row["seq"]):
        return
    text = t("message.run") if runs else t("message.again")
    if st.button(text, key=f"again_{where}_{row['seq']}"):
        _do("send_again", row["seq"])


def done(row: Row, where: str) -> None:
    deed(t("todo.done"), f"done_{where}_{row['seq']}", "mark_done", seq=row["seq"])


def give_back(seq: int) -> None:
    """Who has the person who wrote that message, if it is a human, and a button for the agent to go on."""
    row = desk().insights.handed(seq, time.time())
    if row is None:
        return
    since = moment(row.since)
    callout("accent", esc(t("handed.wanted" if row.state == "wanted" else "handed.has", since=since)))
    if row.code:
        record = desk().control.publication(row.publication)
        why = explained(record.channel if record else "", row.code) or row.code
        callout("warn", esc(t("handed.refused", why=why)))
    if not lets("give_back", seq=seq):
        return
    if st.button(t("handed.give_back"), key=f"give_back_{seq}") and _do("give_back", seq):
        st.rerun()


def _do(action: str, seq: int) -> bool:
    return act(action, seq=seq)


def lets(action: str, **args: str | int) -> bool:
    """Whether whoever looks may do that; what they may not is not offered."""
    return desk().lets(action, args)


def act(action: str, **args: str | int) -> bool:
    """Do it and say what became of it; whether it went well."""
    try:
        with st.spinner(t("act.working")):
            notice = desk().act(action, args)
    except TimeoutError:
        st.toast(label(t("act.still")), duration="long")
        return False
    st.toast(label(say(notice["text"])), duration="short" if notice["ok"] else "long")
    st.session_state.gone = {"text": say(notice["text"]), **notice["undo"]} if notice.get("undo") else None
    return bool(notice["ok"])


def undoable() -> None:
    """What was taken away last, with a button that has it back, until something else is done."""
    gone = st.session_state.get("gone")
    if gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="gone"):
        show(f'<p class="soft" role="status">{esc(gone["text"])}</p>')
        deed(t("common.undo"), "undo", gone["action"], **gone["args"])


def for_good(
    text: str,
    key: str,
    action: str,
    why: str,
    *,
    then: Callable[[bool], None] | None = None,
    **args: str | int,
) -> None:
    """A button for what nothing brings back: it says so, and `why`, before it acts. None for who may not."""
    if not lets(action, **args):
        return
    with st.popover(text, key=f"ask_{key}"):
        st.write(label(why))
        deed(text, key, action, reads=None, then=then, look="primary", hint=None, **args)


def deed(
    text: str,
    key: str,
    action: str,
    *,
    reads: Mapping[str, str] | None = None,
    then: Callable[[bool], None] | None = None,
    look: Literal["primary", "secondary"] = "secondary",
    hint: str | None = None,
    **args: str | int,
) -> None:
    """A button that acts before the page is drawn anew: also, and told so, when what it is for is gone.

    `reads`: arguments that are what fields hold, by the fields' keys. `then`: told whether it went well.
    None for who may not.
    """
    if not lets(action, **args):
        return

    def acts() -> None:
        given = {name: st.session_state.get(field, "") for name, field in (reads or {}).items()}
        went_well = act(action, **args, **given)
        if then:
            then(went_well)

    st.button(text, key=key, on_click=acts, type=look, help=hint)
