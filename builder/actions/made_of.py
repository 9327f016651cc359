"""Of whom a test is, or a chat in which one was played: so it goes with them when they are forgotten."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from builder.studio import Studio
from runtime.errors import HongyanError
from runtime.made_of import MOST, is_of_forgotten
from runtime.store.messages.consents import mark_of
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.testing.forgetting import Forgetting
from runtime.testing.suites import Suites

Json = dict[str, Any]


def whose(studio: Studio, face: Face) -> tuple[str, float]:
    """Their mark, and up to when all that they said is forgotten. Raises StoreFailed."""
    who = mark_of(studio.control.marks_of, face)
    return who, _forgotten(studio.settings.data).get(who, 0.0)


def all_of(some: Iterable[Json]) -> list[Json]:
    """Each once, as far back as any of them goes."""
    first: dict[str, float] = {}
    for one in some:
        first[one["who"]] = min(one["at"], first.get(one["who"], one["at"]))
    return [{"who": who, "at": at} for who, at in first.items()][:MOST]


def made_of_case(suites: Suites, agent: str, case: str) -> list[Json]:
    """Nothing for one that is not there, or nobody's."""
    try:
        suite, _ = suites.open(agent)
    except HongyanError:
        return []
    found = (one.made_of for one in suite.cases if one.id == case)
    return [one.model_dump(mode="json") for one in next(found, [])]


def with_whose(case: Mapping[str, Any], made_of: list[Json]) -> Json:
    return {**case, **({"made_of": made_of} if made_of else {})}


def was_forgotten(agents: Path, data: Path, made: list[Json]) -> bool:
    """Whether one of them was, while something was made of what they said: then that is gone, too. Raises
    StoreFailed, NotSaved."""
    forgotten = _forgotten(data) if made else {}
    if not is_of_forgotten({"made_of": made}, forgotten):
        return False
    Forgetting(agents, data).forget(forgotten)
    return True


def _forgotten(data: Path) -> Mapping[str, float]:
    return PeopleList(data / "messages.db").forgotten()
