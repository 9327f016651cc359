"""The states of a message and of the parts of its answer: what each means, and which steps there are.

Whoever asks for some of them uses the sets here, and SQL is built from them. The store refuses any other
step, whoever asks for it: `tables` makes triggers of what stands here. A set is in an order that stays, since
SQLite takes an index only for a question in the same words.
"""

from collections.abc import Collection, Mapping
from typing import Final, Literal, TypeVar

MessageState = Literal[
    "accepted",  # stored; its turn is to come or runs
    "answered",  # its turn is over; the answer is on its way
    "delivered",  # the person has all of it
    "held",  # could not be sent: goes out when the account is well
    "kept",  # the person was told where it is, and comes for it
    "unreachable",  # held, and the platform says that the person cannot be reached until they write
    "unknown",  # may have been sent: the process died, or the platform did not respond, after it left
    "silent",  # nothing to say
    "fetch",  # only asked for an answer that waits
    "shed",  # too much to do: answered with the busy text
    "abandoned",  # nobody listens any more
    "restored",  # from a backup or a copied folder: waits for the owner's word
]
PartState = Literal[
    "ready",  # to be sent
    "sending",  # leaving just now
    "sent",  # the platform, or the person's browser, has it
    "held",
    "kept",
    "unreachable",
    "unknown",
    "restored",
]
S = TypeVar("S", MessageState, PartState)
Following = Mapping[S, Collection[S]]
"""To each state those that may be next."""

# Sets of messages

UNFINISHED: Final[tuple[MessageState, ...]] = ("accepted", "answered")
"""On their way, or cut off there."""
OWED: Final[tuple[MessageState, ...]] = ("answered", "kept", "held", "unreachable", "unknown")
"""May have parts that the person has not got."""
WAITING: Final[tuple[MessageState, ...]] = ("kept", "held")
"""For the person, or for the account."""
DUE: Final[tuple[MessageState, ...]] = ("held", "kept", "unknown")
"""Of these something goes out, or is told, by itself when the account is well."""
LOST: Final[tuple[MessageState, ...]] = ("unreachable", "abandoned", "unknown")
"""Their answer may never have reached the person."""
TO_DO: Final[tuple[MessageState, ...]] = ("kept", "held", "unknown")
"""Wait for the operator's eye."""
WELL: Final[tuple[MessageState, ...]] = ("delivered", "silent", "fetch")
"""Ended as they should."""
NO_TURN: Final[tuple[MessageState, ...]] = ("shed", "fetch", "silent")
"""Ended without one, so they tell nothing of the agent."""
SENT_AGAIN: Final[tuple[MessageState, ...]] = ("kept", "held", "unknown", "unreachable", "restored")
"""The operator may have their answer sent again…"""
RUN_AGAIN: Final[tuple[MessageState, ...]] = ("shed", "abandoned")
"""…and these answered anew, like those that failed."""

# Sets of parts

UNSENT: Final[tuple[PartState, ...]] = ("ready", "held", "kept", "unreachable")
"""Did not leave."""
UNSEEN: Final[tuple[PartState, ...]] = (*UNSENT, "unknown")
"""The person may not have them."""
UNTOLD: Final[tuple[PartState, ...]] = ("ready", "held")
"""Did not leave, and the person does not know of them."""
REPEATABLE: Final[tuple[PartState, ...]] = (*UNSEEN, "restored")
"""The operator may have them sent again."""
LEAVING: Final[tuple[PartState, ...]] = ("ready", "sending")
"""Something is still to be tried with them."""

# Steps

_BY_WEIGHT: Final[tuple[MessageState, ...]] = ("unreachable", "held", "kept", "unknown")
"""What becomes of the whole when it became of any part; the first of these counts."""
_SETTLED: Final[tuple[MessageState, ...]] = ("delivered", "held", "kept", "unreachable", "unknown")
_ANEW: Final[tuple[MessageState, ...]] = ("accepted",)
_AGAIN: Final[tuple[MessageState, ...]] = (*_ANEW, "answered")

MESSAGE_STEPS: Final[Following[MessageState]] = {
    "accepted": ("answered", "silent", "fetch", "shed", "abandoned", "restored"),
    "answered": (*_SETTLED, "abandoned", "restored"),
    "delivered": _ANEW,  # it was our sentence about a failure
    "held": (*_SETTLED, *_AGAIN, "restored"),
    "kept": (*_SETTLED, *_AGAIN, "restored"),
    "unreachable": (*_SETTLED, *_AGAIN, "restored"),
    "unknown": (*_SETTLED, *_AGAIN, "restored"),
    "silent": _ANEW,  # it failed, and the agent has no words for that
    "fetch": (),
    "shed": _ANEW,
    "abandoned": _ANEW,
    "restored": (*_AGAIN, "held", "kept", "unreachable", "unknown", "abandoned"),
}
PART_STEPS: Final[Following[PartState]] = {
    "ready": ("sending", "sent", "held", "kept", "restored"),
    "sending": ("ready", "sent", "held", "unreachable", "unknown", "restored"),
    "sent": (),
    "held": ("ready", "sending", "sent", "kept", "restored"),
    "kept": ("ready", "sending", "sent", "restored"),
    "unreachable": ("ready", "sending", "sent", "restored"),
    "unknown": ("ready", "sent", "restored"),  # not sent again by itself: it might be there twice
    "restored": ("ready", "held", "kept", "unreachable", "unknown"),
}


def before(state: S, steps: Following[S]) -> tuple[S, ...]:
    """The states from which it may be reached."""
    return tuple(earlier for earlier, following in steps.items() if state in following)


def settled(parts: Collection[PartState]) -> MessageState | None:
    """How an answer ended whose parts came so far; None while something is still to be tried."""
    if any(state in LEAVING for state in parts):
        return None
    return next((state for state in _BY_WEIGHT if state in parts), "delivered")


def among(states: Collection[str]) -> str:
    """As SQL: what stands between the brackets of `in (…)`."""
    return ", ".join(f"'{state}'" for state in states)
