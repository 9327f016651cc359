"""A project that talks to us, for the owner to open in the platform's own tool and to upload there."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from runtime.channels._guide import Note
from runtime.lang import Text


@dataclass(frozen=True)
class Kit:
    """`folder`: its files, below templates/; `steps`: what to do with it, in order."""

    folder: str
    title: Text
    hint: Text
    steps: Sequence[Note]


class BringsKit(ABC):
    """People use an app that the owner puts on the platform, and which comes with us."""

    kit: ClassVar[Kit]

    @property
    @abstractmethod
    def in_kit(self) -> Mapping[str, Mapping[str, str]]:
        """What of this account stands in the kit's config.js and JSON files: by file, by key."""
