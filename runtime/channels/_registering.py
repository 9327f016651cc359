"""A platform that is told by a call of ours where to call: its owner copies no address there."""

from abc import abstractmethod

from runtime.channels._abilities import AsksPlatform, Receives
from runtime.channels._wire import ApiAnswer, ApiRequest


class Registers(Receives, AsksPlatform):
    """It is told when a publication appears, or its address or its secret changed, and when it is taken
    back."""

    @abstractmethod
    def register(self, address: str) -> ApiRequest:
        """Call there from now on. The same request for the same address and settings."""

    @abstractmethod
    def registered(self, answer: ApiAnswer) -> None:
        """It does. Raises SendFailed."""

    @abstractmethod
    def unregister(self) -> ApiRequest:
        """Call nowhere any more; its answer is not looked at."""
