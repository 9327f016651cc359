"""A surface that shows what a person may choose from as something to tap.

What was chosen comes in as a message whose text is the value (Message.data `choice` has its words, where they
are known). A surface without the ability, or a list that does not fit, gets lines with numbers; whoever types
one of these chooses as well.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from runtime.answer import AnswerPart
from runtime.channels._abilities import Pushes
from runtime.channels._wire import ApiAnswer, ApiRequest, Frame, WebResponse
from runtime.choices import Choices
from runtime.message import Message


@dataclass(frozen=True)
class ChoiceLimits:
    """How many a surface shows and how long they may be: UTF-8 bytes, or characters."""

    most: int
    text: int
    value: int
    question: int
    in_bytes: bool = True

    def fit(self, choices: Choices) -> bool:
        return (
            0 < len(choices.options) <= self.most
            and 0 < self._size(choices.question) <= self.question
            and all(
                self._size(one.text) <= self.text and len(one.value.encode()) <= self.value
                for one in choices.options
            )
            and len({one.value for one in choices.options}) == len(choices.options)
        )

    def _size(self, text: str) -> int:
        return len(text.encode()) if self.in_bytes else len(text)


class Names(Pushes):
    """Its platform names what was sent."""

    def handle(self, answer: ApiAnswer) -> str:
        """By which what was sent is known later, out of the answer to that; "" where it is not."""
        return ""

    def taken(self, answer: ApiAnswer) -> str:
        """It was taken, see Pushes.pushed: its handle. Raises SendFailed."""
        self.pushed(answer)
        return self.handle(answer)


class Chooses(Names):
    """It can be pushed. What is refused goes in words, as lines with numbers. By its handle it is settled."""

    choice_limits: ClassVar[ChoiceLimits]
    """`value` counts bytes everywhere."""

    @abstractmethod
    def push_choices(
        self, choices: Choices, to: str, key: str, after: Message | None = None
    ) -> ApiRequest | Frame:
        """Sends them, see Pushes.push and Pushes.push_after; the answer is read by `pushed`."""

    def greet_choices(self, choices: Choices, message: Message, key: str) -> ApiRequest | Frame | None:
        """Sends them as the answer to an event, see Greets."""
        return None

    def settle(self, handle: str, words: str, to: str) -> ApiRequest | Frame | None:
        """Shows these words there instead of something to tap; None where `handle` gives nothing."""
        return None

    def chosen(
        self, message: Message, offered: Choices | None, now: float
    ) -> ApiRequest | Frame | WebResponse | None:
        """What shows, where it was tapped, that it was; None where the surface does so by itself.

        It is tried once. `offered`: what the person had before them, if that is known.
        """
        return None


def offered(part: AnswerPart) -> Choices | None:
    return Choices.of(part.data) if part.kind == "choices" else None
