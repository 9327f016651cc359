"""Everything one person wrote, with the answers, as they see it."""

import streamlit as st

from builder.insights import _said, _words
from builder.insights._go import link, wanted_seq
from builder.insights._plain import label
from builder.insights._words import t
from builder.insights.desk import desk

PAGE = 30


def page() -> None:
    seq = wanted_seq()
    link("conversations", t("message.back"), ":material/arrow_back:")
    shown = int(st.session_state.get(f"shown_{seq}", PAGE))
    newest = desk().insights.newest_of(seq) if seq else 0
    rows = desk().insights.conversation(newest, shown + 1)
    if not rows:
        st.info(t("message.gone", seq=seq) if seq else t("message.ask"), icon=":material/search_off:")
        return
    name = _words.person(rows[0], openly=st.session_state.get("openly", False))
    st.title(label(t("conversation.title", person=name)), anchor=False)
    st.caption(label(_words.publication(rows[0]["publication"])))
    if len(rows) > shown and st.button(t("conversation.earlier"), icon=":material/expand_less:"):
        st.session_state[f"shown_{seq}"] = shown + PAGE
        st.rerun()
    for row in rows[-shown:]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f"{_words.moment(row['accepted_at'])} · {label(_words.state(row))}", width="content")
            link("message", t("conversation.open"), ":material/timeline:", id=row["seq"])
        _said.said(row)
        _said.answered(row)
