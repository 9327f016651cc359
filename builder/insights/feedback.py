"""What people thought of answers, real ones and those of the playground: counted by version, one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from builder.insights import _filters, _words, scores
from builder.insights._again import deed, lets
from builder.insights._as_test import as_test, rated_as_test
from builder.insights._drawn import anchor, callout, card, esc, heading, show, table, title
from builder.insights._plain import label, short
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.store.messages.ratings import Rating
from runtime.trying.rated import Rated

PERIODS = (1, 7, 30, 90)
LONGEST = 300
"""Characters of a question, an answer, a note."""
SHOWN = 50
VERDICTS = ("all", "good", "bad")


@dataclass(frozen=True)
class Told:
    """One of either kind."""

    agent: str
    version: str
    good: bool
    at: float
    real: Rating | None = None
    tried: Rated | None = None


def page() -> None:
    title(t("page.feedback"), t("feedback.hint"))
    with st.container(horizontal=True, vertical_alignment="center"):
        days = _filters.period(PERIODS, 30)
        _thumbs()
        scores.asking()
        verdict = _chosen("verdict", VERDICTS, {one: t(f"feedback.show.{one}") for one in VERDICTS})
    steps = _filters.steps(days)
    scored = scores.told(steps[0].since, steps[-1].until)
    found = _told(steps[0].since, steps[-1].until)
    if not found and scored:
        return None
    if not found:
        return callout("accent", esc(t("feedback.none")), role="status")
    agents = sorted({one.agent for one in found})
    if len(agents) > 1:
        agent = _chosen(
            "agent",
            ("", *agents),
            {"": t("filter.all"), **{one: label(desk().agent_name(one)) for one in agents}},
        )
        found = [one for one in found if agent in ("", one.agent)]
    _counts(found)
    listed = [one for one in found if verdict == "all" or one.good == (verdict == "good")]
    heading(t("feedback.list"))
    for number, one in enumerate(listed[:SHOWN]):
        with card(f"feedback_{number}"):
            _one(one)
    if len(listed) > SHOWN:
        st.caption(t("todo.more", n=SHOWN, all=len(listed)))
    return None


def _chosen(name: str, options: Sequence[str], names: dict[str, str]) -> str:
    chosen = st.selectbox(
        t(f"feedback.{name}"),
        options,
        format_func=names.__getitem__,
        key=f"feedback_{name}",
        persist_state=_filters.KEEP,
        label_visibility="collapsed",
    )
    return str(chosen or options[0])


def _thumbs() -> None:
    """Where a thumb that is typed counts, for whoever may publish there."""
    live = [
        one
        for one in desk().control.publications()
        if scores.answers_people(one) and lets("switch_thumbs", publication=one.id, on=1)
    ]
    if not live:
        return
    with st.popover(t("thumbs"), key="thumbs"):
        show(f'<p class="soft">{esc(t("thumbs.hint"))}</p>')
        for one in live:
            name = _words.publication(one.id)
            words = t("thumbs.off" if one.judged else "thumbs.on", where=name)
            deed(words, f"thumbs_{one.id}", "switch_thumbs", publication=one.id, on=0 if one.judged else 1)


def _told(since: float, until: float) -> list[Told]:
    insights = desk().insights
    found = [
        Told(one.agent, one.version or t("feedback.as_it_stood"), one.good, one.at, tried=one)
        for one in desk().tried(since, until)
    ]
    for one in insights.ratings(insights.publications(), since, until):
        record = desk().control.publication(one.publication)
        version = f"v{one.version}" if one.version else "—"
        agent = record.agent if record else one.publication
        found.append(Told(agent, version, one.verdict == "good", one.at, real=one))
    return sorted(found, key=lambda one: -one.at)


def _counts(found: Sequence[Told]) -> None:
    counts: dict[tuple[str, str, bool], Counter[bool]] = {}
    for one in found:
        counts.setdefault((one.agent, one.version, one.real is not None), Counter())[one.good] += 1
    rows = [
        [
            esc(short(desk().agent_name(agent), 40)),
            esc(version),
            esc(t(_where(real=real))),
            f"{n[True]:,}",
            f"{n[False]:,}",
        ]
        for (agent, version, real), n in sorted(counts.items())
    ]
    names = ("table.agent", "feedback.version", "feedback.where", "feedback.good", "feedback.bad")
    show(table([t(name) for name in names], rows, t("table.feedback"), "in-numbers"))


def _where(*, real: bool) -> str:
    return "feedback.real" if real else "feedback.tried"


def _one(one: Told) -> None:
    verdict = t("feedback.good" if one.good else "feedback.bad")
    name = short(desk().agent_name(one.agent), 40)
    about = (verdict, moment(one.at), name, one.version, t(_where(real=one.real is not None)))
    show(f'<p class="soft">{esc(" · ".join(about))}</p>')
    if one.tried:
        _tried(one.tried)
    elif one.real:
        said = one.real.text or t("feedback.no_words")
        name = _words.publication(one.real.publication)
        show(f"<p>{anchor('message', short(said, LONGEST), id=one.real.seq)} {esc(name)}</p>")
        as_test(one.real.seq, one.real.publication)


def _tried(one: Rated) -> None:
    lines = [
        f"<p><b>{esc(short(one.question, LONGEST))}</b></p>",
        f"<p>{esc(short(one.answer, LONGEST))}</p>",
    ]
    if one.note:
        lines.append(f"<p>“{esc(short(one.note, LONGEST))}”</p>")
    if one.by == desk().who().id:  # the chat is whose it is, and nobody else's
        query = urlencode({"agent": one.agent, "chat": one.chat, "turn": one.turn})
        address = esc(f"../play?{query}")
        lines.append(f'<p><a class="hy-go" href="{address}" target="_top">{esc(t("feedback.open"))}</a></p>')
    show(*lines)
    rated_as_test(one)
