"""Search bases and pasted texts: by words here, by vectors in a process of its own, both together fused."""

import asyncio
import base64
import contextlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runtime.errors import HongyanError, StoreFailed
from runtime.knowledge.index import vectors
from runtime.knowledge.index.index import Index
from runtime.knowledge.index.rows import Kept
from runtime.knowledge.search.child import ChildGone, SearchChild
from runtime.knowledge.search.found import ANY, Found, Result, Spent, Wanted
from runtime.knowledge.search.fused import Fused, fused
from runtime.knowledge.search.indexes import Indexes
from runtime.knowledge.search.likeness import same_question
from runtime.knowledge.search.question import Question, question
from runtime.knowledge.search.showing import shown, within_tokens
from runtime.knowledge.search.words import Hit, by_words
from runtime.models.ranks import Ranks
from runtime.unhurried import went_without, within

EACH_WAY = 50
"""Passages that each way brings."""
CONSIDERED = 30
"""Passages of a base that are read and compared further."""
RERANKED = 20
"""Passages that a model puts in order."""
PATIENCE = 3.0
"""Seconds that words wait for vectors; when the other process only begins, they answer alone."""
THREADS = 2
SAME_MEANING = 0.5
"""Cosine from which two questions are about the same."""


@dataclass(frozen=True)
class _Part:
    """One base, opened. `only`: numbers of the sources that are wanted; None: all of them."""

    base: str
    index: Index
    embedding: str
    rerank: str
    only: Sequence[int] | None


