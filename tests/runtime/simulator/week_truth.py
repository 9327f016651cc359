"""What must be true of a week when it is over, whatever the job."""

from collections import Counter

from runtime.gateway.canned import DOUBT
from runtime.store.messages.figures import Slot
from runtime.store.messages.insights import Insights

SAID_BY_PEOPLE = "select sender, text from messages where kind in ('text', 'image')"
COUNTED = """
select sum(case when kind in ('text', 'voice', 'image') then 1 else 0 end),
  sum(case when kind='start' then 1 else 0 end) from messages
"""
"""What people said; and turns that no message began: reminders, schedules, what was waited for in vain."""
FAILED = "暂时回答不了"
FORGET = "忘记我"
UNSURE = ("after_send", "after_claim")
"""Deaths after which nobody knows whether something was sent."""


def is_doubt(line):
    """Says honestly that something may not have come, and where it is."""
    return DOUBT.zh in line.text


def answers(it):
    """Each thing that was written, with what was read before they wrote again."""
    for one in it.asked:
        found = []
        for line in it.town.chat(one.who)[one.place :]:
            if line.side == "me":
                break
            found.append(line)
        yield one, found


def each_answered_once(it, is_unasked=lambda text: False):
    """…or one honest sentence: the platform's own, or ours that it is not known whether the answer came."""
    wrong, doubts = [], 0
    for one, lines in answers(it):
        read = [line for line in lines if not is_unasked(line.text)] or lines[: one.to_agent]
        ours = [line for line in read if line.side == "account" and not is_doubt(line)]
        doubts += sum(map(is_doubt, read))
        if len(ours) != one.to_agent and (ours or not read):
            wrong.append((one, lines))
    assert wrong == []
    assert doubts <= 5 * sum(it.points[point] for point in UNSURE)


async def nothing_lost_nor_twice(it, forgotten=()):
    """What the platform was told to have come is in the store once; of the rest nobody can know. Of those who
    are forgotten nothing is but their wish and what they said later."""
    rows = await it.rows(SAID_BY_PEOPLE)
    for who in forgotten:
        said = [one.text for one in it.asked if one.who == who]
        later = said[len(said) - said[::-1].index(FORGET) :]
        assert {text for sender, text in rows if sender == it.town.id_of(who)} <= {"", FORGET, *later}
    gone = {it.town.id_of(who) for who in forgotten}
    kept = Counter(row for row in rows if row[0] not in gone)
    known = [one for one in it.asked if one.who not in forgotten]
    told = Counter((it.town.id_of(one.who), one.text) for one in known if one.came)
    everything = Counter((it.town.id_of(one.who), one.text) for one in known)
    assert [said for said in everything | kept if not told[said] <= kept[said] <= everything[said]] == []


async def counted_right(it):
    """Insights' numbers, by the people's chats."""
    slot = Slot(0, "p", it.moment(-1, 0), it.moment(20, 0))
    insights = Insights(it.here / "messages.db")
    figures, people = insights.figures([slot])[0], insights.people([slot])["p"]
    [(said, begun)] = await it.rows(COUNTED)
    assert figures.messages == said + begun
    assert sum(one.came for one in it.asked) <= said <= len(it.asked)
    assert people == len({one.who for one in it.asked})
    assert figures.failed == sum(FAILED in line.text for _, lines in answers(it) for line in lines)
    paid = len(it.world.paid)
    assert 10 * (paid - it.died) <= figures.prompt_tokens <= 10 * paid
