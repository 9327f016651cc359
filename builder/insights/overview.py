"""How it goes: messages, people, how they were answered, how fast, at what cost, and what failed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from builder.insights import _charts, _filters, _words
from builder.insights._charts import big
from builder.insights._empty import nothing_yet
from builder.insights._filters import Step
from builder.insights._go import go, link
from builder.insights._plain import label
from builder.insights._words import duration, in_lang, t
from builder.insights.desk import desk
from runtime.store.failing import said
from runtime.store.figures import Figures, Slot, total
from runtime.store.insights import Wanted

PERIODS = (1, 7, 30)


@dataclass(frozen=True)
class Looked:
    """The figures of a period, by step and by publication."""

    steps: Sequence[Step]
    publications: Sequence[str]
    figures: dict[int, Figures]
    people: dict[str, int]

    def at(self, step: int) -> Figures:
        count = len(self.publications)
        return total(self.figures[step * count + n] for n in range(count))

    def of(self, publication: int) -> Figures:
        count = len(self.publications)
        return total(self.figures[n * count + publication] for n in range(len(self.steps)))


def page() -> None:
    head, when, where = st.columns([2, 2, 2], vertical_alignment="bottom")
    head.title(t("page.overview"), anchor=False)
    ids = desk().insights.publications()
    if not ids:
        return nothing_yet()
    for found in desk().insights.failing(time.time()):
        why = f"{_words.publication(found.publication)}: {in_lang(said(found))}"
        st.error(label(why), icon=":material/error:")
    with where:
        chosen = _filters.publication(ids)
    with when:
        days = _filters.period(PERIODS, 7)
    looked = look(chosen, days)
    whole = total(looked.figures.values())
    if not whole.messages:
        st.info(t("empty.period"), icon=":material/inbox:")
        return None
    _numbers(whole, sum(looked.people.values()))
    _charts.ways([(step.name, looked.at(n)) for n, step in enumerate(looked.steps)], hourly=days == 1)
    left, right = st.columns(2)
    with left:
        _charts.times([(step.name, looked.at(n)) for n, step in enumerate(looked.steps)])
    with right:
        _charts.tokens([(step.name, looked.at(n)) for n, step in enumerate(looked.steps)])
    _failures(looked)
    _tables(looked, hourly=days == 1)
    return None


def look(publications: Sequence[str], days: int) -> Looked:
    steps = _filters.steps(days)
    count = len(publications)
    slots = [
        Slot(n * count + k, id, step.since, step.until)
        for n, step in enumerate(steps)
        for k, id in enumerate(publications)
    ]
    whole = [Slot(k, id, steps[0].since, steps[-1].until) for k, id in enumerate(publications)]
    insights = desk().insights
    return Looked(steps, publications, insights.figures(slots), insights.people(whole))


def _numbers(whole: Figures, people: int) -> None:
    cells = st.grid("auto", min_column_width=150)
    _number(cells, "messages", f"{whole.messages:,}", f"{t('figure.people')} {people:,}")
    p95 = whole.seconds(0.95)
    below = "" if p95 is None else t("figure.time_95", time=duration(p95))
    _number(cells, "time", duration(whole.seconds(0.5)), below, t("figure.time_help"))
    failed = whole.failed + whole.lost
    share = t("figure.failed_share", share=f"{failed / whole.messages:.1%}")
    _number(cells, "failed", f"{failed:,}", share)
    _number(cells, "waiting", f"{whole.kept:,}", "", t("figure.waiting_help"))
    spent = {"prompt": big(whole.prompt_tokens), "completion": big(whole.completion_tokens)}
    tokens = big(whole.prompt_tokens + whole.completion_tokens)
    _number(cells, "tokens", tokens, t("figure.tokens_split", **spent), t("figure.tokens_help"))
    unknown = whole.cost is None and whole.unpriced
    cost = t("figure.all_unpriced") if unknown else _words.money(whole.cost or 0)
    below = t("figure.unpriced", n=f"{whole.unpriced:,}") if whole.unpriced and not unknown else ""
    _number(cells, "cost", cost, below, t("figure.unpriced_help") if whole.unpriced else "")


def _number(cells: DeltaGenerator, name: str, value: str, below: str = "", help: str = "") -> None:
    cells.metric(
        t(f"figure.{name}"),
        value,
        below or None,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=help or None,
    )


def _failures(looked: Looked) -> None:
    st.subheader(t("table.failures"), anchor=False)
    wanted = Wanted(looked.steps[0].since, looked.steps[-1].until, tuple(looked.publications))
    reasons = desk().insights.failures(wanted)
    if not reasons:
        st.text(t("table.no_failures"))
        return
    rows = {
        t("table.reason"): [_words.reason(code) for code, _ in reasons],
        t("table.number"): [number for _, number in reasons],
    }
    st.dataframe(rows, hide_index=True, key="failures")
    if st.button(t("table.see_failed"), icon=":material/search:", key="see_failed"):
        st.session_state.failed = True
        go("conversations")


def _tables(looked: Looked, *, hourly: bool) -> None:
    if len(looked.publications) > 1:
        st.subheader(t("table.publications"), anchor=False)
        names = [_words.publication(id) for id in looked.publications]
        people = [looked.people.get(id, 0) for id in looked.publications]
        _charts.table(
            t("filter.publication"),
            names,
            [looked.of(n) for n in range(len(names))],
            key="by_publication",
            people=people,
        )
    with st.expander(t("table.hours" if hourly else "table.days")):
        named = [(step.name, looked.at(n)) for n, step in enumerate(looked.steps)]
        busy = [(name, figures) for name, figures in reversed(named) if figures.messages]
        _charts.table(
            t("table.hour" if hourly else "table.day"),
            [n for n, _ in busy],
            [f for _, f in busy],
            key="by_step",
        )
    link("todo", t("page.todo"), ":material/checklist:")
