"""People open a page of ours to come to it: by its address, a code, or within the owner's site."""

from abc import ABC
from typing import ClassVar, Literal

Corner = Literal["right", "left"]


class Opens(ABC):
    """Paths are from where the program begins; the page's own `widget` is a script for other sites."""

    place: ClassVar[str]
    """Of the page, with {publication}."""
    widget: ClassVar[str]
    """Below it."""

    @classmethod
    def page_of(cls, publication: str) -> str:
        return cls.place.format(publication=publication)

    @property
    def corner(self) -> Corner:
        """Where the button is that opens it on another site."""
        return "right"

    @property
    def names_us(self) -> bool:
        """Whether it says by what it was made."""
        return True
