"""Everything of ours that can go wrong. What each is over HTTP: runtime/server/statuses.py.

HongyanError                a sentence for a person, in Chinese and English
├── Invalid                 bad input; `field` names what to correct
│   ├── BadAgent            an agent file or draft
│   ├── BadTemplate         a Jinja2 template or condition
│   ├── Malformed           what a page asks for with arguments that are none of this version
│   ├── BadMedia            a picture or another file that is damaged, a bomb, or of no kind that is taken
│   └── BadSettings         credentials or settings of a channel, model or server
├── NotFound                no such agent, publication, template, model …
├── Conflict                somebody else changed it in between
│   ├── Changed             … changed who may what; it can be looked at anew
│   ├── DeletedElsewhere    … deleted it; it can be had back
│   └── Taken               what was deleted has no place any more; it may come back under another name
├── NotSaved                the disk refused (full, read-only); the old file is whole
├── Forbidden               whoever asks may not do that; `code` is the permission that is missing
├── Unreadable              what was stored is damaged, or the system does not give it
│   └── BeyondHelp          … and so is its previous version
├── StoreFailed             nothing of a write to the messages was kept
│   └── NotBrought          a large file could not be brought from or into its bucket
├── TooSlow                 a question about the messages was stopped
├── Refused                 a callback or API request that is not authentic or too large
│   ├── TooMany             a limit of an API key; `wait`
│   └── UnknownKey          a token that names a key which is not known here, or not yet
├── TurnFailed              the turn cannot go on (limits, a block's error)
│   ├── CodeFailed          a program of a block; `line`
│   └── WaitOver            what was waited for did not come in time, or the person left it
├── ModelFailed             the model did not answer; `retryable`
│   ├── Moved               the server sends us elsewhere
│   └── ProviderFailed      the server answered, and not with an answer
│       └── AskedToWait     … and said how long
├── ToolFailed              the model is told and the turn goes on
│   └── Blocked             the egress guard: not a public address
└── SendFailed              a delivery was refused; `code`, `retryable`
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from runtime.lang import Text

RequestCode = Literal[
    "no_key", "bad_key", "no_token", "bad_token", "token_expired", "session_over", "too_often",
    "too_large", "too_slow", "cut_off", "media_type", "malformed", "file", "invalid", "unknown_parameter",
    "unsupported_value", "unknown_url", "model_not_found", "idempotency_key_reused",
]  # fmt: skip
"""Why a request is not taken."""
CallbackCode = Literal[
    "signature",
    "stale",
    "replayed",
    "downgrade",
    "decrypt",
    "receive_id",
    "account",
    "malformed",
    "too_large",
    "method",
]
"""Why a platform's call is not taken."""
ModelCode = Literal[
    "policy",
    "quota",
    "rate_limit",
    "region",
    "context",
    "not_found",
    "auth",
    "connection",
    "server",
    "timeout",
    "refused",
    "malformed",
    "length",
    "no_key",
    "no_base",
    "no_model",
    "unknown_model",
    "recorded",
    "budget",
]
"""Why a model did not answer."""
TurnCode = Literal[
    "rounds",
    "tokens",
    "tool_mistakes",
    "no_answer",
    "timeout",
    "rehearsal",
    "bug",
    "aside",
    "shed",
    "stopping",
    "paused",
    "unfinished",
    "unwanted",
    "abandoned",
    "late",
    "cancelled",
    "denied",
    "tries",
    "tool",
    "too_deep",
    "too_long",
    "code",
    "fields",
    "no_agent",
    "safety",
]
"""Why a turn has no answer."""
StoreCode = Literal["disk", "busy", "damaged", "tables", "version", "gone", "replaced", "moved", "given_up"]
"""Why the messages could not be written."""
SecretCode = Literal["damaged", "wrong_key"]
"""Why a credential cannot be opened."""
SignInCode = Literal["provider", "proof", "unknown"]
"""Why somebody does not come in by another's word: its fault or the settings', no proof, not let in here."""
Code = SignInCode | RequestCode | CallbackCode | ModelCode | TurnCode | StoreCode | SecretCode


class Wrong(ValueError):
    """Raised where a value is checked: what is wrong with it, and where below it, if not with all of it."""

    def __init__(self, text: Text, field: str = "") -> None:
        super().__init__(text.en)
        self.text = text
        self.field = field


class HongyanError(Exception):
    """A failure that may be shown to a person as it is: what is wrong and what to do."""

    def __init__(
        self, text: Text, *, field: str = "", code: Code | Literal[""] = "", retryable: bool = False
    ) -> None:
        super().__init__(str(text))
        self.text = text
        self.field = field
        self.code: str = code
        self.retryable = retryable


