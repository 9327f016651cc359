"""Who writes, and what is remembered of them beside the words of the conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from runtime.errors import Wrong
from runtime.lang import Text

NoteKind = Literal["about", "likes", "plan", "other"]
"""Who somebody is, what they like or cannot stand, what they are up to, anything else."""
NoteSource = Literal["said", "operator"]
"""From the person's own words, or written by the operator."""
Joined = Literal["joined", "wrong", "slow", "same", "heard", "unsure", "chosen"]
"""What a code came to: two surfaces are one person's now; no such code; too many wrong ones; typed where it
was asked for, where others read along, or where anybody may pose as anybody; not typed."""

Proof = Literal["proven", "wrong", "slow"]
"""What came of a code by which somebody proves that they wrote: no such code, or too many wrong ones."""

MOST_NOTES = 50
"""Of one person."""
LONGEST_NAME = 40
LONGEST_VALUE = 200
"""Characters."""


@dataclass(frozen=True)
class Note:
    """One fact about a person. Another of the same name replaces it.

    `at`: seconds since 1970; `seq`: the message in which the person said so, 0 for none.
    """

    name: str
    value: str
    kind: NoteKind = "other"
    source: NoteSource = "said"
    at: float = 0.0
    seq: int = 0


@dataclass(frozen=True)
class Agreed:
    """How somebody answered whether they agree: yes, no, or asked while they have not. `by_this`: with the
    message whose turn it is; `at`: seconds since 1970."""

    answer: str
    by_this: bool = False
    at: float = 0.0


@dataclass(frozen=True)
class Summary:
    """What a conversation came to, up to the exchange of that number."""

    text: str
    upto: int


@dataclass(frozen=True)
class Known:
    """`elsewhere`: summaries of what the same person said on other surfaces."""

    notes: Sequence[Note] = ()
    summary: Summary | None = None
    elsewhere: Sequence[str] = ()
    surfaces: int = 1
    """On which this person is known."""


FIELDS = (
    "id", "channel", "name", "language", "tags", "first_seen", "last_seen", "unionid", "customer",
)  # fmt: skip
"""What templates see of everybody as `person`; no value that an agent declares takes these names."""
Bound = Literal["bound", "wrong", "slow", "chosen"]
"""What a code that says whose customer somebody is came to; slow: too many wrong ones; chosen: not typed."""
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of such a code: without those that are taken for others."""
LENGTH = 10
"""50 bits: nobody guesses one while it holds."""
TAGS = "tags"
MOST_TAGS = 20
LONGEST_TAG = 40
"""Characters."""
MANY_TAGS = Text("标签最多 {most} 个", "{most} tags at most").fill(most=MOST_TAGS)
NO_TAG = Text("每个标签要有 1–{most} 个字", "a tag has 1–{most} characters").fill(most=LONGEST_TAG)


@dataclass(frozen=True)
class Person:
    """Who writes. It comes from the surface, the operator and the store: never from a message or a model.

    `id`: on that surface. `name`, `language`: as the surface gives them, or "". `tags`: the operator's, and
    the flow's where the agent lets it.
    `first_seen`, `last_seen`: seconds since 1970, before this message; 0: never. `unionid`: who they are on
    all accounts of one owner, where the platform says so. `customer`: the owner's own number of them, proven.
    """

    id: str = ""
    channel: str = ""
    name: str = ""
    language: str = ""
    tags: Sequence[str] = ()
    first_seen: float = 0.0
    last_seen: float = 0.0
    unionid: str = ""
    customer: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Those that the agent declares, by name."""

    def view(self, timezone: tzinfo | None = UTC) -> dict[str, Any]:
        """Plain data, as templates see it. Times are like "2026-01-31 09:00"; "" for never."""
        return {
            **self.values,
            "id": self.id,
            "channel": self.channel,
            "name": self.name,
            "language": self.language,
            TAGS: list(self.values.get(TAGS, self.tags)),
            "first_seen": _moment(self.first_seen, timezone),
            "last_seen": _moment(self.last_seen, timezone),
            "unionid": self.unionid,
            "customer": self.customer,
        }


NOBODY = Person()


@dataclass(frozen=True)
class Described:
    """What a surface tells of somebody; "" for what it does not."""

    account: str = ""
    """The same wherever the platform tells it of this person, and of nobody else: a unionid."""
    name: str = ""
    language: str = ""


@dataclass(frozen=True)
class Handing:
    """Why somebody is handed over to a person. `priority`: 0 low to 3 urgent; `due`: seconds since 1970."""

    reason: str = ""
    summary: str = ""
    sentiment: str = ""
    priority: int = 1
    due: float | None = None
    silent: bool = False
    """The agent says nothing from now on, also before somebody takes over."""


def _moment(at: float, timezone: tzinfo | None) -> str:
    return datetime.fromtimestamp(at, timezone).strftime("%Y-%m-%d %H:%M") if at else ""


def code_shown(signs: str) -> str:
    """A code by which somebody proves which customer they are, as they read and type it."""
    return f"HY-{signs[:5]}-{signs[5:]}"


def tags_in(items: Sequence[Any]) -> list[str]:
    """Each once, without blanks around. Raises Wrong."""
    tags = list(dict.fromkeys(" ".join(str(item).split()) for item in items))
    if any(not 0 < len(tag) <= LONGEST_TAG for tag in tags):
        raise Wrong(NO_TAG)
    if len(tags) > MOST_TAGS:
        raise Wrong(MANY_TAGS)
    return tags


def retagged(now: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> list[str]:
    """The tags of somebody who had those of `now`. Raises Wrong."""
    gone = set(tags_in(remove))
    return tags_in([tag for tag in (*now, *add) if " ".join(tag.split()) not in gone])
