"""The insights: what was asked, how it was answered, what it took. Streamlit runs this for every click."""

from pathlib import Path

import streamlit as st

from builder.insights import conversation, conversations, message, overview, todo
from builder.insights._go import Pages
from builder.insights._plain import label
from builder.insights._words import in_lang, t
from runtime.errors import HongyanError

# a file of ours: Streamlit fetches its own symbols for the tab from Google
ICON = Path(__file__).parents[1] / "static" / "icon.svg"
LINK = "color: inherit; opacity: .75; text-decoration: none; font-size: 14px; margin-right: 20px"

st.set_page_config(page_title=t("app.title"), page_icon=str(ICON), layout="wide")

pages: Pages = {
    "overview": st.Page(
        overview.page,
        title=t("page.overview"),
        icon=":material/monitoring:",
        url_path="overview",
        default=True,
    ),
    "conversations": st.Page(
        conversations.page, title=t("page.conversations"), icon=":material/forum:", url_path="conversations"
    ),
    "todo": st.Page(todo.page, title=t("page.todo"), icon=":material/checklist:", url_path="todo"),
    "message": st.Page(message.page, title=t("page.message"), url_path="message", visibility="hidden"),
    "conversation": st.Page(
        conversation.page, title=t("page.conversation"), url_path="conversation", visibility="hidden"
    ),
}
st.session_state.pages = pages
shown = st.navigation(list(pages.values()))
other = t("app.language")
code = "en" if other == "English" else "zh"
with st.sidebar:
    # our own sentences and no data
    st.html(
        f'<a href="../" target="_self" style="{LINK}">← {t("app.back")}</a>'
        f'<a href="../lang/{code}" target="_self" style="{LINK}">{other}</a>'
    )
try:
    shown.run()
except HongyanError as e:
    st.error(label(in_lang(e.text)))
