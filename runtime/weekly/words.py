"""A report as it is sent: short, in one language, with nothing of anybody that can be told by its form."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from runtime.lang import Text
from runtime.safety.masking.personal import KINDS
from runtime.safety.masking.standing import in_words
from runtime.weekly.report import Line, Numbers, Report, Theme

MOST = 5
"""Of each list."""
LONGEST = 60
"""Characters of a text."""
SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")
TITLE = Text("**周报 {since}–{until}**", "**Week {since}–{until}**")
FIGURES = Text(
    "消息 {messages}（{messages_before}），{people} 人（{people_before}）。没答上来 {failed}"
    "（{failed_before}），转人工 {handed}（{handed_before}）。满意 {good}（{good_before}），"
    "不满意 {bad}（{bad_before}）。花费 {cost}（{cost_before}）。括号里是前一周。",
    "{messages} messages ({messages_before}) of {people} people ({people_before}). Not answered: {failed} "
    "({failed_before}), handed to people: {handed} ({handed_before}). Liked: {good} ({good_before}), "
    "not liked: {bad} ({bad_before}). Cost: {cost} ({cost_before}). In brackets: the week before.",
)
SCORE = Text(
    "聊完打分平均 {score}（{score_before}），{n} 次。",
    "Rating after conversations: {score} ({score_before}) on average, {n} of them.",
)
ASKED = Text("问得最多", "Asked most")
UNANSWERED = Text("没答好", "Not answered well")
UNHAPPY = Text("不满意", "Not liked")
EXPENSIVE = Text("最贵", "Dearest")
NOTHING = Text("这一周没有消息。", "No messages in this week.")
NO_PRICE = Text("不知道价格", "no price known")
TIMES = Text("{n} 次（{before}）", "{n} times ({before})")


def told(report: Report, language: str, zone: ZoneInfo | None) -> str:
    """Markdown."""
    last = datetime.fromtimestamp(report.week.until, zone).date() - timedelta(days=1)
    first = datetime.fromtimestamp(report.week.since, zone).date()
    title = TITLE.fill(since=f"{first:%m-%d}", until=f"{last:%m-%d}").to(language)
    if not report.now.messages:
        return f"{title}\n\n{NOTHING.to(language)}"
    lists = (
        (ASKED, [_theme(one, language) for one in report.asked]),
        (UNANSWERED, [_theme(one, language) for one in report.unanswered]),
        (UNHAPPY, [_judged(one, language) for one in report.unhappy]),
        (EXPENSIVE, [_dear(one, language) for one in report.expensive]),
    )
    told = [_list(name.to(language), lines) for name, lines in lists if lines]
    return "\n\n".join([title, _figures(report.now, report.before, language), *told])


def _figures(now: Numbers, before: Numbers, language: str) -> str:
    names = ("messages", "people", "failed", "handed", "good", "bad")
    values = {name: getattr(now, name) for name in names}
    values |= {f"{name}_before": getattr(before, name) for name in names}
    costs = {"cost": _money(now, language), "cost_before": _money(before, language)}
    told = FIGURES.fill(**values, **costs).to(language)
    if not now.scores and not before.scores:
        return told
    scores = {"score": _points(now), "score_before": _points(before), "n": now.scores}
    return f"{told}\n\n{SCORE.fill(**scores).to(language)}"


def _points(of: Numbers) -> str:
    return "–" if of.score is None else f"{of.score:.1f}"


def _money(of: Numbers, language: str) -> str:
    return NO_PRICE.to(language) if of.cost is None and of.tokens else f"${of.cost or 0:.2f}"


def _list(name: str, lines: Sequence[str]) -> str:
    return "\n".join([f"**{name}**", *(f"- {line}" for line in lines[:MOST])])


def _theme(one: Theme, language: str) -> str:
    return f"{said(one.text, language)} · {TIMES.fill(n=one.number, before=one.before).to(language)}"


def _judged(one: Line, language: str) -> str:
    return " · ".join(filter(None, (said(one.text, language), said(one.why, language))))


def _dear(one: Line, language: str) -> str:
    price = f"{one.tokens:,} tokens" if one.cost is None else f"${one.cost:.4f}"
    return f"{said(one.text, language)} · {price}"


def said(text: str, language: str) -> str:
    """What somebody wrote, as words that stand for nothing else: no link, no mark, no number of theirs."""
    plain = " ".join(in_words(text, KINDS, language).split())
    cut = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    return SIGNS.sub(r"\\\1", cut)
