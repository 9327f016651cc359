"""From page to page."""

from collections.abc import Mapping
from typing import Any, Literal, NoReturn

import streamlit as st

Name = Literal[
    "overview", "conversations", "waiting", "todo", "message", "conversation", "person", "runs", "places",
    "tickets", "ticket", "feedback", "weekly",
]  # fmt: skip
Pages = Mapping[Name, Any]
"""Streamlit's pages, kept in the session by script.py; `Any` because st.Page is a function in its types."""
LONGEST_NUMBER = 15
"""Digits of a number in an address."""


def go(name: Name, **params: str | int) -> NoReturn:
    st.switch_page(st.session_state.pages[name], query_params={k: str(v) for k, v in params.items()})


def wanted_seq() -> int:
    """The message in the address; 0 without one."""
    return wanted("id")


def wanted(name: str) -> int:
    """A number in the address; 0 without one."""
    given = st.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER else 0
