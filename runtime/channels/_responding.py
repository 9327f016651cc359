"""A channel on which the response to a callback is shown, and for how long that is waited for."""

from abc import abstractmethod
from typing import ClassVar

from runtime.channels._abilities import Receives
from runtime.channels._wire import WebResponse
from runtime.message import Message


class Responds(Receives):
    """The response to a callback is shown to the person."""

    window: ClassVar[float]
    """Seconds that a response may take before the platform hangs up (with a margin)."""
    attempts: ClassVar[int]
    """How often the platform sends one message when it gets no response."""

    @property
    def responds(self) -> bool:
        """False when the owner chose that answers are only pushed."""
        return True

    @property
    def response_seconds(self) -> float:
        """Those of `window`, or fewer or more where the owner says for how long."""
        return self.window

    @property
    def responds_first(self) -> bool:
        """Whether a response is waited for also where the answer could be pushed."""
        return False

    @abstractmethod
    def respond(self, message: Message, part: str, now: float) -> WebResponse:
        """One part as the response to this message's callback."""
