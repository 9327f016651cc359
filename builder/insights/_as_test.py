"""A real conversation, or an answer of the playground, becomes a test of the agent that answered."""

from urllib.parse import urlencode

import streamlit as st

from builder.insights._drawn import beside, callout, esc
from builder.insights._plain import label
from builder.insights._words import say, t
from builder.insights.desk import desk
from runtime.access.permissions import Permission
from runtime.trying.rated import Rated


def as_test(seq: int, publication: str) -> None:
    """The way to where it is looked through, and kept, for whoever may change agents."""
    record = desk().control.publication(publication)
    if record is None or not desk().who().may(Permission.AGENTS_EDIT, record.agent):
        return
    address = esc(f"../tests?{urlencode({'agent': record.agent, 'talk': seq})}")
    hint = esc(t("as_test.hint"))
    beside(f'<a class="hy-btn" href="{address}" target="_top" title="{hint}">{esc(t("as_test"))}</a>')


def rated_as_test(one: Rated) -> None:
    """A button, for an answer of the playground, and the way to the test once it is there."""
    given = {"agent": one.agent, "chat": one.chat, "turn": one.turn}
    if not desk().who().may(Permission.AGENTS_EDIT, one.agent):
        return
    if st.button(t("as_test"), key=f"as_test_{one.turn}", help=t("as_test.hint.tried")):
        notice = desk().act("keep_rated", given)
        st.session_state[f"kept_{one.turn}"] = notice["value"] if notice["ok"] else None
        if not notice["ok"]:
            st.toast(label(say(notice["text"])), duration="long")
    if kept := st.session_state.get(f"kept_{one.turn}"):
        address = f"../tests?agent={kept['agent']}&case={kept['case']}"
        callout(
            "ok",
            esc(t("as_test.kept")),
            f'<a href="{esc(address)}" target="_top">{esc(t("as_test.open"))}</a>',
        )
