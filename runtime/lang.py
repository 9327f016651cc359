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
        """The same sentence with its {placeholders} filled in; a Text among them in the same language."""

        def told(lang: Lang) -> dict[str, object]:
            return {
                name: value.to(lang) if isinstance(value, Text) else value for name, value in values.items()
            }

        return Text(self.zh.format(**told("zh")), self.en.format(**told("en")))

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
