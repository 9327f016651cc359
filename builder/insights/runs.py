"""What begins by itself: when it is due next, what ran, for whom it could not be brought, and a button."""

import time
from collections.abc import Iterator
from typing import Any

import streamlit as st

from builder.insights import _words
from builder.insights._again import deed, for_good
from builder.insights._drawn import anchor, card, esc, fold, show, table, title
from builder.insights._empty import nothing
from builder.insights._live import live
from builder.insights._words import (
    explained,
    has,
    in_lang,
    lang,
    moment,
    money,
    publication,
    reason,
    state_named,
    t,
)
from builder.insights.desk import desk
from runtime.agents.agent import Agent
from runtime.agents.schedule import upcoming
from runtime.agents.schedule_words import in_words
from runtime.agents.starts import AUDIENCES, Scheduled, Start
from runtime.errors import HongyanError
from runtime.store.control.records import Publication
from runtime.store.messages.runs_list import OfRun, Ran
from runtime.time_zones import zone

RUNS = 10
"""Of each start that are shown."""
COLUMNS = ("at", "became", "people", "delivered", "kept", "failed", "left_out", "cost")
PEOPLE = 50
"""Of each run that are named."""


def page() -> None:
    title(t("runs.title"), t("runs.hint"))
    found = list(_starts())
    if not found:
        nothing("runs")
        return
    for record, agent, start in found:
        with card(f"start_{record.id}_{start.id}"):
            _start(record, agent, start)


def _starts() -> Iterator[tuple[Publication, Agent, Start]]:
    for record in desk().control.publications():
        if not record.enabled:
            continue
        try:
            agent = Agent.load(desk().control.frozen_agent(record.id, record.version))
        except HongyanError:
            continue  # told on the Publish page
        yield from ((record, agent, start) for start in agent.starts)


def _start(record: Publication, agent: Agent, start: Start) -> None:
    show(
        f"<h2>{esc(start.title or t(f'runs.on.{start.on}'))}</h2>",
        f'<p class="soft">{esc(" · ".join(_about(record, agent, start)))}</p>',
    )
    if start.on != "event":
        _run_now(record, start)
    _ran(record, start)


@live
def _ran(record: Publication, start: Start) -> None:
    """What becomes of a run shows while it runs."""
    ran = desk().runs.runs(record.id, start.id, RUNS)
    if not ran:
        st.caption(t("runs.never"))
        return
    show(table([t(f"runs.{name}") for name in COLUMNS], [_row(one) for one in ran], t("runs.table")))
    for one in ran:
        if one.left_out or one.failed or one.kept:
            named = (_person(record.id, each) for each in desk().runs.people(one.id)[:PEOPLE])
            show(fold(esc(t("runs.who", at=moment(one.due))), *named))


def _run_now(record: Publication, start: Start) -> None:
    """Asked once more where it writes to people."""
    key = f"now_{record.id}_{start.id}"
    run: dict[str, Any] = {"publication": record.id, "start": start.id}
    if start.audience == "nobody":
        deed(t("runs.now"), key, "run_start", **run)
    else:
        people = AUDIENCES[start.audience].to(lang())
        for_good(t("runs.now"), key, "run_start", t("runs.sure", people=people), **run)


def _about(record: Publication, agent: Agent, start: Start) -> Iterator[str]:
    yield publication(record.id)
    yield AUDIENCES[start.audience].to(lang())
    if isinstance(start, Scheduled):
        place = zone(agent.timezone)
        due = upcoming(start.cron, place, time.time())
        times = " · ".join(moment(at, "%H:%M", place) for at in due)
        yield t("runs.next", when=in_lang(in_words(start.cron)), zone=agent.timezone, at=times)
    if record.paused_at is not None:
        yield t("runs.paused")


def _row(ran: Ran) -> Iterator[str]:
    yield esc(moment(ran.due))
    yield esc(" ".join(filter(None, (t(f"runs.state.{ran.state}"), _why(ran.code)))))
    yield from (str(number) for number in (ran.people, ran.delivered, ran.kept, ran.failed, ran.left_out))
    yield esc(money(ran.cost) if ran.cost else "")


def _person(publication: str, one: OfRun) -> str:
    what = _why(one.code) or (reason(one.failure) if one.failure else state_named(one.state))
    name = anchor("message", t("runs.turn"), id=one.seq) if one.seq else ""
    who = {"publication": publication, "sender": one.sender}
    shown = _words.person(who, openly=st.session_state.get("openly", False))
    return f"<p>{esc(shown)} · {esc(what)} {name}</p>"


def _why(code: str) -> str:
    if not code:
        return ""
    return t(f"runs.why.{code}") if has(f"runs.why.{code}") else explained("", code) or code
