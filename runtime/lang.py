"""A sentence in the languages we speak."""

from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Text(NamedTuple):
    """One sentence or label, in Chinese and English."""

    zh: str
    en: str

    def to(self, lang: str) -> str:
        """The sentence in one language; anything but "zh" reads English."""
        return self.zh if lang == "zh" else self.en

    def fill(self, **values: object) -> "Text":
        """The same sentence with its {placeholders} filled in."""
        return Text(self.zh.format(**values), self.en.format(**values))

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
