"""What a model is given of files: all of them if they are short, else the passages that fit the question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime.knowledge.reading import Section
from runtime.knowledge.search.indexes import PASTED, Indexes
from runtime.knowledge.search.question import question as searched
from runtime.knowledge.search.words import by_words
from runtime.models.context_window import tokens

LEAST = 400
"""Tokens of a file that is asked about with others, however many they are."""
CANDIDATES = 40
"""Passages of one file that are looked at."""
MOST_INDEXES = 16
MOST_PASSAGES = 100_000
DEEPEST = 5
"""Levels of headings that are written as such."""
GAP = "\n…\n"


@dataclass(frozen=True)
class Fitting:
    text: str
    is_whole: bool


class Passages:
    """Thread-safe; off the loop: a long text takes a second when it is first asked about."""

    def __init__(self) -> None:
        self._indexes = Indexes(None, MOST_INDEXES)

    def fitting(self, texts: Sequence[str], question: str, most: int) -> list[Fitting]:
        """Of each text what fits into `most` tokens of all of them together, the first first."""
        found, left = list[Fitting](), most
        for place, text in enumerate(texts):
            others = len(texts) - place - 1
            share = max(min(LEAST, left), left - others * LEAST) if others else left
            one = self._one(text, question, share)
            found.append(one)
            left = max(0, left - tokens(one.text))
        return found

    def _one(self, text: str, question: str, most: int) -> Fitting:
        if tokens(text) <= most:
            return Fitting(text, is_whole=True)
        index = self._indexes.of_text(text)
        passages = index.passages(PASTED, count=MOST_PASSAGES)
        with index.reading() as db:
            best = by_words(db, searched(question), CANDIDATES)
        place = {kept.id: number for number, kept in enumerate(passages)}
        chosen = set[int]()
        for number in [*(place[one.id] for one in best), *([] if best else range(len(passages)))]:
            size = tokens(passages[number].passage.whole) + 2
            if size > most:
                break
            chosen.add(number)
            most -= size
        whole = (passages[number].passage.whole for number in sorted(chosen))
        return Fitting(GAP.join(whole), is_whole=False)


def written(sections: Sequence[Section]) -> str:
    """As one text, with pages and headings as headings, so that each passage tells where it stands."""
    return "\n\n".join(_parts(sections))


def _parts(sections: Sequence[Section]) -> Iterator[str]:
    page: int | None = None
    above: tuple[str, ...] = ()
    for section in sections:
        if section.page is not None and section.page != page:
            page, above = section.page, ()
            yield f"# 第 {page} 页 / page {page}"
        for level, heading in enumerate(section.headings[:DEEPEST]):
            if section.headings[: level + 1] != above[: level + 1]:
                yield f"{'#' * (level + 2)} {' '.join(heading.split())}"
        above = section.headings
        if section.text.strip():
            yield section.text.strip()
