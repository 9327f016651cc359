"""What is sent to a person carries something that the platform gave before."""

from abc import abstractmethod
from typing import ClassVar

from runtime.channels._abilities import Pushes, Types
from runtime.channels._wire import AccessToken, ApiAnswer, ApiRequest


class Continues(Pushes):
    """Whatever goes to a person carries what the newest message of theirs that has one brought: its `thread`,
    under THREAD in Message.handle."""

    renews: ClassVar[bool] = False
    """A thread may be refused as too old, told apart from nothing else: what rested goes on when its person
    writes, which brings another."""

    @abstractmethod
    def continued(self, request: ApiRequest, thread: str) -> ApiRequest:
        """The same request with it."""


class TypesUnder(Types):
    """The typing sign is shown under the person's newest message that brought a thread, see Continues; to
    who has none it is not shown."""

    @abstractmethod
    def typing_under(self, thread: str) -> ApiRequest:
        """Shows it there."""

    def typing(self, to: str) -> ApiRequest:
        raise NotImplementedError("it is shown under a message")


class TypesByTicket(Types):
    """The typing sign wants a ticket of the person's, which is fetched and kept for a while."""

    @abstractmethod
    def ticket_request(self, to: str) -> ApiRequest:
        """Asks for one."""

    @abstractmethod
    def ticket(self, answer: ApiAnswer) -> AccessToken:
        """Raises SendFailed."""

    @abstractmethod
    def ticketed(self, request: ApiRequest, ticket: str) -> ApiRequest:
        """The same request with the ticket."""
