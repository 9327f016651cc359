"""Before the first message: what will be here, and the way there."""

import streamlit as st

from builder.insights._words import t


def nothing_yet() -> None:
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader(t("empty.title"), anchor=False, width="content")
        st.text(t("empty.hint"), text_alignment="center")
        # our own sentence and no data
        st.html(f'<a href="../publish" target="_self"><b>{t("empty.go")} →</b></a>', width="content")