class Invalid(HongyanError):
    """Bad input; nothing was changed. `field` names the place, e.g. `flow.0.prompt`."""


class BadAgent(Invalid):
    """An agent file or draft that breaks the format."""


class BadTemplate(Invalid):
    """A Jinja2 template or condition that cannot be compiled or rendered."""

    source: str = ""
    """The template."""
    line: int = 0
    """In it; 0: that is not known."""
    depends: bool = False
    """Something was not there, which with other data may be."""


class BadMedia(Invalid):
    """A picture, voice message, video or file that is not taken. `code` says why in a word."""

    def __init__(self, text: Text, *, code: str) -> None:
        super().__init__(text)
        self.code = code


class BadSettings(Invalid):
    """Credentials or settings that are missing or malformed."""

    wrongs: Mapping[str, Text] = MappingProxyType({})
    """Where several are looked at together: all that is to be corrected, by field."""

    def all_of(self, wrongs: Mapping[str, Text]) -> "BadSettings":
        self.wrongs = wrongs
        return self


class NotFound(HongyanError):
    """There is no such thing under that name or id."""


class Conflict(HongyanError):
    """The thing changed since it was read; nothing was written."""


class NotSaved(HongyanError):
    """The disk did not take a file; the old one is untouched."""


class Forbidden(HongyanError):
    """Whoever asks may not do that; nothing was done."""

    def __init__(self, text: Text, *, code: str) -> None:
        """`code`: the permission that is missing."""
        super().__init__(text)
        self.code = code


class Unreadable(HongyanError):
    """What we stored cannot be read: it is damaged or incomplete, or the disk does not give it."""


class StoreFailed(HongyanError):
    """Nothing of the write was kept. `code` is a StoreCode."""


class TooSlow(HongyanError):
    """A question about the messages was stopped; a shorter period helps."""


@dataclass(frozen=True)
class Compared:
    """Two things that should have been alike, for whoever owns both: what we have, what came.

    Never a secret itself: see `fingerprint`.
    """

    name: Text
    here: str = ""
    there: str = ""


def fingerprint(secret: str) -> str:
    """Tells two secrets apart without showing either: its length, and 8 digits of its SHA-256."""
    return f"{len(secret)} / {hashlib.sha256(secret.encode()).hexdigest()[:8]}"


class Refused(HongyanError):
    """A request that is not authentic, not well-formed or too large. `code` is the counted reason."""

    compared: tuple[Compared, ...] = ()
    """What it was judged by. The caller is told nothing of it."""


class TooMany(Refused):
    """A limit of an API key is reached; after `wait` seconds there is room again."""

    def __init__(self, text: Text, wait: float) -> None:
        super().__init__(text, code="too_often")
        self.wait = wait


class TurnFailed(HongyanError):
    """The turn ends here; the person gets the agent's failure text."""

    def __init__(self, text: Text, *, code: str) -> None:
        """`code`: as it was counted, be it long ago: a Code, or the class of the error that had none."""
        super().__init__(text)
        self.code = code


class WaitOver(TurnFailed):
    """What a block waited for did not come: `late`, `cancelled` by the person, or `denied`."""

    def __init__(self, text: Text, *, code: str, gave: Mapping[str, Any] | None = None) -> None:
        """`gave`: what later blocks may refer to all the same."""
        super().__init__(text, code=code)
        self.gave = gave or {}


class ModelFailed(HongyanError):
    """No answer from the model. `retryable` says whether another try, or another model, may help."""

    asked: Sequence[str] = ()
    """Models that got the question all the same."""

    def after(self, asked: Sequence[str]) -> "ModelFailed":
        """The same, with whom it was asked."""
        self.asked = tuple(asked)
        return self


class ToolFailed(HongyanError):
    """A tool could not do it. The model is told and the turn goes on."""

    def hiding(self, over: Callable[[str], str]) -> "ToolFailed":
        """The same in other words."""
        again = type(self)(self.text.each(over), field=self.field)
        again.code, again.retryable = self.code, self.retryable
        return again


class Blocked(ToolFailed):
    """The address is not public; nothing was sent there."""


class SendFailed(HongyanError):
    """The platform did not take a message."""

    def __init__(self, text: Text, *, code: str = "", retryable: bool = False, wait: float = 0.0) -> None:
        """`code`: the platform's own, or ours for the way to it; `wait`: seconds that it asks us to wait."""
        super().__init__(text, retryable=retryable)
        self.code, self.wait = code, wait
