"""A piece of a source that can stand alone: what is found, shown and cited."""

from dataclasses import dataclass

ABOVE = " › "
"""Between headings that stand above each other."""


@dataclass(frozen=True)
class Passage:
    """`headings`: what it stands under, the highest first. `page` counts from 1; None: there are none."""

    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None
    answer: str | None = None
    """Of a question–answer pair, whose question is the text: what may be said without a model."""

    @property
    def heading(self) -> str:
        return ABOVE.join(self.headings)

    @property
    def whole(self) -> str:
        """As it is read: under its headings, with its answer."""
        return "\n".join(part for part in (self.heading, self.text, self.answer) if part)
