"""What runs of a suite came to, kept beside the other data of a home: the newest of each agent."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.file import PRIVATE, path_of, read, revision_of
from runtime.agents.nesting import handed_on
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.files import listed, remove, write_whole
from runtime.testing.running import Ran
from runtime.testing.suite import Case

FOLDER = "tests"
"""In the data of a home."""
MOST = 20
"""Runs of one agent."""
LONGEST = 4000
"""Characters of a value in a trace, and of an answer."""
MOST_EVENTS = 200
"""Of a case that was missed; of one that was passed none is kept."""
UNTOLD = ("text_delta", "text_reset")

Json = dict[str, Any]


class KeptRuns:
    """File I/O only, of a few milliseconds. One run is one side: an agent's version and a model, if one."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def keep(self, id: str, run: Mapping[str, Any]) -> None:
        """`run` as `record` makes it. Raises NotFound for what can be no id, NotSaved."""
        there = self._files(id)
        stamp = int(run["at"] * 1000)
        while (path := self._of(id) / f"{stamp:013d}.json").exists():
            stamp += 1
        write_whole(path, to_bytes(dict(run)), PRIVATE)
        for old in there[: max(0, len(there) + 1 - MOST)]:
            remove(old)

    def all(self, id: str) -> list[Json]:
        """The newest first. What cannot be read is left out."""
        return list(self._read(id))

    def clear(self, id: str) -> None:
        """Raises NotSaved."""
        for path in self._files(id):
            remove(path)

    def _read(self, id: str) -> Iterator[Json]:
        for path in reversed(self._files(id)):
            with contextlib.suppress(BadAgent):
                run = parse(read(path) or b"")
                if isinstance(run, dict) and isinstance(run.get("cases"), dict):
                    yield run

    def _files(self, id: str) -> list[Path]:
        return listed(self._of(id), "[0-9]*.json")

    def _of(self, id: str) -> Path:
        return path_of(id, self._folder).with_suffix("")


def subject_of(agent: Agent, home: Path) -> str:
    """Names what is tested: the agent with all that it uses."""
    return revision_of(to_bytes(handed_on(agent, home).to_json()))


def digest_of(case: Case) -> str:
    """Names what is asked."""
    return revision_of(to_bytes(case.model_dump(mode="json", exclude={"made_of"})))


def record(ran: Sequence[Ran], **about: Any) -> Json:
    """A run as it is kept. `about`: `at`, `subject`, and whatever else is told of it."""
    return {**about, "cases": {one.case.id: outcome(one) for one in ran}}


def outcome(ran: Ran) -> Json:
    """What a case came to, in every language."""
    return {
        "digest": digest_of(ran.case),
        **{key: value for key, value in ran.to_json("zh").items() if key not in ("case", "missed", "title")},
        "answers": [one.text[:LONGEST] for one in ran.seen],
        "missed": [{**missed.to_json("zh"), "says": missed.says.by_language()} for missed in ran.missed],
        "judged": [{"line": line, "says": says.by_language()} for line, says in ran.reasons],
        "lines": [] if ran.ok else [_events(one.events) for one in ran.seen],
        **ran.case.model_dump(mode="json", include={"made_of"}, exclude_defaults=True),
    }


def _events(events: Sequence[Any]) -> list[Json]:
    told = [one.to_json() for one in events if one.type not in UNTOLD]
    return [_shortened(one) for one in told[:MOST_EVENTS]]


def _shortened(value: Any) -> Any:
    """JSON, however a block's output was made."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, Mapping):
        return {str(key): _shortened(one) for key, one in list(value.items())[:MOST_EVENTS]}
    if isinstance(value, Sequence):
        return [_shortened(one) for one in value[:MOST_EVENTS]]
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.by_language() if hasattr(value, "by_language") else str(value)[:LONGEST]
