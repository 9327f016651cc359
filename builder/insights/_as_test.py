"""A real conversation becomes a test of the agent that answered in it."""

import streamlit as st

from builder.insights._drawn import callout, esc
from builder.insights._plain import label
from builder.insights._words import say, t
from builder.insights.desk import desk
from runtime.access.permissions import Permission


def as_test(seq: int) -> None:
    """A button for whoever may change agents, and the way to the test once it is there."""
    if not desk().who().may(Permission.AGENTS_EDIT):
        return
    if st.button(t("as_test"), key=f"as_test_{seq}", help=t("as_test.hint")):
        notice = desk().act("keep_conversation", {"seq": seq})
        st.session_state[f"kept_{seq}"] = notice["value"] if notice["ok"] else None
        if not notice["ok"]:
            st.toast(label(say(notice["text"])), duration="long")
    if kept := st.session_state.get(f"kept_{seq}"):
        address = f"../tests?agent={kept['agent']}&case={kept['case']}"
        callout(
            "ok",
            esc(t("as_test.kept")),
            f'<a href="{esc(address)}" target="_top">{esc(t("as_test.open"))}</a>',
        )
