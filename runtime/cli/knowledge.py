"""Knowledge bases: sources in, out, and read. What is printed is a contract: one JSON line a thing."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from runtime import child_process
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.paying import Paying
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, Conflict, HongyanError, ModelFailed, NotFound
from runtime.knowledge.index.index import Index
from runtime.knowledge.search.child import ChildGone, SearchChild
from runtime.knowledge.search.filling import Filling
from runtime.knowledge.sources.base import Base, Source
from runtime.knowledge.sources.bases import Added, Bases
from runtime.knowledge.sources.deleting import start_removing
from runtime.knowledge.sources.indexing import Indexing, Tell
from runtime.knowledge.sources.pictures import Eyes
from runtime.knowledge.sources.unread import said
from runtime.knowledge.sources.web import Web, is_address
from runtime.knowledge.sources.work import Progress, Work
from runtime.lang import Text, joined
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.settings import Settings
from runtime.store.messages.messages import Messages
from runtime.store.messages.spending import Spending

Json = dict[str, object]
MEMORY = 2 << 30
"""Bytes of data of a process that a running program starts for it."""
NO_FILE = Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).")
BUSY = Text(
    "另一个进程正在读「{id}」，等一下再来。",
    "Another process reads {id!r} just now; it is looked at again later.",
)
UNREAD = Text("「{title}」没有读出来：{why}", "{title!r} was not read: {why}")


@needs(Permission.KNOWLEDGE_EDIT)
def add(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a source, once it is read. Raises NotFound, BadSettings, NotSaved for the first that fails,
    after the others are."""
    bases, wrong, given = Bases(settings.home), list[HongyanError](), dict[str, Added]()
    if not (bases.folder(options.base) / "base.json").exists():
        bases.create(options.base)
    for file in options.files:
        try:
            added = _kept(bases, settings, options, file)
            given.setdefault(added.source.file, added)
        except HongyanError as e:
            wrong.append(e)
    told = set[str]()

    def tell(source: Source, progress: Progress) -> None:
        told.add(source.file)
        added: Json = {"added": given[source.file].state} if source.file in given else {}
        say({"base": options.base, **_source(source, progress), **added})
        if progress.state == "failed":
            why = joined(map(said, progress.unread), Text("", " "))
            wrong.append(BadSettings(UNREAD.fill(title=source.title, why=why), field="FILE"))

    _indexed(bases, settings, [options.base], tell)
    known = _progress(bases, options.base)
    for file, added in given.items():
        if file not in told:  # there was nothing to read: it is the same
            tell(added.source, known.get(file) or Progress(file))
    if wrong:
        raise wrong[0]


@needs(Permission.KNOWLEDGE_VIEW)
def list_all(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, Unreadable."""
    bases = Bases(settings.home)
    if options.base:
        base = bases.tended(options.base)
        known = _progress(bases, base.id)
        for source in base.sources:
            if not source.going:
                say({"base": base.id, **_source(source, known.get(source.file) or Progress(source.file))})
        return
    listing = bases.listing()
    for base in listing.bases:
        known = _progress(bases, base.id)
        passages = sum(one.passages for one in known.values())
        say({"base": base.id, "name": base.name, "sources": len(base.sources), "passages": passages})
    for id, text in listing.broken.items():
        say({"base": id, "error": text.by_language()})


@needs(Permission.KNOWLEDGE_EDIT)
def remove(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Aside, as on the page, or for good. Raises NotFound, NotSaved."""
    bases = Bases(settings.home)
    for_good = bool(options.for_good)
    source, _ = start_removing(bases, options.base, options.source, for_good=for_good, by=who.id)
    _indexed(bases, settings, [options.base], lambda _, __: None)
    say({"base": options.base, "source": source.file, "removed": True, "for_good": for_good})


@needs(Permission.KNOWLEDGE_EDIT)
def index(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a source that was read, in one base or in all."""
    if options.under:
        child_process.settle(options.under, MEMORY)
    bases = Bases(settings.home)
    ids = [options.base] if options.base else [base.id for base in bases.listing().bases]
    for id in ids:
        for file in _progress(bases, bases.get(id).id) if options.anew else ():
            with closing(Work(bases.work(id))) as work:
                work.again(file)
        if not _indexed(bases, settings, [id], partial(_tell, id), waits=not options.under):
            raise Conflict(BUSY.fill(id=id))


def _tell(id: str, source: Source, progress: Progress) -> None:
    say({"base": id, **_source(source, progress)})


def _kept(bases: Bases, settings: Settings, options: argparse.Namespace, file: str) -> Added:
    """A source as it was given. Raises NotFound, BadSettings, NotSaved, ToolFailed."""
    if is_address(file):
        return asyncio.run(_fetched(bases, settings, options, file))
    try:
        with Path(file).open("rb") as content:
            return bases.add(options.base, content, Path(file).name, options.tags)
    except OSError as e:
        raise NotFound(NO_FILE.fill(file=file, why=e.strerror), field="FILE") from None


async def _fetched(bases: Bases, settings: Settings, options: argparse.Namespace, address: str) -> Added:
    egress = Egress(settings.egress_allow, proxy=settings.proxy)
    try:
        return await Web(bases, egress).add(options.base, address, options.tags, options.refresh)
    finally:
        await egress.close()


def _indexed(bases: Bases, settings: Settings, ids: Sequence[str], tell: Tell, *, waits: bool = True) -> bool:
    """Whether it was done; by another process it is, when that is not waited for."""
    return asyncio.run(_index(bases, settings, ids, tell, waits))


async def _index(bases: Bases, settings: Settings, ids: Sequence[str], tell: Tell, waits: bool) -> bool:
    control = control_of(settings)
    models = RoutedModels(control, policy=control.policy)
    messages = Messages(settings.data / "messages.db")
    paying = Paying(models, Spending(messages.database))
    egress = Egress(settings.egress_allow, proxy=settings.proxy)
    child = SearchChild()
    filling = Filling(child, paying)

    async def fill(base: Base, index: Index) -> None:
        """Without vectors a base is searched by words."""
        try:
            await filling.run(index, base.embedding, base.rerank)
        except (ChildGone, ModelFailed) as e:
            sys.stderr.write(f"{base.id}: {e}\n")

    try:
        await paying.load()
        indexing = Indexing(bases, Eyes(paying), usual=control.usual_models().of("seeing"), then=fill)
        for id in ids:
            await Web(bases, egress).refresh(id)
            if not await indexing.run(id, tell, waits=waits):
                return False
        return True
    finally:
        await child.close()
        await models.close()
        messages.close()
        await egress.close()


def _progress(bases: Bases, id: str) -> dict[str, Progress]:
    if not bases.work(id).exists():
        return {}
    with closing(Work(bases.work(id))) as work:
        return work.all()


def _source(source: Source, progress: Progress) -> Json:
    unread = [{"page": one.page, "why": one.why, "says": said(one).by_language()} for one in progress.unread]
    line: Json = {
        "source": source.file,
        "title": source.title,
        "state": progress.state,
        "kind": progress.kind,
        "pages": progress.pages,
        "passages": progress.passages,
    }
    if source.tags:
        line["tags"] = list(source.tags)
    if source.address:
        line["address"] = source.address
    if progress.state == "reading":
        line["page"] = progress.page
    if progress.cost:
        line["cost"] = progress.cost
    return {**line, "unread": unread} if unread else line
