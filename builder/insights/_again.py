"""The operator's buttons: they act on the running gateway, and say what it said."""

import sqlite3

import streamlit as st

from builder.insights._plain import label
from builder.insights._words import say, t
from builder.insights.desk import desk
from runtime.store.messages.states import RUN_AGAIN, SENT_AGAIN, UNFINISHED


def again(row: sqlite3.Row, where: str = "") -> None:
    """A button for a message whose answer did not arrive, or that was not answered; else nothing."""
    runs = bool(row["failure"]) or row["state"] in RUN_AGAIN
    if row["state"] in UNFINISHED or not (runs or row["state"] in SENT_AGAIN):
        return
    text = t("message.run") if runs else t("message.again")
    if st.button(text, key=f"again_{where}_{row['seq']}"):
        _do("send_again", row["seq"])


def done(row: sqlite3.Row, where: str) -> None:
    if st.button(t("todo.done"), key=f"done_{where}_{row['seq']}") and _do("mark_done", row["seq"]):
        st.rerun()


def _do(action: str, seq: int) -> bool:
    try:
        notice = desk().act(action, {"seq": seq})
    except TimeoutError:
        st.toast(label(t("act.still")))
        return False
    st.toast(label(say(notice["text"])))
    return bool(notice["ok"])
