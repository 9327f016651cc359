"""How satisfied people were, 1 to 5, by version and by operator; and where they are asked."""

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from builder.insights import _words
from builder.insights._again import deed, lets
from builder.insights._drawn import anchor, esc, heading, show, table
from builder.insights._plain import short
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.channels import is_for_people, registry
from runtime.store.control.records import Publication
from runtime.store.messages.scores import Score, average, scores

USUAL = 30
AFTER = (10, USUAL, 60, 180)
"""Minutes of silence that are offered."""
LONGEST = 200
SHOWN = 10
"""With words, the newest."""


def answers_people(one: Publication) -> bool:
    """Somebody is there to say what they think of it; programs have their own call for that."""
    kind = registry().get(one.channel)
    return one.enabled and kind is not None and is_for_people(kind)


def asking() -> None:
    """Where people are asked, for whoever may publish there."""
    live = [
        one
        for one in desk().control.publications()
        if answers_people(one) and lets("ask_scores", publication=one.id, after=USUAL)
    ]
    if not live:
        return
    with st.popover(t("scores"), key="scores"):
        show(f'<p class="soft">{esc(t("scores.hint"))}</p>')
        after = st.selectbox(
            t("scores.after"),
            AFTER,
            AFTER.index(USUAL),
            format_func=lambda minutes: t("scores.minutes", n=minutes),
            key="scores_after",
        )
        for one in live:
            name = _words.publication(one.id)
            if one.score_after:
                words = t("scores.off", where=name, n=one.score_after)
                deed(words, f"scores_{one.id}", "ask_scores", publication=one.id, after=0)
            else:
                words = t("scores.on", where=name)
                deed(words, f"scores_{one.id}", "ask_scores", publication=one.id, after=int(after or USUAL))


def told(since: float, until: float) -> bool:
    """Averages, and what people wrote to theirs; whether there is any."""
    insights = desk().insights
    publications = insights.publications()
    with insights.reading() as db:
        found = scores(db, publications, since, until)
    if not found:
        return False
    heading(t("scores.list"))
    whole = t("scores.of", average=f"{average(found) or 0:.1f}", n=len(found))
    show(f"<p><b>{esc(whole)}</b></p>")
    groups: dict[tuple[str, str, str], list[Score]] = defaultdict(list)
    for one in found:
        record = desk().control.publication(one.publication)
        agent = short(desk().agent_name(record.agent if record else one.publication), 40)
        groups[agent, f"v{one.version}" if one.version else "—", one.by or "—"].append(one)
    rows = [
        [esc(agent), f"{average(some) or 0:.1f}", f"{len(some):,}", esc(version), esc(by)]
        for (agent, version, by), some in sorted(groups.items())
    ]
    names = ("table.agent", "scores.average", "scores.count", "feedback.version", "scores.by")
    show(table([t(name) for name in names], rows, t("scores.list"), "in-numbers"))
    _notes([one for one in found if one.text][:SHOWN])
    return True


def _notes(found: Sequence[Score]) -> None:
    for one in found:
        said = anchor("message", short(one.text, LONGEST), id=one.seq)
        about = esc(
            f"{t('scores.points', n=one.score)} · {moment(one.at)} · {_words.publication(one.publication)}"
        )
        show(f'<p>{said} <span class="soft">{about}</span></p>')
