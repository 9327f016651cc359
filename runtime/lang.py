"""A sentence in the languages we speak.

Whoever writes a sentence writes it in Chinese and English, as two constants. What changes is a value and
never part of the pattern: `Text("没有「{name}」。", "There is no {name!r}.").fill(name=name)`. So it can be
said in further languages, whose files have the English pattern as their key (languages.py).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from runtime.languages import languages, translated

Lang = Literal["zh", "en"]
"""The languages that an agent answers in, and that sentences are written in."""


@dataclass(frozen=True)
class Text:
    """One sentence or label, in every language."""

    zh: str
    en: str
    further: Callable[[str], str] | None = field(default=None, compare=False, repr=False)
    """Of what is made from other sentences: the same in a further language. No blanks are left in it."""

    def to(self, lang: str) -> str:
        """The sentence in one language; in one that there is not, or that lacks it, English."""
        if lang in ("zh", "en"):
            return self.zh if lang == "zh" else self.en
        return self.further(lang) if self.further else translated(self.en, lang) or self.en

    def fill(self, /, **values: object) -> "Text":
        """The same sentence with its {placeholders} filled in. A value may be a Text itself.

        What is filled in already stays as it is: a value's own braces are no placeholders.
        """
        if self.further:
            return self
        kept = {name: _kept(value) for name, value in values.items()}
        return _made(lambda lang: filled(self.to(lang), _said(kept, lang), lang))

    def each(self, change: Callable[[str], str]) -> "Text":
        """The same sentence changed alike in every language."""
        return _made(lambda lang: change(self.to(lang)))

    def bare(self) -> "Text":
        """Without the full stop, to go on within another sentence."""
        return self.each(lambda sentence: sentence.rstrip("。. "))

    def by_language(self) -> dict[str, str]:
        """As pages, API and stores get it: language → sentence."""
        return {language.code: self.to(language.code) for language in languages()}

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


HAN = "\u3400-\u4dbf\u4e00-\u9fff"
BLANK = re.compile(rf"(?:(?<=(?P<before>[{HAN}]))|(?<!\{{))\{{(?P<name>\w+)\}}(?!\}})(?=(?P<after>[{HAN}]?))")
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
NOTHING = Text("", "")
"""No sentence at all."""


def written(zh: str, en: str) -> Text:
    """What stands in files of ours that are one a language, such as a starter's name."""
    return Text(zh, en)


def as_it_is(words: str) -> Text:
    """What reads alike in every language: a name, what a person wrote, what a platform said."""
    return _made(lambda lang: words)


def differing(zh: str, en: str) -> Text:
    """What is no sentence and is written otherwise for other readers, such as an amount in their money."""
    return _made(lambda lang: zh if lang == "zh" else en)


def stored(sentence: Mapping[str, str] | Iterable[str]) -> Text:
    """Again what `by_language` gave; older records have a list of Chinese and English."""
    if not isinstance(sentence, Mapping):
        sentence = dict(zip(("zh", "en"), sentence, strict=False))
    found = dict(sentence)
    return _made(lambda lang: found.get(lang) or found.get("en") or "")


def listed(words: Iterable[str]) -> Text:
    """Names one after another."""
    names = list(words)
    return _made(lambda lang: ("、" if lang == "zh" else ", ").join(names))


def joined(texts: Iterable[Text], between: Text = NOTHING) -> Text:
    """Sentences one after another, with what stands between two of them."""
    some = list(texts)
    return _made(lambda lang: between.to(lang).join(text.to(lang) for text in some))


def _made(to: Callable[[str], str]) -> Text:
    return Text(to("zh"), to("en"), to)


def _kept(value: object) -> object:
    """Without what an exception or the like would hold on to."""
    return value if isinstance(value, Text | str | int | float) else str(value)


def filled(pattern: str, values: Mapping[str, object], lang: str) -> str:
    """With what stands in its {blanks}: in Chinese a Latin word stands apart from those beside it."""
    if lang == "zh":
        pattern = BLANK.sub(lambda blank: _apart(blank, values), pattern)
    return pattern.format(**values)


def _apart(blank: re.Match[str], values: Mapping[str, object]) -> str:
    value = str(values.get(blank["name"], ""))
    before = " " if blank["before"] and LATIN.match(value) else ""
    after = " " if blank["after"] and LATIN.match(value[-1:]) else ""
    return f"{before}{blank[0]}{after}"


def _said(values: Mapping[str, object], lang: str) -> dict[str, object]:
    return {name: value.to(lang) if isinstance(value, Text) else value for name, value in values.items()}
