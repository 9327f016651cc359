"""What a channel brings for a check-up of its connection: what its platform can be asked."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from runtime.channels._abilities import AsksPlatform
from runtime.channels._wire import ApiAnswer, ApiRequest
from runtime.lang import NOTHING, Text


@dataclass(frozen=True)
class Told:
    """What a check found, in one sentence, and the one thing to do about it.

    `ok` None: it could not be looked at, or it is not known yet. `copy`: a value to be pasted somewhere else.
    """

    ok: bool | None
    says: Text
    do: Text = NOTHING
    copy: str = ""


@dataclass(frozen=True)
class Question:
    """One thing that the platform's API can be asked about a connection; nobody gets a message by it."""

    id: str
    """Names the check, for scripts: letters and `_`."""
    title: Text
    request: ApiRequest
    read: Callable[[ApiAnswer], Told]
    """Raises SendFailed, whose code the channel explains."""


class Checked(AsksPlatform):
    """The platform's API tells how a connection stands. What its codes mean is in `codes` and `explain`."""

    @abstractmethod
    def seen_address(self, answer: ApiAnswer) -> str:
        """The address that we call from, if the platform refuses it and says which; else ""."""

    def questions(self) -> Sequence[Question]:
        """What else is to be asked, in this order, with an access token where there is one.

        What Management offers is asked without being listed here.
        """
        return ()
