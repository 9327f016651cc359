"""The timeline of a message: what happened to it, and when. Noted in the transaction of the change."""

from collections.abc import Sequence
from typing import Literal

from runtime.store.database import Db

What = Literal[
    "accepted",  # stored; the platform may be told
    "repeat",  # the platform sent it again
    "resumed",  # taken up again after a stop
    "answered",  # the turn ended with an answer; detail: the counted failure, if it went wrong
    "doubt",  # a tool was cut off, so nobody knows what it did
    "carried",  # in the response to a callback; detail: the part's number
    "pushed",  # by the platform's API; detail: the part's number
    "sent_as",  # what was pushed has a name there, by which it can be judged; detail: that
    "seen",  # on the answer's page
    "kept",  # waits for the person, who was told where it is
    "held",  # could not be sent, goes out when the account is well; detail: why, e.g. the platform's code
    "told",  # the person was told where an answer is that did not fit, or may not have arrived
    "unknown",  # sent, but nobody knows whether it arrived; detail: why
    "unreachable",  # the person cannot be reached any more; detail: the platform's code
    "placeholder",  # the person was told to wait
    "shed",  # too much to do: answered with the busy text
    "aside",  # put aside: it stopped the program three times
    "again",  # the operator sent it again
    "done",  # the operator took it off the list
    "handed",  # a human has the person, so the agent said nothing
    "not_handed",  # no human could be had; detail: the platform's code
    "by_hand",  # a human answered
    "bounced",  # the platform says that it did not arrive; detail: its code
    "recalled",  # the person took it back
    "forgotten",  # its words were erased, since the person or the operator wished so
    "wished",  # its person said what they want unasked; detail: see wished.Wish
    "stale",  # too old to be answered when it came
]
Moment = tuple[int, float, What, str]
"""Number of the message, when, what, detail."""
NOTED = "insert into moments(seq, at, what, detail) values(?,?,?,?)"


def note_all(db: Db, moments: Sequence[Moment]) -> None:
    """In this order."""
    db.executemany(NOTED, moments)


def note(db: Db, seq: int, at: float, what: What, detail: str = "") -> None:
    db.execute(NOTED, (seq, at, what, detail))
