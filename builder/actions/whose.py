"""Whose what a click names is: of which agents, so that it is allowed on these or not at all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from runtime.store.control.control import Control
from runtime.store.messages.beside import look

LARGEST = 2**53
Whose = Callable[[str, Any], Sequence[str]]
"""Agents by the kind of thing and its name or number; [""] for what is not there, which is nobody's alone."""
NOBODYS: Whose = lambda kind, value: [""]  # noqa: E731 # a default has a name
PLACES: Mapping[str, str] = {
    "seq": "select publication from messages where seq=:id",
    "ticket": "select publication from tickets where id=:id",
    "wait": "select publication from waits where id=:id",
    "decision": "select publication from judged where id=:id",
    "person": (
        "select publication from messages where seq=:id union"
        " select b.publication from messages m"
        " join faces a on a.publication=m.publication and a.sender=m.sender"
        " join faces b on b.person=a.person where m.seq=:id"
    ),
}
"""Where it is published. "person": whoever wrote that message, on every surface on which they are known."""
KINDS = ("publication", *PLACES)


class ByStore:
    """Of what messages are about, it asks their store: call it from a thread. Raises StoreFailed."""

    def __init__(self, control: Control, messages: Path) -> None:
        self._control, self._messages = control, messages

    def __call__(self, kind: str, value: Any) -> Sequence[str]:
        if kind == "publication":
            return [self._agent(value)]
        if not isinstance(value, int) or not 0 < value < LARGEST:
            return [""]

        sql, asked = PLACES[kind], {"id": value}
        found = look(self._messages, lambda db: [str(row[0]) for row in db.execute(sql, asked)], list[str]())
        return sorted({self._agent(one) for one in found}) or [""]

    def _agent(self, publication: Any) -> str:
        found = self._control.publication(publication) if isinstance(publication, str) else None
        return found.agent if found else ""


def publications_of(control: Control, agents: Collection[str] | None) -> frozenset[str] | None:
    """What is or was published of them; None of all agents: everything."""
    if agents is None:
        return None
    return frozenset(one.id for one in control.publications() if one.agent in agents)
