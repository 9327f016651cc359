"""A person may be handed over from the agent to a human at the platform's own desk, and come back.

The platform keeps the state of each conversation. Which states there are, and which steps the account may
take between them, is data: the gateway finds the way. Beside this the platform tells what humans do there, as
the events `taken`, `returned` and `replied` (runtime.message).
"""

from abc import abstractmethod
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from runtime.channels._abilities import AsksPlatform
from runtime.channels._wire import ApiAnswer, ApiRequest, WebResponse
from runtime.message import Message


@dataclass(frozen=True)
class Standings:
    """The states of a conversation at the platform, by its own names."""

    steps: Mapping[str, Collection[str]]
    """To each state those that the account may bring it to."""
    with_agent: Collection[str]
    """What the account sends is shown."""
    with_human: Collection[str]
    """A human has the person, or the person waits for one."""

    def way(self, start: str, end: str) -> Sequence[str] | None:
        """The states to go through after `start`, the shortest way; None when there is none."""
        before: dict[str, str] = {}
        queue = deque([start])
        while queue:
            at = queue.popleft()
            if at == end:
                return _walked(before, start, end)
            for following in self.steps.get(at, ()):
                if following != start and following not in before:
                    before[following] = at
                    queue.append(following)
        return None


def _walked(before: Mapping[str, str], start: str, end: str) -> Sequence[str]:
    walked: list[str] = []
    while end != start:
        walked.append(end)
        end = before[end]
    return walked[::-1]


class HandsOver(AsksPlatform):
    """Humans answer there, too."""

    desk_seconds: ClassVar[float]
    """A human has a person for so long at most, counted from the newest sign of it."""
    refused_at_desk: ClassVar[frozenset[str]]
    """Codes of a refused push that may mean that a human has the person."""

    @property
    @abstractmethod
    def hands_over(self) -> bool:
        """False when the owner does not want it, or there is no desk."""

    @property
    @abstractmethod
    def standings(self) -> Standings:
        """As this account's settings allow."""

    @property
    @abstractmethod
    def at_desk(self) -> str:
        """Where a person goes whom the agent hands over."""

    @property
    @abstractmethod
    def given_back(self) -> str:
        """Where a person goes whom the owner gives back to the agent."""

    @property
    def with_assistant(self) -> str:
        """Where humans see that the agent has the person; "" when the platform knows no such thing."""
        return ""

    @abstractmethod
    def standing(self, to: str) -> ApiRequest | None:
        """Asks in which state the conversation is; None when the account cannot ask."""

    @abstractmethod
    def stands(self, answer: ApiAnswer) -> str:
        """The state. Raises SendFailed."""

    @abstractmethod
    def move(self, to: str, state: str) -> ApiRequest:
        """`take` and `give_back` are made of these: bring the conversation to the state."""

    @abstractmethod
    def moved(self, answer: ApiAnswer) -> None:
        """It is there. Raises SendFailed."""

    def handed(self, message: Message, now: float) -> WebResponse | None:
        """The response to a callback that hands its message to the desk; None where responses cannot."""
        return None
