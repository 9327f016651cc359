"""What was said, as bubbles."""

import sqlite3

import streamlit as st

from builder.insights import _words
from builder.insights._plain import LONGEST, plain
from builder.insights._words import t

PERSON = ":material/person:"
AGENT = ":material/smart_toy:"


def said(row: sqlite3.Row) -> None:
    """The message."""
    with st.chat_message("user", avatar=PERSON):
        text(_words.said(row, row["message"]))


def answered(row: sqlite3.Row) -> None:
    """The answer, or why there is none yet."""
    with st.chat_message("assistant", avatar=AGENT):
        if row["reply"]:
            text(row["reply"])
        else:
            st.caption(t("message.silent" if row["state"] in ("silent", "fetch") else "message.no_reply"))


def text(whole: str) -> None:
    """Inert, with its line ends; the beginning of one that is very long."""
    st.text(plain(whole[:LONGEST]))
    if len(whole) > LONGEST:
        st.caption(t("message.cut", n=f"{LONGEST:,}", all=f"{len(whole):,}"))
