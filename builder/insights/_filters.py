"""What the operator looks at: which publication, which time. Kept while they go from page to page."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import streamlit as st

from builder.insights import _words
from builder.insights._plain import label
from builder.insights._words import t

STEP_OF_ONE_DAY = timedelta(hours=1)
Keep = Literal["session"]
KEEP: Keep = "session"


@dataclass(frozen=True)
class Step:
    """An hour or a day of the period, in seconds since 1970."""

    name: str
    since: float
    until: float


def publication(ids: Sequence[str]) -> tuple[str, ...]:
    """The chosen one; all when none is chosen."""
    names = {"": t("filter.all")} | {id: label(_words.publication(id)) for id in ids}
    chosen = st.selectbox(
        t("filter.publication"),
        list(names),
        format_func=names.__getitem__,
        key="publication",
        persist_state=KEEP,
        label_visibility="collapsed",
    )
    return (chosen,) if chosen in ids else tuple(ids)


def period(choices: Sequence[int], default: int) -> int:
    """Days, today included."""
    names = {days: t(f"period.{days}") for days in choices}
    chosen: Any = st.segmented_control(
        t("filter.period"),
        list(names),
        default=default,
        required=True,
        format_func=names.__getitem__,
        key=f"period_{len(choices)}",
        persist_state=KEEP,
        label_visibility="collapsed",
    )
    return chosen or default


def steps(days: int) -> list[Step]:
    """The hours of today, or the days until today."""
    now = datetime.now(_words.zone())
    tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    if days == 1:
        begins = [tomorrow - timedelta(days=1) + STEP_OF_ONE_DAY * n for n in range(24)]
        return _steps([*begins, tomorrow], "%H:%M")
    return _steps([tomorrow - timedelta(days=days - n) for n in range(days + 1)], "%m-%d")


def _steps(begins: list[datetime], pattern: str) -> list[Step]:
    return [Step(a.strftime(pattern), a.timestamp(), b.timestamp()) for a, b in itertools.pairwise(begins)]
