"""The week: asked, not answered well, not liked, dear; and the one before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from builder.insights import _filters, _words
from builder.insights._again import deed, lets
from builder.insights._charts import big
from builder.insights._drawn import anchor, callout, esc, heading, show, table, title
from builder.insights._empty import nothing
from builder.insights._plain import label, short
from builder.insights._words import duration, t
from builder.insights.desk import desk
from runtime.publish.weekly import DAYS, planned
from runtime.time_zones import zone
from runtime.weekly.report import Line, Numbers, Theme, Week

WEEKS = 8
LONGEST = 120
"""Characters of a question."""


def page() -> None:
    title(t("page.weekly"), t("weekly.hint"))
    ids = desk().insights.publications()
    if not ids:
        return nothing("messages")
    with st.container(horizontal=True, vertical_alignment="center"):
        back = _week()
        chosen = _filters.publication(ids)
        _sending()
    report = desk().week(back, chosen)
    if not (report.now.messages or report.before.messages):
        return callout("accent", esc(t("weekly.none")), role="status")
    _numbers(report.now, report.before)
    _themes("asked", report.asked)
    _themes("unanswered", report.unanswered)
    _lines("unhappy", report.unhappy)
    _lines("expensive", report.expensive)
    return None


def _week() -> int:
    names = {back: _named(desk().week_of(back)) for back in range(WEEKS)}
    chosen = st.selectbox(
        t("weekly.week"),
        list(names),
        format_func=names.__getitem__,
        key="week_back",
        persist_state=_filters.KEEP,
        label_visibility="collapsed",
    )
    return int(chosen or 0)


def _named(week: Week) -> str:
    place = zone(desk().control.options().zone)
    first = datetime.fromtimestamp(week.since, place)
    last = datetime.fromtimestamp(week.until, place) - timedelta(hours=12)
    return f"{_words.day(first)} – {_words.day(last)}"


def _numbers(now: Numbers, before: Numbers) -> None:
    def money(of: Numbers) -> str:
        unknown = of.cost is None and of.tokens
        return t("weekly.no_price") if unknown else _words.money(of.cost or 0)

    def points(of: Numbers) -> str:
        return "—" if of.score is None else f"{of.score:.1f} · {of.scores:,}"

    rows = [
        ("messages", f"{now.messages:,}", f"{before.messages:,}"),
        ("people", f"{now.people:,}", f"{before.people:,}"),
        ("failed", f"{now.failed:,}", f"{before.failed:,}"),
        ("handed", f"{now.handed:,}", f"{before.handed:,}"),
        ("good", f"{now.good:,}", f"{before.good:,}"),
        ("bad", f"{now.bad:,}", f"{before.bad:,}"),
        ("score", points(now), points(before)),
        ("seconds", duration(now.seconds), duration(before.seconds)),
        ("tokens", big(now.tokens), big(before.tokens)),
        ("cost", money(now), money(before)),
    ]
    head = [t("weekly.what"), t("weekly.now"), t("weekly.before")]
    drawn = [[esc(t(f"weekly.{name}")), esc(one), esc(other)] for name, one, other in rows]
    show(table(head, drawn, t("weekly.numbers"), "in-numbers"))


def _themes(name: str, themes: Sequence[Theme]) -> None:
    heading(t(f"weekly.{name}_list"))
    if not themes:
        return show(f'<p class="soft">{esc(t("weekly.nothing"))}</p>')
    rows = [
        [anchor("message", short(one.text, LONGEST), id=one.seqs[0]), f"{one.number:,}", f"{one.before:,}"]
        for one in themes
    ]
    head = [t("weekly.question"), t("weekly.now"), t("weekly.before")]
    return show(table(head, rows, t(f"weekly.{name}_list"), "in-numbers"))


def _lines(name: str, lines: Sequence[Line]) -> None:
    heading(t(f"weekly.{name}_list"))
    if not lines:
        return show(f'<p class="soft">{esc(t("weekly.nothing"))}</p>')
    return show("".join(f"<p>{_line(one, name)}</p>" for one in lines))


def _line(one: Line, name: str) -> str:
    said = anchor("message", short(one.text, LONGEST) or t("list.nothing"), id=one.seq)
    if name == "unhappy":
        beside = short(one.why, LONGEST)
    else:
        beside = f"{big(one.tokens)} tokens" if one.cost is None else _words.money(one.cost)
    return f'{said} <span class="soft">{esc(beside)}</span>'


def _sending() -> None:
    """Where it goes by itself, for whoever may choose that."""
    plan = planned(desk().control)
    places = desk().announcing()
    if not lets("stop_weekly"):
        return
    with st.popover(t("weekly.send"), key="weekly_send"):
        if plan:
            name = _words.publication(plan.publication)
            show(f"<p>{esc(t('weekly.sent', where=name, to=plan.to, when=_when(plan.cron)))}</p>")
            deed(t("weekly.stop"), "stop_weekly", "stop_weekly")
        if not places:
            show(f'<p class="soft">{esc(t("weekly.nowhere"))}</p>')
            return
        names = {id: label(_words.publication(id)) for id in places}
        st.selectbox(t("weekly.where"), places, format_func=names.__getitem__, key="weekly_publication")
        st.text_input(t("weekly.to"), plan.to if plan else "", key="weekly_to", max_chars=320)
        st.selectbox(t("weekly.day"), DAYS, format_func=lambda one: t(f"weekly.{one}"), key="weekly_day")
        st.text_input(t("weekly.at"), "09:00", key="weekly_at", max_chars=5)
        reads = {name: f"weekly_{name}" for name in ("publication", "to", "day", "at")}
        deed(t("weekly.start"), "start_weekly", "send_weekly", reads=reads, look="primary")


def _when(cron: str) -> str:
    minute, hour, *_, day = cron.split()
    return f"{t(f'weekly.{DAYS[(int(day) - 1) % 7]}')} {int(hour):02}:{int(minute):02}"
