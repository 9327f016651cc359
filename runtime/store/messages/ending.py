"""How a turn ended, and that it is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from runtime.lang import NOTHING, Text
from runtime.store.database import Db
from runtime.store.messages.settling import OWING
from runtime.store.messages.spending import Row
from runtime.store.messages.states import MessageState
from runtime.store.messages.waits import NewWait


@dataclass(frozen=True)
class Outcome:
    """How a turn ended. `failure` is the counted reason, empty when it went well."""

    reply: str
    version: int
    failure: str = ""
    reason: Text = NOTHING
    """The failure for the operator."""
    block: str = ""
    """Where it failed."""
    handoff: bool = False
    """A person is to take over."""
    doubt: bool = False
    """A tool with side effects was cut off: the operator should look."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish: str = "stop"
    """See events.Replied."""
    cost: float | None = None
    wait: NewWait | None = None
    """It did not end: it goes on when something comes."""
    aside: bool = False
    """It was no turn of the flow: see events.Replied."""
    spoken: str = ""
    """What the person was sent before the reply."""
    trace: Sequence[Mapping[str, Any]] = ()
    spent: Sequence[Row] = ()
    """By model, agent and person, for the budgets of the day: counts once."""

    @property
    def whole(self) -> str:
        """All that the person was told."""
        return "\n\n".join(part for part in (self.spoken, self.reply) if part)


class Answer(NamedTuple):
    """What a message came to. `failure`: its code, "" for none; `finish`: see Outcome."""

    reply: str
    failure: str
    finish: str


class Ended(NamedTuple):
    """What a turn that ended leaves to be put away."""

    took: bool = True
    """It went on with a turn that waited."""
    journal: bool = True
    """Steps of it are stored."""
    alone: bool = False
    """Nothing else waits for the person, and neither was the message responded to nor did anything of it come
    back."""


END = f"""
update messages set state=?, reply=?, failure=?, reason=?, handoff=?, doubt=?, version=?,
  prompt_tokens=?, completion_tokens=?, cost=?, trace=?, finished_at=?, finish=?
where seq=? and state='accepted'
returning exists(select 1 from waits where taken_by=messages.seq),
  exists(select 1 from steps where steps.seq=messages.seq),
  response is null and not exists(select 1 from messages o indexed by owing
      where o.publication=messages.publication and o.sender=messages.sender and o.{OWING}
        and o.seq<>messages.seq)
    and not exists(select 1 from moments indexed by moments_of
      where moments.seq=messages.seq and what='bounced')
"""
"""Few turns leave anything: it is asked for in one go whether there is any."""


def is_left_out(db: Db, seq: int) -> bool:
    """A human has the person, or the message was taken back."""
    row = db.execute("select state from messages where seq=?", (seq,)).fetchone()
    if row is None or row["state"] not in ("handed", "recalled"):
        return False
    db.execute("delete from steps where seq=?", (seq,))
    return True


def end(db: Db, seq: int, outcome: Outcome, state: MessageState, now: float) -> Ended | None:
    """None when its turn did not run any more."""
    row = db.execute(
        END,
        (
            state,
            outcome.whole,
            outcome.failure,
            json.dumps(outcome.reason.by_language(), ensure_ascii=False),
            outcome.handoff,
            outcome.doubt,
            outcome.version,
            outcome.prompt_tokens,
            outcome.completion_tokens,
            outcome.cost,
            json.dumps(outcome.trace, ensure_ascii=False),
            now,
            outcome.finish,
            seq,
        ),
    ).fetchone()
    return Ended(*map(bool, row)) if row else None
