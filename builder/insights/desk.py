"""What the insights' script works on. Streamlit runs it anew for every click, so it finds it here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.access.actor import NOBODY, Actor
from runtime.store.control.control import Control
from runtime.store.messages.insights import Insights
from runtime.store.messages.people_list import PeopleList
from runtime.store.messages.runs_list import RunsList
from runtime.store.messages.shared_list import SharedList
from runtime.store.messages.waits_list import WaitsList
from runtime.trying.rated import Rated

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
    tried: Callable[[float, float], Sequence[Rated]] = lambda since, until: ()
    """What was thought of answers in the playground in that time, newest first."""
    agent_name: Callable[[str], str] = str
    """What an agent is called, by its id; the id, where it is gone."""
    who: Callable[[], Actor] = lambda: NOBODY
    """Whose page is drawn."""
    looked: Callable[[str, str], None] = lambda page, of: None
    """Write down that they look at that page of conversations. Raises StoreFailed: then it is not shown."""
    held_back: Callable[[], int] = lambda: 0
    """How many messages a restore holds back until the owner says so."""
    instances: Callable[[], int] = lambda: 0
    """How many programs work on the messages; 0 where only one can."""


def place(desk: Desk) -> None:
    _placed[:] = [desk]


def desk() -> Desk:
    """The running program's."""
    return _placed[0]