class Searching:
    """Used on one event loop, which it never keeps waiting."""

    def __init__(
        self,
        folder: Path | None = None,
        models: Ranks | None = None,
        child: SearchChild | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`folder`: with the bases' indexes. `patience`: see PATIENCE. Nothing is opened or started before
        it is needed."""
        self._patience = patience
        self.indexes = Indexes(folder)
        self.child = child or SearchChild()
        self._models = models
        self._threads = ThreadPoolExecutor(THREADS, "search")

    async def close(self) -> None:
        await self.child.close()
        self._threads.shutdown(wait=False)

    async def search(
        self,
        text: str,
        bases: Sequence[str] = (),
        wanted: Wanted = ANY,
        pasted: str = "",
    ) -> Result:
        """See found.Searches."""
        asked = question(text)
        missing: list[str] = []
        without: list[str] = []
        spent: list[Spent] = []
        parts: list[_Part] = []
        for base in [*dict.fromkeys(bases), *([""] if pasted else [])]:
            part = await self._off_loop(self._opened, base, wanted, pasted, without)
            if part:
                parts.append(part)
            else:
                missing.append(base)
        hits, nearest = await asyncio.gather(
            self._off_loop(self._words, parts, asked, wanted, without),
            self._nearest(asked, parts, wanted, without, spent),
        )
        parts = [part for part in parts if part.base in hits]
        found: Sequence[Found] = await self._off_loop(_merged, parts, asked, hits, nearest, wanted)
        rerank = wanted.rerank or next((part.rerank for part in parts if part.rerank), "")
        if rerank and self._models and found:
            found = await self._reranked(asked.text, found, replace(wanted, rerank=rerank), without, spent)
        answer = same_question(asked.text, found, wanted.same)
        best = found[: wanted.top]
        fits = bool(best) and max(one.fits for one in best) >= wanted.fits
        around = {part.base: part.index for part in parts}
        best = await self._off_loop(shown, best, around, wanted.around)
        return Result(within_tokens(best, wanted.tokens), fits, answer, missing, without, spent)

    async def meanings(self, texts: Sequence[str]) -> Sequence[bytes]:
        """See Searches."""
        try:
            answer = await self.child.ask({"do": "encode", "texts": list(texts)})
        except ChildGone:
            went_without()
            return ()
        return [base64.b64decode(vector) for vector in answer["vectors"]]

    async def grouped(self, texts: Sequence[str]) -> Sequence[int] | None:
        """For each the place of the first that means the same, its own where none does; None: it cannot be
        told just now."""
        try:
            answer = await self.child.ask({"do": "group", "texts": list(texts), "same": SAME_MEANING})
        except ChildGone:
            return None
        places: Sequence[int] = answer["places"]
        return places if len(places) == len(texts) else None

    def _opened(self, base: str, wanted: Wanted, pasted: str, without: list[str]) -> _Part | None:
        with self._telling(base, without):
            index = self.indexes.of_base(base) if base else self.indexes.of_text(pasted)
            if index is not None:
                models = (vectors.embedding(index), vectors.rerank(index)) if base else (vectors.NONE, "")
                return _Part(base, index, *models, index.chosen(wanted.sources, wanted.tags))
        return None

    def _words(
        self, parts: Sequence[_Part], asked: Question, wanted: Wanted, without: list[str]
    ) -> dict[str, Sequence[Hit]]:
        """By base; a base that cannot be read is not in it."""
        found: dict[str, Sequence[Hit]] = {}
        for part in parts:
            with self._telling(part.base, without), part.index.reading() as db:
                looked = wanted.way != "vectors"
                found[part.base] = by_words(db, asked, EACH_WAY, part.only) if looked else ()
        return found

    @contextlib.contextmanager
    def _telling(self, base: str, without: list[str]) -> Iterator[None]:
        """What a file refuses is told; a damaged one is made anew from its sources."""
        try:
            yield
        except StoreFailed as e:
            without.append(e.text.en)
            if e.code == "damaged" and base:
                self.indexes.forget_damaged(base)

    async def _nearest(
        self,
        asked: Question,
        parts: Sequence[_Part],
        wanted: Wanted,
        without: list[str],
        spent: list[Spent],
    ) -> Mapping[str, Sequence[tuple[int, float]]]:
        """By base. A base that is not in it is searched by words alone."""
        if wanted.way == "words" or not asked.text:
            return {}
        found: dict[str, Sequence[tuple[int, float]]] = {}
        by_model: dict[str, str] = {}
        for part in parts:
            if part.embedding == vectors.NONE:
                continue
            try:
                seconds = self._patience if part.embedding == vectors.OFFLINE else wanted.seconds
                async with within(seconds):
                    if part.embedding != vectors.OFFLINE and part.embedding not in by_model:
                        by_model[part.embedding] = await self._embedded(
                            part.embedding, asked.text, wanted, spent
                        )
                    answer = await self.child.ask({
                        "do": "nearest", "path": str(part.index.path), "text": asked.text, "only": part.only,
                        "vector": by_model.get(part.embedding), "most": EACH_WAY,
                    })  # fmt: skip
                    found[part.base] = [(int(id), float(cosine)) for id, cosine in answer["nearest"]]
            except (ChildGone, TimeoutError, HongyanError) as e:
                went_without()
                without.append(f"vectors of {part.base}: {e or type(e).__name__}")
        return found

    async def _embedded(self, model: str, text: str, wanted: Wanted, spent: list[Spent]) -> str:
        if self._models is None:
            raise ChildGone("no models")
        made = await self._models.embed(model, [text], wanted.seconds)
        spent.append(Spent(model, made.cost))
        return b64encode(made.vectors[0]).decode()

    async def _reranked(
        self, text: str, found: Sequence[Found], wanted: Wanted, without: list[str], spent: list[Spent]
    ) -> Sequence[Found]:
        assert self._models is not None
        first, rest = found[:RERANKED], found[RERANKED:]
        texts = ["\n".join(filter(None, (one.heading, one.text, one.answer))) for one in first]
        try:
            said = await self._models.rerank(wanted.rerank, text, texts, wanted.seconds)
        except HongyanError as e:
            without.append(f"rerank: {e.text.en}")
            return found
        spent.append(Spent(wanted.rerank, said.cost))
        order = dict(said.order)
        ranked = [
            replace(first[place], relevance=relevance, fits=relevance)
            for place, relevance in order.items()
            if 0 <= place < len(first)
        ]
        left_out = [one for place, one in enumerate(first) if place not in order]
        return [*ranked, *left_out, *rest]

    async def _off_loop(self, work: Any, *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)


def _merged(
    parts: Sequence[_Part],
    asked: Question,
    hits: Mapping[str, Sequence[Hit]],
    nearest: Mapping[str, Sequence[tuple[int, float]]],
    wanted: Wanted,
) -> list[Found]:
    """Each base's in its order; of several bases in one, where the first of a base that fits badly is not
    the first of all."""
    found: list[Found] = []
    for part in parts:
        order = fused(asked, hits[part.base], nearest.get(part.base))[: max(CONSIDERED, wanted.top)]
        kept = {one.id: one for one in part.index.several([one.id for one in order])}
        found += [_found(part.base, kept[one.id], one) for one in order if one.id in kept]
    return found if len(parts) < 2 else sorted(found, key=lambda one: -one.score * (0.5 + one.fits))


def _found(base: str, kept: Kept, one: Fused) -> Found:
    passage = kept.passage
    return Found(
        base, kept.id, kept.source, kept.title, passage.heading, passage.page, passage.text,
        round(one.score, 4), round(one.fits, 3), _rounded(one.share), _rounded(one.cosine), None,
        passage.answer,
    )  # fmt: skip


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
