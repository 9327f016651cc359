"""What happened lately at a publication's callback, in words that say what to correct."""

import logging
import re
import secrets
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runtime.channels import Channel, Notice, Receives, registry
from runtime.errors import Compared, HongyanError, NotSaved
from runtime.lang import Text, stored
from runtime.newest import Newest
from runtime.store.control.control import Control
from runtime.store.control.records import Alike, Contact, Notified, Turned

log = logging.getLogger(__name__)

HOUR = 3600
KEEP = 2.0
"""Seconds between two refusals that are kept on the disk: whoever forges many writes little."""
PUBLICATIONS = 1000
"""That are remembered."""
STRANGERS = 5
"""Sites whose pages were refused that are kept, for so many seconds of sight:"""
DAY = 24 * HOUR
ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,100}(?::[0-9]{1,5})?")
SELF_TEST = "hongyan-self-test-"
"""How the mark of our own address check begins: what passes then is not the platform's."""


def new_mark() -> str:
    """For an address check of our own."""
    return SELF_TEST + secrets.token_hex(8)


@dataclass(frozen=True)
class Refusal:
    """The last request that was turned away. `at`: seconds since 1970."""

    code: str
    text: Text
    """What it means and what to do."""
    at: float
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True)
class Stranger:
    """A page of a site that may not come, as its browser calls it."""

    origin: str
    at: float


@dataclass(frozen=True)
class State:
    """How far a connection is. Times: seconds since 1970; None: still waited for."""

    verified_at: float | None
    message_at: float | None
    refusal: Refusal | None
    """What the owner must correct: before the address was verified anything, after that only what the
    platform itself must have caused. None also when something went well after it."""
    messages: int
    """In the last hour."""
    refusals: Mapping[str, int]
    """By code, since the start of the program."""
    trouble: Text | None = None
    """Why answers cannot be pushed just now, and what to do."""
    strays: int = 0
    """Refused since something last went well, and perhaps not the platform's."""
    notice: tuple[Text, float] | None = None
    """What the platform told the account's owner, and when."""
    strangers: tuple[Stranger, ...] = ()
    """Pages of sites that were refused in the last day, the newest first; anybody may pose as any."""


