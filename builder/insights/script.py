"""The insights: what was asked, how it was answered, what it took. Streamlit runs this for every click."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from builder.insights import (
    conversation,
    conversations,
    feedback,
    message,
    overview,
    person,
    places,
    runs,
    ticket,
    tickets,
    todo,
    waiting,
    weekly,
)
from builder.insights._again import undoable
from builder.insights._drawn import callout, esc, navigation
from builder.insights._go import Name, Pages
from builder.insights._words import in_lang, t
from builder.insights.desk import desk
from runtime.errors import HongyanError

# a file of ours: Streamlit fetches its own symbols for the tab from Google
ICON = Path(__file__).parents[1] / "static" / "icon.svg"
SHOWN: tuple[Name, ...] = (
    "overview",
    "conversations",
    "feedback",
    "weekly",
    "waiting",
    "todo",
    "tickets",
    "runs",
    "places",
)

BELOW: dict[str, Name] = {
    "message": "conversations",
    "conversation": "conversations",
    "person": "conversations",
    "ticket": "tickets",
}
"""Pages without a link of their own, and under which of the others they stand."""

COUNTS: tuple[Name, ...] = ("overview", "runs", "places")
"""Pages that show no word of a conversation: looking at any other one is written down, once."""


def shown_once(page: str) -> None:
    seen = (page, str(st.query_params.get("id", "")))
    if st.session_state.get("looked_at") != seen:
        desk().looked(*seen)
        st.session_state.looked_at = seen


st.set_page_config(page_title=t("app.title"), page_icon=str(ICON), layout="wide")

drawn: dict[Name, Callable[[], None]] = {
    "overview": overview.page,
    "conversations": conversations.page,
    "waiting": waiting.page,
    "todo": todo.page,
    "runs": runs.page,
    "message": message.page,
    "conversation": conversation.page,
    "person": person.page,
    "tickets": tickets.page,
    "ticket": ticket.page,
    "places": places.page,
    "feedback": feedback.page,
    "weekly": weekly.page,
}
pages: Pages = {
    name: st.Page(page, title=t(f"page.{name}"), url_path=name, default=name == "overview")
    for name, page in drawn.items()
}
st.session_state.pages = pages
# hidden: a bar of the builder's is above, and Streamlit's own would take a font for its icons
shown = st.navigation(list(pages.values()), position="hidden")
here = next((name for name, page in pages.items() if page.url_path == shown.url_path), "")
navigation(SHOWN, here, BELOW.get(here, ""))
undoable()
try:
    if here not in COUNTS:
        shown_once(here)
    shown.run()
except HongyanError as e:
    callout("bad", esc(in_lang(e.text)), role="alert")
