"""Whether whole conversations went as they must: nothing lost, nothing doubled, all in order."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from bench.chaos.judge import Outcome, damaged, failed_turns
from bench.chaos.outside import Deciders, Shop
from bench.chaos.states import failures, left_over, repeats
from bench.chaos.talks import People, Talk
from bench.chaos.whole import CARRIED, PLACES, ROUNDS, SAID
from bench.invariants import Broken, Verdict, check
from runtime.simulator.history import History

END = re.compile(r"(\w+)=([^ |]*)")


def judge(name: str, people: People, deciders: Deciders, shop: Shop) -> Outcome:
    """The gateway must have ended."""
    running = people.running
    home, history = running.home, running.history
    failed = failures(home)
    told = list(conversations(people, deciders, shop))
    twice = [
        Broken("I2", order, f"was made {count} times") for order, count in shop.orders.items() if count > 1
    ]
    paid = check(History(calls=history.calls, kills=history.kills, starved=history.starved)).broken
    left = [Broken("I7", what, f"{count} are left") for what, count in left_over(home).items() if count]
    starts = list(_starts(people))
    broken = [*told, *twice, *paid, *left, *starts, *running.broken, *damaged(home)]
    broken += failed_turns(failed, may_fail=False)
    doubt = tuple(f"{talk.mark} {place}" for talk in people.talks for place in _doubted(people, talk))
    verdict = Verdict(
        messages=len(people.talks),
        acknowledged=len(people.talks),
        answered=sum(not talk.stuck for talk in people.talks),
        kept=0,
        lost=tuple(one.id for one in broken if one.invariant in ("I1", "I7")),
        doubled=tuple(one.id for one in broken if one.invariant in ("I2", "I3")),
        uncertain=doubt,
        broken=tuple(broken),
    )
    return Outcome(
        plan=name,
        kills=len(history.kills),
        slowest_start=max(running.starts),
        verdict=verdict,
        broken=tuple(broken),
        failures=failed,
        problems=Counter(),
        repeats=repeats(home),
        unseen=len(doubt),
    )


def _doubted(people: People, talk: Talk) -> list[str]:
    seen = people.places(talk.mark)
    wanted = (*PLACES, CARRIED)
    return [one for one in wanted if one not in seen and people.in_doubt(f"〔{talk.mark} {one}〕")]


def conversations(people: People, deciders: Deciders, shop: Shop) -> Iterator[Broken]:
    for talk in people.talks:
        seen, doubted = people.places(talk.mark), _doubted(people, talk)
        if talk.stuck:
            yield Broken("I1", talk.mark, f"stood still before {talk.stuck}: {seen}")
            continue
        end = _end(people, talk)
        for place in (*PLACES, CARRIED):
            is_due = place != CARRIED or end.get("remind") != "True"
            if seen.count(place) > 1:
                yield Broken("I3", talk.mark, f"{place} was said {seen.count(place)} times")
            if is_due and place not in seen and place not in doubted:
                yield Broken("I1", talk.mark, f"{place} was never said: {seen}")
        in_order = [place for place in seen if place in PLACES]
        if in_order != sorted(in_order, key=PLACES.index):
            yield Broken("I4", talk.mark, f"was said in this order: {in_order}")
        if end:
            yield from _added_up(talk, end, deciders, shop)


def _added_up(talk: Talk, end: dict[str, str], deciders: Deciders, shop: Shop) -> Iterator[Broken]:
    """What the end says of what was kept, decided and answered."""
    wanted = {"talks": talk.number, "rounds": talk.number * ROUNDS}
    for name, number in wanted.items():
        if end[name] != str(number):
            yield Broken(
                "I2" if float(end[name] or 0) > number else "I1",
                talk.mark,
                f"{name}: {end[name]}, not {number}",
            )
    decided = deciders.decided.get(talk.mark, [])
    if len(decided) > 1:
        yield Broken("I3", talk.mark, f"several were told that they decided: {decided}")
    said = f"{end['by'].rpartition('/')[2]} {end['ok']}"
    if decided and decided[0] != said:
        yield Broken("I1", talk.mark, f"{decided[0]} was told that it counts, and {said} did")
    answers = shop.told.get(talk.mark, [])
    if len(answers) > 1:
        yield Broken("I3", talk.mark, f"several answers were taken: {answers}")
    if answers and answers[0] not in end["later"]:
        yield Broken("I1", talk.mark, f"answer {answers[0]} was taken, and {end['later']} counts")
    if end["order"] != "True" and shop.orders[f"orders {talk.mark}"] != 1:
        yield Broken("I1", talk.mark, "its order was never made")


def _end(people: People, talk: Talk) -> dict[str, str]:
    for shown in people.said():
        for mark, place, text in shown:
            if (mark, place) == (talk.mark, PLACES[-1]):
                return dict(END.findall(text.replace(": ", ":").replace(", ", ",")))
    return {}


def _starts(people: People) -> Iterator[Broken]:
    """Of calls, of what people did, and of times: each once for each person, or a reason why not."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for shown in people.made.everybody_saw():
        for mark, place, _ in SAID.findall(shown.text):
            seen[shown.person][f"{mark} {place}"] += 1
    for talk in people.talks:
        runs = people.caller.taken.get(talk.mark, set())
        if len(runs) != 1:
            yield Broken("I3", talk.mark, f"one call began the runs {runs}")
        if not seen[talk.person][f"{talk.mark} w"] and not people.in_doubt(f"〔{talk.mark} w〕"):
            yield Broken("I1", talk.mark, "its call was never told")
    for person, counts in seen.items():
        yield from (
            Broken("I3", person, f"{what} was said {count} times")
            for what, count in counts.items()
            if count > 1 and what.endswith((" w", " s"))
        )
        opened = people.opened.get(person, [])
        if counts["opened e"] > len(opened):
            yield Broken("I3", person, f"{counts['opened e']} beginnings of {len(opened)}")
