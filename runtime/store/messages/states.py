"""The states of a message, of the parts of its answer, and of a person whom a human has.

What each means, and which steps there are.

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
    # may have been sent: the process died, or the platform did not respond, after it left; or its words were
    # refused, and the person was told where it is
    "unknown",
    "silent",  # nothing to say
    "fetch",  # only asked for an answer that waits
    "shed",  # too much to do: answered with the busy text
    "abandoned",  # nobody listens any more
    "restored",  # from a backup or a copied folder: waits for the owner's word
    "bounced",  # the platform took it, and said afterwards that it did not arrive
    "handed",  # a human at the platform's desk has the person: the agent says nothing
    "recalled",  # taken back before its turn began, or forgotten before its answer arrived
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
    "bounced",  # taken by the platform, which said afterwards that it did not arrive
    "handed",  # did not leave before a human took over, and never will
]
HandedState = Literal[
    "wanted",  # the agent handed the person over; the platform is to be told
    "taken",  # a human has the person, or the person waits for one
    "returning",  # the agent may answer again; the platform is to be told
]
SaidState = Literal[
    "ready",  # nobody wrote: it is to be sent
    "sending",
    "sent",
    "unknown",  # may have been sent
    "failed",  # the platform does not take it, however often it is tried
]
TicketState = Literal[
    "open",  # nobody took it yet
    "taken",  # an operator has the person: the agent is silent
    "waiting",  # the operator waits for something else; the agent answers
    "done",
]
RunState = Literal[
    "due",  # a start is to begin
    "running",  # some of its people have their turn
    "made",  # all have theirs, or it is known why not
    "skipped",  # it was paused, or stopped, at that time
    "failed",  # nothing could be begun
]
S = TypeVar("S", RunState, SaidState, MessageState, PartState, HandedState, TicketState)
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
LOST: Final[tuple[MessageState, ...]] = ("unreachable", "abandoned", "unknown", "bounced")
"""Their answer may never have reached the person."""
TO_DO: Final[tuple[MessageState, ...]] = ("kept", "held", "unknown", "bounced")
"""Wait for the operator's eye."""
WELL: Final[tuple[MessageState, ...]] = ("delivered", "silent", "fetch", "handed", "recalled")
"""Ended as they should."""
NO_TURN: Final[tuple[MessageState, ...]] = ("shed", "fetch", "silent", "handed", "recalled")
"""Ended without one, so they tell nothing of the agent."""
SENT_AGAIN: Final[tuple[MessageState, ...]] = (
    "kept", "held", "unknown", "unreachable", "restored", "bounced",
)  # fmt: skip
"""The operator may have their answer sent again…"""
RUN_AGAIN: Final[tuple[MessageState, ...]] = ("shed", "abandoned")
"""…and these answered anew, like those that failed."""

OVER: Final[tuple[MessageState, ...]] = (
    "delivered", "silent", "fetch", "shed", "abandoned", "handed", "recalled",
)  # fmt: skip
"""Nothing of them is owed to anybody, so that their words may go when they are old."""

# Sets of parts

UNSENT: Final[tuple[PartState, ...]] = ("ready", "held", "kept", "unreachable")
"""Did not leave."""
UNSEEN: Final[tuple[PartState, ...]] = (*UNSENT, "unknown")
"""The person may not have them."""
UNTOLD: Final[tuple[PartState, ...]] = ("ready", "held")
"""Did not leave, and the person does not know of them."""
REPEATABLE: Final[tuple[PartState, ...]] = (*UNSEEN, "restored", "bounced")
"""The operator may have them sent again."""
LEAVING: Final[tuple[PartState, ...]] = ("ready", "sending")
"""Something is still to be tried with them."""
ARRIVING: Final[tuple[PartState, ...]] = ("sending", "sent", "unknown")
"""Left, so that the platform may say afterwards that they did not arrive."""

# Sets of people whom a human has