@dataclass
class _Seen:
    messages: Newest[int, int] = field(default_factory=lambda: Newest(HOUR // 60))
    """How many, by the minute."""
    refusals: Counter[str] = field(default_factory=Counter)
    last: Refusal | None = None
    """The newest that no success followed."""
    kept_at: float = float("-inf")
    """When a refusal was last kept on the disk…"""
    strange_at: float = float("-inf")
    """…and a page of a site that may not come, which anybody may pose as: it keeps no refusal off."""
    trouble: Text | None = None
    strays: int = 0


class Doctor:
    """The gateway tells it what it saw. The first success of a kind is kept on disk, the rest in memory."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._seen = Newest[str, _Seen](PUBLICATIONS)
        self._lock = threading.Lock()

    def saw(
        self, publication: str, what: str, code: str, at: float, compared: Sequence[Compared] = ()
    ) -> None:
        """`what`: verified (`code`: its mark), message, refused (`code`: why, `compared`: what it was judged
        by) or strange (`code`: the site). Takes µs, at first 2 ms."""
        if what == "verified" and code.startswith(SELF_TEST):
            return  # our own call, not the platform's
        seen = self._seen.of(publication, _Seen)
        if what == "strange":
            self._strange(publication, seen, code, at)
            return
        if what == "refused":
            self._turned(publication, seen, code, at, compared)
            return
        seen.last, seen.strays = None, 0
        if what == "message":
            minute = int(at // 60)
            seen.messages[minute] = seen.messages.get(minute, 0) + 1
        self._keep_first(publication, what, at)

    def _strange(self, publication: str, seen: _Seen, origin: str, at: float) -> None:
        """Anybody may say any: few are kept, and only what a browser could have said."""
        known = self._control.contact(publication).strangers
        is_told = any(site == origin and at - since < HOUR for site, since in known)
        if is_told or at - seen.strange_at <= KEEP or not ORIGIN.fullmatch(origin):
            return
        seen.strange_at = at
        others = [one for one in known if one[0] != origin]
        self._keep(publication, {"strangers": (*others, (origin, at))[-STRANGERS:]})

    def _turned(
        self, publication: str, seen: _Seen, code: str, at: float, compared: Sequence[Compared]
    ) -> None:
        seen.refusals[code] += 1
        kind = self._kind(publication)
        if kind is None:
            return
        proven = issubclass(kind, Receives) and code in kind.proven_codes
        seen.strays += not proven
        if not proven and self._control.contact(publication).verified_at is not None:
            return
        seen.last = Refusal(code, kind.explain(code), at, tuple(compared))
        if at - seen.kept_at > KEEP:
            seen.kept_at = at
            self._keep(publication, {"turned": _record(seen.last)})

    def trouble(self, publication: str, text: Text | None, at: float) -> None:
        """Pushing fails for a reason that the owner can mend; None: it works again."""
        self._seen.of(publication, _Seen).trouble = text

    def told(self, publication: str, notice: Notice, at: float) -> None:
        """Kept until the platform says that it is over: it is told once."""
        kept = None if notice.is_well else Notified(text=notice.text.by_language(), at=at)
        self._keep(publication, {"notice": kept})

    def trouble_of(self, publication: str) -> Text | None:
        """Why answers cannot be pushed just now."""
        return self._seen.get(publication, _Seen()).trouble

    def channel_of(self, publication: str) -> str:
        """The name of its channel; "" where its record cannot be read."""
        try:
            record = self._control.publication(publication)
        except HongyanError:
            return ""
        return record.channel if record else ""

    def state(self, publication: str, now: float) -> State:
        contact = self._control.contact(publication)
        seen = self._seen.get(publication, _Seen())
        return State(
            verified_at=contact.verified_at,
            message_at=contact.message_at,
            refusal=self._refusal(seen, contact),
            messages=sum(n for minute, n in list(seen.messages.items()) if minute > (now - HOUR) // 60),
            refusals=dict(seen.refusals),
            trouble=seen.trouble,
            strays=seen.strays,
            notice=(stored(contact.notice.text), contact.notice.at) if contact.notice else None,
            strangers=tuple(Stranger(*one) for one in reversed(contact.strangers) if now - one[1] < DAY),
        )

    def _refusal(self, seen: _Seen, contact: Contact) -> Refusal | None:
        """Also one that another process saw, or one before our time."""
        kind, turned = self._kind(contact.id), contact.turned
        if kind is None or seen.last or turned is None:
            return seen.last
        compared = (Compared(stored(one.name), one.here, one.there) for one in turned.compared)
        return Refusal(turned.code, kind.explain(turned.code), turned.at, tuple(compared))

    def _kind(self, publication: str) -> type[Channel] | None:
        record = self._control.publication(publication)
        return registry().get(record.channel) if record else None

    def _keep_first(self, publication: str, what: str, at: float) -> None:
        """The first of its kind, or the first since it was refused, or since what it proves was changed."""
        name = "message_at" if what == "message" else "verified_at"
        contact = self._control.contact(publication)
        # A message proves that the address was verified, even when that was before our time.
        first = {"verified_at": contact.verified_at or at, name: getattr(contact, name) or at, "turned": None}
        self._keep(publication, first)

    def _keep(self, publication: str, what: Mapping[str, object]) -> None:
        with self._lock:
            contact = self._control.contact(publication)
            if any(getattr(contact, name) != value for name, value in what.items()):
                try:
                    self._control.save_contact(contact.model_copy(update=what))
                except NotSaved as e:  # no callback fails for what is only noted
                    log.warning("what was seen of %s is not kept: %s", publication, e.text.en)


def _record(refusal: Refusal) -> Turned:
    compared = (
        Alike(name=one.name.by_language(), here=one.here, there=one.there) for one in refusal.compared
    )
    return Turned(code=refusal.code, at=refusal.at, compared=tuple(compared))
