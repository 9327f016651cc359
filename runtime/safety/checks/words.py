"""Listed words, also disguised."""

import functools
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from runtime.errors import HongyanError, NotFound, Wrong
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.safety.checks import Finding, Streaming, Uses
from runtime.safety.words.lists import LONGEST, NO_LIST, read
from runtime.safety.words.matching import Matcher
from runtime.schema import About, setting

Word = Annotated[str, Field(min_length=1, max_length=LONGEST)]
NOT_READY = Text(
    "词表还在准备，马上就好。", "The word lists are still being prepared; it will not take long."
)
NOTHING = Text("选一个词表，或写几个词", "choose a list, or write words")


class Words(Streaming):
    """By lists that are files, and by words of the agent's own."""

    about: ClassVar[About] = About(
        Text("词表", "Word lists"),
        Text(
            "列出的词，也认得出空格、全角、谐音、拼音、形近字和繁体",
            "Listed words, also with spaces, in full width, as homophones, pinyin, look-alikes",
        ),
        "list",
    )
    type: Literal["words"]
    lists: list[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]] = setting(
        [],
        title=Text("词表", "Lists"),
        hint=Text("词表在「内容安全」页；basic 是自带的", "See the Safety page; basic is given"),
        widget="words",
        max_length=20,
    )
    words: list[Word] = setting(
        [],
        title=Text("另外的词", "More words"),
        hint=Text("前面加 ! 的是例外，不算", "With ! before it, one is an exception"),
        widget="words",
        max_length=500,
    )

    @model_validator(mode="after")
    def _has_words(self) -> "Words":
        if not self.lists and not self.words:
            raise Wrong(NOTHING, "lists")
        try:
            list(read("\n".join(self.words)))
        except HongyanError as e:
            raise Wrong(e.text.bare(), "words") from None
        return self

    def found(self, text: str, uses: Uses) -> Sequence[Finding]:
        return [Finding(one.start, one.end, one.word) for one in self._matcher(uses).find(text)]

    def settled(self, text: str, uses: Uses) -> int:
        return self._matcher(uses).settled(text)

    def _matcher(self, uses: Uses) -> Matcher:
        if not self.lists:
            return _own(tuple(self.words))
        if uses.lists is None:
            raise NotFound(NO_LIST.fill(name=", ".join(self.lists)))
        key = self._key
        if key not in uses.compiled:
            uses.compiled[key] = uses.lists.matcher(*key)
        found: Matcher | None = uses.compiled[key]
        if found is None:
            raise NotFound(NOT_READY)
        return found

    async def ready(self, uses: Uses, seconds: float) -> None:
        """With the lists as they are now, or else as they were before they were changed."""
        if not self.lists:
            await off_loop(self._matcher, uses)
        elif uses.lists is not None and self._key not in uses.compiled:
            uses.compiled[self._key] = await uses.lists.in_force(*self._key, seconds)

    @property
    def _key(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(self.lists), tuple(self.words)


@functools.lru_cache(maxsize=100)
def _own(words: tuple[str, ...]) -> Matcher:
    return Matcher(read("\n".join(words)))


CHECK = Words
