"""What is found in a base: a question that is tried, what nobody could answer, a set that is measured."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from builder.actions import Notice
from builder.actions.bases import LATELY, asked_lately, index_of
from builder.actions.lasting import lasts
from builder.actions.whose import publications_of
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.errors import BadSettings
from runtime.knowledge.search.filling import Filling
from runtime.knowledge.search.found import Wanted, Way
from runtime.knowledge.search.measured import Question, table
from runtime.knowledge.search.measured import measure as measured
from runtime.knowledge.sources.answers import FILE, alike, known
from runtime.knowledge.sources.answers import learn as keep_answer
from runtime.lang import Text
from runtime.store.messages.looked_up import unanswered as asked_in_vain
from runtime.working import tell

Json = dict[str, Any]

SHOWN = 8
"""Passages of a question that is tried."""
TOKENS = 8000
MOST_UNANSWERED = 100


@needs(Permission.KNOWLEDGE_VIEW)
@lasts(Text("正在查找", "Searching"))
async def ask(studio: Studio, base: str, question: str) -> Json:
    """What an agent would find, with how each way scored it. Raises NotFound, Unreadable."""
    rerank = (await asyncio.to_thread(studio.bases.get, base)).rerank
    began = time.monotonic()
    wanted = Wanted(top=SHOWN, tokens=TOKENS, rerank=rerank)
    result = await studio.searching.search(question, [base], wanted)
    return {
        "hits": [one.to_json() for one in result.passages],
        "fits": result.fits,
        "answer": result.answer,
        "without": list(result.without),
        "ms": round(1000 * (time.monotonic() - began)),
    }


@needs(Permission.KNOWLEDGE_VIEW)
@lasts(Text("正在测量", "Measuring"))
async def measure(studio: Studio, base: str, questions: str) -> list[Json]:
    """How well it finds: as it is set, by words alone, by meaning alone. Raises BadSettings, NotFound."""
    found = await asyncio.to_thread(studio.bases.get, base)
    asked = table(questions.encode())
    if not asked:
        raise BadSettings(Text("请至少写一个问题。", "Write one question at least."), field="questions")
    ways: list[tuple[Way, str]] = [("both", found.rerank), ("words", ""), ("vectors", "")]
    figures = []
    for n, (way, rerank) in enumerate(ways):
        told = _told(asked, n * len(asked), len(ways) * len(asked))
        found_so = await measured(studio.searching, [base], told, Wanted(way=way, rerank=rerank))
        figures.append({"way": way, **found_so.to_json()})
    return figures


def _told(questions: Sequence[Question], before: int, of: int) -> Iterator[Question]:
    """Each in its turn; how far that is, is told."""
    for n, one in enumerate(questions):
        tell(before + n, of)
        yield one


@needs(Permission.KNOWLEDGE_EDIT)
@lasts(Text("正在估算花费", "Estimating the cost"))
@unrecorded("reads a price")
async def price(studio: Studio, base: str, model: str) -> float | None:
    """US dollars for all passages to be compared by that model from now on; None: nobody knows.

    Raises NotFound, ModelFailed, StoreFailed.
    """
    with closing(await asyncio.to_thread(index_of, studio, base)) as index:
        return await Filling(studio.searching.child, studio.models.ranks).price(index, model)


@needs(Permission.CONVERSATIONS_READ, on=SOME)
def unanswered(studio: Studio, who: Actor, base: str) -> list[Json]:
    """Of real conversations that somebody may read, less those that have an answer by now. Raises NotFound,
    Unreadable, TooSlow."""
    folder = studio.bases.get_folder(base)
    answered = {alike(question) for question, _ in known(folder / "sources" / FILE)}
    asked: dict[str, Json] = {}
    within = publications_of(studio.control, who.agents(Permission.CONVERSATIONS_READ))
    for question, at in asked_in_vain(asked_lately(studio), base, time.time() - LATELY, within):
        if (key := alike(question)) and key not in answered:
            asked.setdefault(key, {"question": question, "times": 0, "at": at})["times"] += 1
    return sorted(asked.values(), key=lambda one: -one["times"])[:MOST_UNANSWERED]


@needs(Permission.KNOWLEDGE_EDIT)
def learn(studio: Studio, base: str, question: str, answer: str) -> Notice:
    """An answer for a question, each line of it another wording. Raises BadSettings, NotFound, NotSaved."""
    if not answer.strip():
        raise BadSettings(Text("请写答案。", "Write the answer."), field="answer")
    for wording in [line for line in question.splitlines() if line.strip()] or [""]:
        keep_answer(studio.bases, base, wording, answer)
    studio.upkeep.wake(base)
    return Notice(Text("记住了，几秒后就按它回答。", "Kept. From a few seconds on it is answered so."))
