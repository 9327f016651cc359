"""What came in one call from a platform is stored in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runtime.message import Bounce, Message
from runtime.store.database import Db
from runtime.store.messages.accepting import Accepted, Accepting
from runtime.store.messages.bouncing import bounced
from runtime.store.messages.steps import learn
from runtime.store.messages.twins import Same, never, twin


@dataclass(frozen=True)
class Came:
    """All that came together, and with it facts, such as how far was read, and which parts did not arrive.
    What was written before `answered_since` came too late to be answered; `same`: which came before under
    another id; `turns`: see Accepting."""

    messages: Sequence[Message]
    facts: Mapping[str, str] = field(default_factory=dict)
    bounces: Sequence[Bounce] = ()
    desk_seconds: float = 0.0
    answered_since: float = 0.0
    same: Same = never
    turns: int = 0


def accept_all(db: Db, publication: str, came: Came, now: float) -> list[Accepted]:
    for name, value in came.facts.items():
        learn(db, name, value, now)
    accepted = [
        twin(db, publication, message, now, came.same)
        or Accepting(
            publication,
            message,
            now,
            came.turns,
            came.desk_seconds,
            is_stale=0 < message.at < came.answered_since,
        )(db)
        for message in came.messages
    ]
    for one in came.bounces:
        bounced(db, publication, one, now)
    return accepted
