"""What of a conversation is hidden in its lessons: what the version that answered kept from its models."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.errors import NotFound
from runtime.lessons.lessons import Lesson
from runtime.newest import Newest
from runtime.safety.masking.personal import KINDS, Kept
from runtime.safety.masking.standing import Standing, key_for
from runtime.store.control.control import Control

Place = tuple[str, int | None]
"""A publication and its version."""
VERSIONS = 200
"""Of which it is remembered."""


class Hiding:
    """The same marks as models see. Of a version that is not there any more everything is hidden."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._kinds = Newest[Place, tuple[str, frozenset[Kept], str]](VERSIONS)

    def __call__(self, lesson: Lesson) -> Standing:
        place = (lesson.publication, lesson.version)
        if place not in self._kinds:
            self._kinds[place] = self._of(*place)
        agent, kinds, language = self._kinds[place]
        return Standing(key_for(self._control.mark, agent, lesson.sender), kinds, language)

    def _of(self, publication: str, version: int | None) -> tuple[str, frozenset[Kept], str]:
        record = self._control.publication(publication)
        agent = record.agent if record else publication
        try:
            frozen = self._control.frozen_agent(publication, version or (record.version if record else 0))
        except NotFound:
            return agent, frozenset(KINDS), "zh"
        kinds = frozenset(one for one in KINDS if one in set(_masked(frozen)))
        return agent, kinds, "en" if frozen.get("language") == "en" else "zh"


def _masked(value: Any) -> Iterator[str]:
    """Also what agents within it hide, which counts in the whole turn."""
    within = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    masking = value.get("masking") if isinstance(value, Mapping) else None
    kinds = masking.get("kinds") if isinstance(masking, Mapping) else None
    yield from map(str, kinds if isinstance(kinds, list) else ())
    for one in within:
        yield from _masked(one)
