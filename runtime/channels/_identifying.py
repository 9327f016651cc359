"""A platform that knows who somebody is on each of an owner's surfaces."""

from abc import abstractmethod

from runtime.channels._abilities import AsksPlatform
from runtime.channels._wire import ApiAnswer, ApiRequest
from runtime.person import Described


class Identifies(AsksPlatform):
    """It is asked once for each person, off the way of their messages, where the agent's owner wants that."""

    @abstractmethod
    def identify(self, sender: str) -> ApiRequest:
        """Asks who that is."""

    @abstractmethod
    def identified(self, answer: ApiAnswer) -> str:
        """The same for the same person wherever it is told, and for nobody else; "" when it is not told.

        Raises SendFailed.
        """

    def described(self, answer: ApiAnswer) -> Described:
        """All that the same answer tells of them. Raises SendFailed."""
        return Described(self.identified(answer))