SILENCING: Final[tuple[HandedState, ...]] = ("wanted", "taken")
"""The agent says nothing to them."""
TO_TELL: Final[tuple[HandedState, ...]] = ("wanted", "returning")
"""The platform is to be told."""

OPEN_RUNS: Final[tuple[RunState, ...]] = ("due", "running")
"""Of these something is still to be begun."""

# Steps

BY_WEIGHT: Final[tuple[MessageState, ...]] = (
    "unreachable", "held", "kept", "unknown", "bounced", "handed",
)  # fmt: skip
"""What becomes of the whole when it became of any part; the first of these counts."""
_SETTLED: Final[tuple[MessageState, ...]] = ("delivered", *BY_WEIGHT)
_ANEW: Final[tuple[MessageState, ...]] = ("accepted",)
_AGAIN: Final[tuple[MessageState, ...]] = (*_ANEW, "answered")

MESSAGE_STEPS: Final[Following[MessageState]] = {
    "accepted": ("answered", "silent", "fetch", "shed", "abandoned", "restored", "handed", "recalled"),
    "answered": (*_SETTLED, "abandoned", "restored", "recalled"),
    "delivered": (*_AGAIN, "bounced"),  # anew: our sentence about a failure; answered: an operator says more
    "held": (*_SETTLED, *_AGAIN, "restored", "recalled"),
    "kept": (*_SETTLED, *_AGAIN, "restored", "recalled"),
    "unreachable": (*_SETTLED, *_AGAIN, "restored", "recalled"),
    "unknown": (*_SETTLED, *_AGAIN, "restored", "recalled"),
    "silent": _AGAIN,  # anew: it failed, and the agent has no words for that
    "fetch": (),
    "shed": _ANEW,
    "abandoned": _ANEW,
    "restored": (*_AGAIN, "held", "kept", "unreachable", "unknown", "abandoned", "handed", "recalled"),
    "bounced": (*_AGAIN, "recalled"),
    # anew: no human had the person any more when it came; answered: by an operator of ours
    "handed": (*_AGAIN, "bounced"),
    "recalled": (),
}
PART_STEPS: Final[Following[PartState]] = {
    "ready": ("sending", "sent", "held", "kept", "restored", "handed"),
    "sending": ("ready", "sent", "held", "unreachable", "unknown", "restored", "bounced"),
    "sent": ["bounced"],
    "held": ("ready", "sending", "sent", "kept", "restored", "handed"),
    "kept": ("ready", "sending", "sent", "restored", "handed"),
    "unreachable": ("ready", "sending", "sent", "restored", "handed"),
    # not sent again by itself: it might be there twice
    "unknown": ("ready", "sent", "restored", "bounced"),
    "restored": ("ready", "held", "kept", "unreachable", "unknown", "handed"),
    "bounced": ["ready"],
    "handed": (),
}
HANDED_STEPS: Final[Following[HandedState]] = {
    "wanted": ("taken", "returning"),
    "taken": ["returning"],
    "returning": ("taken", "wanted"),
}

RUN_STEPS: Final[Following[RunState]] = {
    "due": ("running", "made", "skipped", "failed"),
    "running": ("made", "failed"),
    "made": (),
    "skipped": (),
    "failed": (),
}
SAID_STEPS: Final[Following[SaidState]] = {
    "ready": ("sending", "failed"),
    "sending": ("ready", "sent", "unknown", "failed"),
    "sent": (),
    "unknown": ["ready"],
    "failed": ["ready"],
}

TICKET_STEPS: Final[Following[TicketState]] = {
    "open": ("taken", "waiting", "done"),
    "taken": ("open", "waiting", "done"),
    "waiting": ("open", "taken", "done"),
    "done": ["open"],
}


def before(state: S, steps: Following[S]) -> tuple[S, ...]:
    """The states from which it may be reached."""
    return tuple(earlier for earlier, following in steps.items() if state in following)


def among(states: Collection[str]) -> str:
    """As SQL: what stands between the brackets of `in (…)`."""
    return ", ".join(f"'{state}'" for state in states)
