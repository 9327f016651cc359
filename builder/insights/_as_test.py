"""A real conversation, or an answer of the playground, becomes a test of the agent that answered."""

from typing import Any

import streamlit as st

from builder.insights._drawn import callout, esc
from builder.insights._plain import label
from builder.insights._words import say, t
from builder.insights.desk import desk
from runtime.access.permissions import Permission
from runtime.trying.rated import Rated


def as_test(seq: int) -> None:
    """A button for whoever may change agents, and the way to the test once it is there."""
    _kept_by("keep_conversation", f"{seq}", {"seq": seq})


def rated_as_test(one: Rated) -> None:
    """The same, for an answer of the playground."""
    _kept_by("keep_rated", one.turn, {"agent": one.agent, "chat": one.chat, "turn": one.turn})


def _kept_by(action: str, name: str, given: dict[str, Any]) -> None:
    if not desk().who().may(Permission.AGENTS_EDIT):
        return
    if st.button(t("as_test"), key=f"as_test_{name}", help=t("as_test.hint")):
        notice = desk().act(action, given)
        st.session_state[f"kept_{name}"] = notice["value"] if notice["ok"] else None
        if not notice["ok"]:
            st.toast(label(say(notice["text"])), duration="long")
    if kept := st.session_state.get(f"kept_{name}"):
        address = f"../tests?agent={kept['agent']}&case={kept['case']}"
        callout(
            "ok",
            esc(t("as_test.kept")),
            f'<a href="{esc(address)}" target="_top">{esc(t("as_test.open"))}</a>',
        )
