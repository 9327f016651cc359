"""A surface that tells what people think of an answer: by a sign that they put under it."""

from runtime.channels._choosing import Names
from runtime.channels._streaming import Bubble


class Judged(Names):
    """What was sent is named by `handle`, as its platform's answer has it. A judgement comes in as an event
    `rated`, whose data has `on`, the same name, and `verdict`: good, bad, or none where it was taken
    back; then `was` is which one, if somebody may have put both there.
    Where nobody knows what was sent so, or it was said to another, it is nothing."""

    def shown_as(self, bubble: Bubble) -> str:
        """The same for an answer that grew in one message, once that has ended; "" where it is not known."""
        return ""
