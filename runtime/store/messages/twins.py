"""A message that the platform sent once more under another id is not answered twice."""

from collections.abc import Callable

from runtime.message import Message
from runtime.store.database import Db
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.message_json import load
from runtime.store.messages.moments import note

Same = Callable[[Message, Message], bool]
"""Whether the second, which came later, is what the first was."""
LATELY = 20
"""Messages of a person among which it is looked for."""
NEWEST = (
    "select seq, state, response, message from messages indexed by conversation"
    " where publication=? and sender=? order by seq desc limit ?"
)


def never(earlier: Message, later: Message) -> bool:
    return False


def twin(db: Db, publication: str, message: Message, now: float, same: Same) -> Accepted | None:
    """The one that it repeats, if there is one."""
    if same is never:
        return None
    for row in db.execute(NEWEST, (publication, message.sender, LATELY)):
        if same(load(row["message"]), message):
            note(db, row["seq"], now, "repeat")
            return Accepted(row["seq"], False, row["state"], row["response"])
    return None
