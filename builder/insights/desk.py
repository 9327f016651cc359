"""What the insights' script works on. Streamlit runs it anew for every click, so it finds it here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from builder.actions.whose import publications_of
from builder.insights._scoped import SomeInsights, SomePeople, SomePublications
from runtime.access.actor import NOBODY, Actor
from runtime.access.permissions import Permission
from runtime.store.control.control import Control
from runtime.store.messages.insights import Insights
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.runs_list import RunsList
from runtime.store.messages.shared_list import SharedList
from runtime.store.messages.waits_list import WaitsList
from runtime.trying.rated import Rated
from runtime.weekly.report import Numbers, Report, Week

NOBODY_WROTE = Numbers(0, 0, 0, 0, 0, 0, 0, None, None)
NO_WEEK = Report(Week(0.0, 0.0), NOBODY_WROTE, NOBODY_WROTE, (), (), (), ())

_placed: list["Desk"] = []


@dataclass(frozen=True)
class Desk:
    insights: Insights
    control: Control
    people: PeopleList
    runs: RunsList
    shared: SharedList
    waits: WaitsList
    act: Callable[[str, dict[str, Any]], dict[str, Any]]
    """Do one of builder/actions/insights.py by its name and arguments, as a click in the builder does.

    Waits until it is done; what comes back is a Notice as JSON. Raises TimeoutError.
    """
    lets: Callable[[str, Mapping[str, Any]], bool]
    """Whether whoever looks may do that: what they may not, no button offers. `act` asks again."""
    tried: Callable[[float, float], Sequence[Rated]] = lambda since, until: ()
    """What was thought of answers in the playground in that time, newest first."""
    agent_name: Callable[[str], str] = str
    """What an agent is called, by its id; the id, where it is gone."""
    who: Callable[[], Actor] = lambda: NOBODY
    """Whose page is drawn."""
    looked: Callable[[str, str], None] = lambda page, of: None
    """Write down that they look at that page of conversations. Raises StoreFailed: then it is not shown."""
    bases: Callable[[], Sequence[tuple[str, str]]] = lambda: ()
    """The bases that there are: id and name."""
    week: Callable[[int, Sequence[str]], Report] = lambda back, publications: NO_WEEK
    """What the last whole week brought, or one so many weeks before it, to these publications. Raises
    TooSlow, Unreadable, TimeoutError."""
    week_of: Callable[[int], Week] = lambda back: NO_WEEK.week
    """From when until when that was."""
    announcing: Callable[[], Sequence[str]] = list
    """Publications on which a report can be sent."""
    held_back: Callable[[], int] = lambda: 0
    """How many messages a restore holds back until the owner says so."""
    instances: Callable[[], int] = lambda: 0
    """How many programs work on the messages; 0 where only one can."""
    agents: frozenset[str] | None = None
    """Those that it is about, where it is not all of them…"""
    within: frozenset[str] | None = None
    """…and what is or was published of them."""


def place(desk: Desk) -> None:
    _placed[:] = [desk]


def desk() -> Desk:
    """The running program's, with what whoever looks may read."""
    [whole] = _placed
    agents = whole.who().agents(Permission.CONVERSATIONS_READ)
    return whole if agents is None else scoped(whole, agents)


def scoped(whole: Desk, agents: frozenset[str]) -> Desk:
    """What of it is about those agents."""
    within = publications_of(whole.control, agents) or frozenset()
    return replace(
        whole,
        # it does all of that for pages: they know no other
        control=cast("Control", SomePublications(whole.control, agents)),
        insights=SomeInsights(whole.insights, within),
        people=SomePeople(whole.people, within),
        tried=lambda since, until: [one for one in whole.tried(since, until) if one.agent in agents],
        week=lambda back, asked: whole.week(back, [one for one in asked if one in within]),
        held_back=lambda: 0,
        agents=agents,
        within=within,
    )
