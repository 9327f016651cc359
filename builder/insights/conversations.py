"""The messages: searched, filtered, newest first; and as a CSV file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from builder.insights import _filters, _names, _rows
from builder.insights._drawn import callout, esc, title
from builder.insights._empty import nothing
from builder.insights._export import EXPORTED, download, may_export, to_csv
from builder.insights._go import go, wanted
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.store.messages.insights import Found, Wanted
from runtime.store.messages.states import MessageState

PERIODS = (1, 7, 30, 90)
PAGE = 50
STATES: tuple[MessageState, ...] = (
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
    "bounced",
    "handed",
    "recalled",
)
LONGEST_SEARCH = 100


def page() -> None:
    title(t("page.conversations"))
    ids = desk().insights.publications()
    if not ids:
        nothing("messages")
        return
    asked, openly = _filtered(ids)
    number = max(1, wanted("page"))
    found = desk().insights.find(asked, PAGE, (number - 1) * PAGE)
    if not found.total:
        callout("accent", esc(t("empty.list")), role="status")
        return
    last = -(-found.total // PAGE)
    if number > last:  # of a list that was longer
        go("conversations", page=last)
    _above(asked, found, openly)
    _names.learn(found.lines)
    _rows.rows(found.lines, openly=openly)
    _rows.pages("conversations", number, last)


def _filtered(ids: Sequence[str]) -> tuple[Wanted, bool]:
    """What the filters say, and whether the platform's ids of people are shown."""
    keep: Any = {"persist_state": _filters.KEEP}
    names: dict[MessageState, str] = {state: t(f"state.{state}") for state in STATES}
    search, where, when = st.columns([2, 1.5, 2], vertical_alignment="bottom")
    text = search.text_input(
        t("filter.search"),
        placeholder=t("filter.search"),
        label_visibility="collapsed",
        max_chars=LONGEST_SEARCH,
        key="search",
        **keep,
    )
    if text and (sealed := desk().insights.fact("sealing")) and '"on"' in sealed[0]:
        st.info(t("filter.sealed"), icon=":material/lock:")
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
        openly = st.toggle(t("filter.sender"), key="openly", help=t("filter.sender_help"), **keep)
    steps = _filters.steps(days)
    wanted = Wanted(
        steps[0].since, steps[-1].until, publications, tuple(states), failed, (text or "").strip()
    )
    return wanted, openly


def _above(wanted: Wanted, found: Found, openly: bool) -> None:
    published = {id: desk().control.publication(id) for id in wanted.publications}
    agents = {id: one.agent if one else "" for id, one in published.items()}
    mine = replace(wanted, publications=tuple(id for id, agent in agents.items() if may_export(agent)))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        key = "list.count" if not wanted.text else "list.found_more" if found.more else "list.found"
        st.caption(f"{t(key, n=f'{found.total:,}')} · {t('list.hint')}", width="content")
        download(
            t("list.export"),
            lambda: to_csv(desk().insights.find(mine, EXPORTED).lines, openly=openly),
            "hongyan-messages.csv",
            what="export",
            agents=[agents[id] for id in mine.publications],
            help=t("list.export_help", n=f"{EXPORTED:,}"),
        )
