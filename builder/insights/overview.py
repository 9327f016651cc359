"""How it goes: messages, people, how they were answered, how fast, at what cost, and what failed."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from builder.actions.publish_path import publish_path
from builder.actions.scanning import ended, lost
from builder.insights import _charts, _filters, _words
from builder.insights._charts import big
from builder.insights._drawn import anchor, callout, esc, fold, heading, show, table, title
from builder.insights._empty import nothing
from builder.insights._filters import Step
from builder.insights._go import go
from builder.insights._plain import short
from builder.insights._words import duration, in_lang, t
from builder.insights.desk import desk
from runtime.store.messages.failing import said
from runtime.store.messages.figures import Figures, Slot, total
from runtime.store.messages.insights import Wanted

PERIODS = (1, 7, 30)
SHOWN = 10
"""Answers that were not liked, the newest ones."""
LONGEST = 200


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
    title(t("page.overview"))
    ids = desk().insights.publications()
    if not ids:
        return nothing("messages")
    _alerts()
    with st.container(horizontal=True, vertical_alignment="center"):
        days = _filters.period(PERIODS, 7)
        chosen = _filters.publication(ids)
    looked = look(chosen, days)
    whole = total(looked.figures.values())
    if not whole.messages:
        return callout("accent", esc(t("empty.period")), role="status")
    _numbers(whole, sum(looked.people.values()))
    named = [(step.name, looked.at(n)) for n, step in enumerate(looked.steps)]
    _charts.draw(_charts.ways(named, hourly=days == 1), _charts.times(named), _charts.tokens(named))
    _failures(looked)
    _feedback(looked)
    _tables(looked, hourly=days == 1)
    return None


def _alerts() -> None:
    """What somebody should look at now."""
    for found in desk().insights.failing(time.time()):
        why = f"<b>{esc(_words.publication(found.publication))}</b>: {esc(in_lang(said(found)))}"
        callout("bad", why, role="alert")
    control = desk().control
    alerts = [(*one, "alert.scan") for one in lost(control)]
    alerts += [(*one, "alert.publish") for one in ended(control, desk().insights.fact)]
    for publication, text, label in alerts:
        name, page = _words.publication(publication.id), esc(f"../{publish_path(publication)}")
        way = f'<a href="{page}" target="_self">{esc(t(label))}</a>'
        callout("bad", f"<b>{esc(name)}</b>: {esc(in_lang(text))} {way}", role="alert")
    if held := desk().held_back():
        way = f'<a href="../" target="_self">{esc(t("alert.held_go"))}</a>'
        callout("warn", f"{esc(t('alert.held', n=held))} {way}", role="alert")
    if (working := desk().instances()) > 1:
        callout("accent", esc(t("instances", n=working)), role="status")


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
    p95 = whole.seconds(0.95)
    failed = whole.failed + whole.lost
    spent = {"prompt": big(whole.prompt_tokens), "completion": big(whole.completion_tokens)}
    unknown = whole.cost is None and whole.unpriced
    cost = t("figure.all_unpriced") if unknown else _words.money(whole.cost or 0)
    unpriced = t("figure.unpriced", n=f"{whole.unpriced:,}") if whole.unpriced and not unknown else ""
    tokens = big(whole.prompt_tokens + whole.completion_tokens)
    show(
        '<dl class="in-figures">',
        _number("messages", f"{whole.messages:,}", f"{t('figure.people')} {people:,}"),
        _number(
            "time",
            duration(whole.seconds(0.5)),
            "" if p95 is None else t("figure.time_95", time=duration(p95)),
            t("figure.time_help"),
        ),
        _number("failed", f"{failed:,}", t("figure.failed_share", share=f"{failed / whole.messages:.1%}")),
        _number("waiting", f"{whole.kept:,}", "", t("figure.waiting_help")),
        _number("tokens", tokens, t("figure.tokens_split", **spent), t("figure.tokens_help")),
        _number("cost", cost, unpriced, t("figure.unpriced_help") if whole.unpriced else ""),
        "</dl>",
    )


def _number(name: str, value: str, below: str = "", help: str = "") -> str:
    """`help` opens by a click or a key."""
    inside = f"<dt>{esc(t(f'figure.{name}'))}</dt><dd><strong>{esc(value)}</strong>"
    inside += f"<small>{esc(below)}</small>" if below else ""
    inside += fold(esc(t("figure.about")), f"<p>{esc(help)}</p>") if help else ""
    return f'<div class="hy-card" data-testid="figure-{name}">{inside}</dd></div>'


def _failures(looked: Looked) -> None:
    heading(t("table.failures"))
    wanted = Wanted(looked.steps[0].since, looked.steps[-1].until, tuple(looked.publications))
    reasons = desk().insights.failures(wanted)
    if not reasons:
        return show(f'<p class="soft">{esc(t("table.no_failures"))}</p>')
    rows = [[esc(_words.reason(code)), f"{number:,}"] for code, number in reasons]
    show(table((t("table.reason"), t("table.number")), rows, t("table.failures"), "in-numbers"))
    if st.button(t("table.see_failed"), key="see_failed"):
        st.session_state.failed = True
        go("conversations")
    return None


def _feedback(looked: Looked) -> None:
    """What people thought of answers, by agent; and the newest that were not liked."""
    found = desk().insights.ratings(looked.publications, looked.steps[0].since, looked.steps[-1].until)
    if not found:
        return
    heading(t("table.feedback"))
    counts: dict[str, Counter[str]] = {}
    for one in found:
        record = desk().control.publication(one.publication)
        counts.setdefault(record.agent if record else one.publication, Counter())[one.verdict] += 1
    rows = [
        [esc(short(desk().agent_name(agent), 40)), f"{n['good']:,}", f"{n['bad']:,}"]
        for agent, n in sorted(counts.items())
    ]
    head = (t("table.agent"), t("feedback.good"), t("feedback.bad"))
    show(table(head, rows, t("table.feedback"), "in-numbers"))
    for one in [one for one in found if one.verdict == "bad"][:SHOWN]:
        said = one.text or t("feedback.no_words")
        show(f'<p class="hy-row">{anchor("message", short(said, LONGEST), id=one.seq)}</p>')


def _tables(looked: Looked, *, hourly: bool) -> None:
    if len(looked.publications) > 1:
        heading(t("table.publications"))
        names = [_words.publication(id) for id in looked.publications]
        people = [looked.people.get(id, 0) for id in looked.publications]
        rows = [looked.of(n) for n in range(len(names))]
        show(_charts.table(t("filter.publication"), names, rows, people=people))
    named = [(step.name, looked.at(n)) for n, step in enumerate(looked.steps)]
    busy = [(name, figures) for name, figures in reversed(named) if figures.messages]
    each = t("table.hour" if hourly else "table.day")
    drawn = _charts.table(each, [name for name, _ in busy], [figures for _, figures in busy])
    show(fold(esc(t("table.hours" if hourly else "table.days")), drawn))
