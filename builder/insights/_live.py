"""Parts of a page that look again by themselves. Nothing is typed in them, so nothing typed is lost."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from builder.insights._drawn import callout, esc
from builder.insights._words import in_lang
from runtime.errors import HongyanError

P = ParamSpec("P")
AGAIN = 5.0
"""Seconds."""


def live(draw: Callable[P, None]) -> Callable[P, None]:
    """Drawn with the page, and again as long as it is open."""

    @functools.wraps(draw)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except HongyanError as e:  # nobody around it takes it when it is drawn alone
            callout("bad", esc(in_lang(e.text)), role="alert")

    return st.fragment(run_every=AGAIN)(told)
