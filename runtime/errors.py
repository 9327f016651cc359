"""Everything of ours that can go wrong.

HongyanError                a sentence for a person, in Chinese and English
├── Invalid                 bad input; `field` names what to correct
│   ├── BadAgent            an agent file or draft
│   ├── BadTemplate         a Jinja2 template or condition
│   └── BadSettings         credentials or settings of a channel, model or server
├── NotFound                no such agent, publication, template, model …
├── Conflict                somebody else changed it in between
├── NotSaved                the disk refused (full, read-only); the old file is whole
├── Forbidden               whoever asks may not do that; `code` is the permission that is missing
├── Refused                 a callback or API request that is not authentic or too large
├── TurnFailed              the turn cannot go on (limits, a block's error)
├── ModelFailed             the model did not answer; `retryable`
├── ToolFailed              the model is told and the turn goes on
├── Blocked                 the egress guard: not a public address
└── SendFailed              a delivery was refused; `code`, `retryable`
"""

from runtime.lang import Text


class HongyanError(Exception):
    """A failure that may be shown to a person as it is: what is wrong and what to do."""

    def __init__(self, text: Text, *, field: str = "", code: str = "", retryable: bool = False) -> None:
        super().__init__(str(text))
        self.text = text
        self.field = field
        self.code = code
        self.retryable = retryable


class Invalid(HongyanError):
    """Bad input; nothing was changed. `field` names the place, e.g. `flow.0.prompt`."""


class BadAgent(Invalid):
    """An agent file or draft that breaks the format."""


class BadTemplate(Invalid):
    """A Jinja2 template or condition that cannot be compiled or rendered."""

    source: str = ""
    """The template."""
    depends: bool = False
    """Something was not there, which with other data may be."""


class BadSettings(Invalid):
    """Credentials or settings that are missing or malformed."""


class NotFound(HongyanError):
    """There is no such thing under that name or id."""


class Conflict(HongyanError):
    """The thing changed since it was read; nothing was written."""


class NotSaved(HongyanError):
    """The disk did not take a file; the old one is untouched."""


class Forbidden(HongyanError):
    """Whoever asks may not do that; nothing was done. `code` names the permission that is missing."""


class Refused(HongyanError):
    """A request that is not authentic, not well-formed or too large. `code` is the counted reason."""


class TurnFailed(HongyanError):
    """The turn ends here; the person gets the agent's failure text."""


class ModelFailed(HongyanError):
    """No answer from the model. `retryable` says whether another try, or another model, may help."""


class ToolFailed(HongyanError):
    """A tool could not do it. The model is told and the turn goes on."""


class Blocked(ToolFailed):
    """The address is not public; nothing was sent there."""


class SendFailed(HongyanError):
    """The platform did not take a message. `code` is its errcode."""
