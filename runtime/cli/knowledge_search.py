"""Knowledge bases: searched, and measured. What is printed is a contract: one JSON object a line."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound
from runtime.knowledge.search.found import Wanted
from runtime.knowledge.search.measured import measure, table
from runtime.knowledge.search.searching import Searching
from runtime.knowledge.sources.bases import Bases
from runtime.lang import Text
from runtime.models.routed import RoutedModels
from runtime.settings import Settings
from runtime.unhurried import LOADING

T = TypeVar("T")

LARGEST = 10 << 20
"""Bytes of a file with questions."""
NOT_READ = Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).")
NOT_INDEXED = Text(
    "资料库「{base}」还没有可查的内容，先用 python app.py knowledge add {base} 文件 加入资料。",
    "There is nothing to search in {base!r} yet: python app.py knowledge add {base} FILE.",
)


@needs(Permission.KNOWLEDGE_VIEW)
def search(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A line a passage, best first. Raises NotFound, Unreadable."""
    base = _base(settings, options.base)
    wanted = Wanted(top=options.top, tokens=1_000_000)
    result = _searched(settings, lambda searching: searching.search(options.query, [base], wanted))
    for one in result.passages:
        say({**one.to_json(), "found": result.fits})
    for why in result.without:
        sys.stderr.write(f"{why}\n")


@needs(Permission.KNOWLEDGE_VIEW)
def test(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """hit@1, hit@3 and MRR of a table of questions. Raises NotFound, BadSettings, Unreadable."""
    base, path = _base(settings, options.base), Path(options.questions)
    try:
        if path.stat().st_size > LARGEST:
            raise BadSettings(NOT_READ.fill(file=str(path), why=f"> {LARGEST >> 20} MB"), field="QUESTIONS")
        asked = table(path.read_bytes())
    except OSError as e:
        raise NotFound(NOT_READ.fill(file=str(path), why=e.strerror), field="QUESTIONS") from None
    measured = _searched(settings, lambda searching: measure(searching, [base], asked))
    say({"base": base, **measured.to_json()})


def _base(settings: Settings, id: str) -> str:
    bases = Bases(settings.home)
    base = bases.get(id).id
    if not bases.index(base).exists():
        raise NotFound(NOT_INDEXED.fill(base=base), field="BASE")
    return base


def _searched(settings: Settings, work: Callable[[Searching], Awaitable[T]]) -> T:
    return asyncio.run(_search(settings, work))


async def _search(settings: Settings, work: Callable[[Searching], Awaitable[T]]) -> T:
    models = RoutedModels(control_of(settings))
    searching = Searching(settings.data / "knowledge", models.ranks, patience=LOADING)
    try:
        return await work(searching)
    finally:
        await searching.close()
        await models.close()
