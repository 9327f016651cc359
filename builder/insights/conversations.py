"""The messages: searched, filtered, newest first; and as a CSV file."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import streamlit as st

from builder.insights import _filters, _words
from builder.insights._empty import nothing_yet
from builder.insights._export import EXPORTED, to_csv
from builder.insights._go import go
from builder.insights._plain import short
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.store.insights import Found, Wanted

PERIODS = (1, 7, 30, 90)
PAGE = 50
STATES = (
    "delivered",
    "held",
    "kept",
    "accepted",
    "answered",
    "unknown",
    "unreachable",
    "shed",
    "silent",
    "abandoned",
    "restored",
)
LONGEST_SEARCH = 100


def page() -> None:
    st.title(t("page.conversations"), anchor=False)
    ids = desk().insights.publications()
    if not ids:
        nothing_yet()
        return
    wanted, openly = _filtered(ids)
    number = st.session_state.get("page_number", 1) if st.session_state.get("page_of") == wanted else 1
    found = desk().insights.find(wanted, PAGE, (number - 1) * PAGE)
    if not found.total:
        st.info(t("empty.list"), icon=":material/search_off:")
        return
    _above(wanted, found, openly)
    _list(found.lines, openly)
    _pages(wanted, found.total)


def _filtered(ids: Sequence[str]) -> tuple[Wanted, bool]:
    """What the filters say, and whether OpenIDs are shown."""
    keep: Any = {"persist_state": _filters.KEEP}
    names = {state: t(f"state.{state}") for state in STATES}
    search, where, when = st.columns([2, 1.5, 2], vertical_alignment="bottom")
    text = search.text_input(
        t("filter.search"),
        placeholder=t("filter.search"),
        label_visibility="collapsed",
        icon=":material/search:",
        max_chars=LONGEST_SEARCH,
        key="search",
        **keep,
    )
    with where:
        publications = _filters.publication(ids)
    with when:
        days = _filters.period(PERIODS, 7)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        states = st.multiselect(
            t("filter.state"),
            list(names),
            placeholder=t("filter.state"),
            format_func=names.__getitem__,
            label_visibility="collapsed",
            key="states",
            width=320,
            **keep,
        )
        failed = st.toggle(t("filter.failed"), key="failed", **keep)
        openly = st.toggle(t("filter.openid"), key="openly", help=t("filter.openid_help"), **keep)
    steps = _filters.steps(days)
    wanted = Wanted(
        steps[0].since, steps[-1].until, publications, tuple(states), failed, (text or "").strip()
    )
    return wanted, openly


def _above(wanted: Wanted, found: Found, openly: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        key = "list.count" if not wanted.text else "list.found_more" if found.more else "list.found"
        st.caption(f"{t(key, n=f'{found.total:,}')} · {t('list.hint')}", width="content")
        st.download_button(
            t("list.export"),
            lambda: to_csv(desk().insights.find(wanted, EXPORTED).lines, openly=openly),
            "hongyan-messages.csv",
            "text/csv",
            icon=":material/download:",
            help=t("list.export_help", n=f"{EXPORTED:,}"),
            on_click="ignore",
        )


def _list(lines: Sequence[sqlite3.Row], openly: bool) -> None:
    columns = {
        t("list.time"): [_words.moment(line["accepted_at"]) for line in lines],
        t("list.text"): [short(_words.said(line), 80) for line in lines],
        t("list.reply"): [short(line["reply"] or "", 80) for line in lines],
        t("list.state"): [_words.state(line) for line in lines],
        t("list.took"): [_took(line) for line in lines],
        t("list.person"): [_words.person(line, openly=openly) for line in lines],
        t("filter.publication"): [_words.publication(line["publication"]) for line in lines],
    }
    config = {
        t("list.time"): st.column_config.TextColumn(width=110),
        t("list.text"): st.column_config.TextColumn(width="medium"),
        t("list.reply"): st.column_config.TextColumn(width="medium"),
        t("list.state"): st.column_config.TextColumn(width=130),
        t("list.took"): st.column_config.NumberColumn(format="%.1f", width=80),
    }
    event: Any = st.dataframe(
        columns,
        hide_index=True,
        height="content",
        column_config=config,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key=f"list_{lines[0]['seq']}_{lines[-1]['seq']}",
    )
    chosen = event.selection
    rows = [*chosen.rows, *(row for row, _ in chosen.cells)]
    if rows:
        go("message", id=lines[rows[0]]["seq"])


def _pages(wanted: Wanted, count: int) -> None:
    if count <= PAGE:
        return
    if st.session_state.get("page_of") != wanted:
        st.session_state.page_of = wanted
        st.session_state.pop("page_number", None)
    st.pagination(-(-count // PAGE), key="page_number", persist_state=_filters.KEEP)


def _took(line: sqlite3.Row) -> float | None:
    return line["finished_at"] - line["accepted_at"] if line["finished_at"] else None
