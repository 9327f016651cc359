"""The clicks of the bases' page: make a base, give it sources, correct what was read of them."""

import asyncio
import base64
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from builder.actions import Notice, pair
from builder.actions.agents import seen
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.blocks import UsesBases
from runtime.errors import BadSettings
from runtime.knowledge.index.index import Index
from runtime.knowledge.index.rows import Kept
from runtime.knowledge.sources import corrections
from runtime.knowledge.sources.base import Base, Source, Splitting
from runtime.knowledge.sources.reading_process import Bounds, pictured
from runtime.knowledge.sources.unread import said
from runtime.knowledge.sources.web import Web
from runtime.knowledge.sources.work import Progress, Work
from runtime.lang import Text
from runtime.schema import first_problem, label
from runtime.store.messages.looked_up import hits

Json = dict[str, Any]

SETTINGS = ("name", "description", "longest", "embedding", "rerank", "sees")
CUT = tuple(Splitting.model_fields)
"""Those of them that say how sources are cut."""
LATELY = 30 * 86_400
"""Seconds in which it is counted what was found."""
AT_A_TIME = 50
"""Passages."""
MOST_PAGES = 1_000_000
GLANCE = Bounds(silent=10.0, cpu=20)
"""What a page that is looked at may take."""
LOOKING = asyncio.Semaphore(2)
"""Pages that are drawn at a time."""
SAVED = Text("已保存。", "Saved.")


@needs(Permission.KNOWLEDGE_VIEW)
def overview(studio: Studio, who: Actor) -> Json:
    """Every base, with the agents that look there, of those that they may see."""
    listing = studio.bases.listing()
    users = _users(studio, who)
    return {
        "bases": [_line(studio, base, users.get(base.id, [])) for base in listing.bases],
        "broken": [{"id": id, "text": pair(why)} for id, why in listing.broken.items()],
    }


@needs(Permission.KNOWLEDGE_VIEW)
def base(studio: Studio, id: str) -> Json:
    """One, with its sources and what a form needs to change it. Raises NotFound, Unreadable."""
    found = studio.bases.tended(id)
    work = _work(studio, id)
    found_in = hits(asked_lately(studio), id, time.time() - LATELY)
    there = [one for one in found.sources if not one.going]
    return {
        "base": {"id": id, **_settings(found)},
        "schema": _schema(),
        "sources": [_source(one, work.get(one.file), found_in.get(one.file, 0)) for one in there],
    }


@needs(Permission.KNOWLEDGE_EDIT)
def create(studio: Studio, name: str) -> Json:
    """Raises BadSettings, Conflict, NotSaved."""
    taken = {one.id for one in studio.bases.listing().bases}
    wanted = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:40].strip("-") or "base"
    id, number = wanted, 1
    while id in taken:
        number += 1
        id = f"{wanted}-{number}"
    return {"id": studio.bases.create(id, name).id}


@needs(Permission.KNOWLEDGE_EDIT)
def save(studio: Studio, id: str, given: Json) -> Notice:
    """Change what it is called and how it is read. Raises BadSettings, NotFound, NotSaved."""
    chosen = {name: given[name] for name in SETTINGS if name in given}
    cut = {name: chosen.pop(name) for name in CUT if name in chosen}

    def change(base: Base) -> Base:
        try:
            splitting = {**base.splitting.model_dump(), **cut}
            return Base.model_validate({**base.model_dump(), **chosen, "splitting": splitting})
        except ValidationError as e:
            problem = first_problem(e)
            field = problem.field.rpartition(".")[2]
            name = label(Base.model_fields.get(field) or Splitting.model_fields.get(field), field)
            raise BadSettings(problem.sentence(name), field=field) from None

    studio.bases.change(id, change)
    studio.upkeep.wake(id)
    return Notice(SAVED)


@needs(Permission.KNOWLEDGE_EDIT)
@lasts(Text("正在收下文件", "Taking the file in"))
def add(studio: Studio, file: BinaryIO, base: str, name: str) -> Notice:
    """A file that somebody chose or dropped. Raises BadSettings, NotFound, NotSaved."""
    added = studio.bases.add(base, file, name)
    studio.upkeep.wake(base)
    same = Text("「{title}」已经在里面了，内容一样。", "{title!r} is there already, with the same content.")
    return Notice(same.fill(title=added.source.title) if added.state == "same" else None)


@needs(Permission.KNOWLEDGE_EDIT)
@lasts(Text("正在取网页", "Fetching the page"))
async def add_address(studio: Studio, base: str, address: str, hours: int) -> Notice:
    """Fetch a page, and again every so many hours. Raises BadSettings, NotFound, NotSaved, ToolFailed."""
    added = await Web(studio.bases, studio.egress).add(base, address, refresh=hours)
    studio.upkeep.wake(base)
    return Notice(Text("已添加「{title}」。", "Added {title!r}.").fill(title=added.source.title))


@needs(Permission.KNOWLEDGE_EDIT)
def cancel(studio: Studio, base: str, source: str) -> None:
    """Raises NotFound, StoreFailed."""
    _note(studio, base, source, Work.cancel)


@needs(Permission.KNOWLEDGE_EDIT)
def again(studio: Studio, base: str, source: str) -> None:
    """Read it anew. Raises NotFound, StoreFailed."""
    _note(studio, base, source, Work.again)
    studio.upkeep.wake(base)


@needs(Permission.KNOWLEDGE_VIEW)
def passages(studio: Studio, base: str, source: str, start: int = 0) -> Json:
    """Of one source, in their order. Raises NotFound, StoreFailed."""
    with closing(index_of(studio, base)) as index:
        found = index.passages(source, start, AT_A_TIME + 1)
    return {"passages": [_passage(one) for one in found[:AT_A_TIME]], "more": len(found) > AT_A_TIME}


@needs(Permission.KNOWLEDGE_VIEW)
@lasts(Text("正在画这一页", "Drawing the page"))
async def picture(studio: Studio, base: str, source: str, page: int) -> str | None:
    """A page as it was given, as the address of a picture; None where there is nothing to look at.

    Raises NotFound, Unreadable.
    """
    found = (await asyncio.to_thread(studio.bases.get, base)).called(source)
    if found is None or not 1 <= page <= MOST_PAGES:
        return None
    try:
        async with LOOKING:
            seen = await pictured(studio.bases.file(base, found), page, bounds=GLANCE)
    except OSError:
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(seen).decode()}" if seen else None


@needs(Permission.KNOWLEDGE_EDIT)
def edit(studio: Studio, base: str, id: int, text: str) -> Notice:
    """Another text for a passage. Raises BadSettings, NotFound, StoreFailed."""
    if not text.strip():
        empty = Text("段落不能是空的；不想用它就停用。", "A passage cannot be empty; switch it off instead.")
        raise BadSettings(empty, field="text")
    _correct(studio, base, id, lambda index: index.edit(id, text.strip()))
    return Notice(SAVED)


@needs(Permission.KNOWLEDGE_EDIT)
def switch(studio: Studio, base: str, id: int, on: bool) -> None:
    """Whether a passage is found. Raises NotFound, StoreFailed."""
    _correct(studio, base, id, lambda index: index.switch(id, on=on))


def _correct(studio: Studio, base: str, id: int, change: Callable[[Index], None]) -> None:
    """Change a passage where it is found, and write that down where the index is made from."""
    with closing(index_of(studio, base)) as index:
        source = index.passage(id).source
        change(index)
        corrections.keep(studio.bases, base, source, index.corrections(source))
    studio.upkeep.wake(base)


def asked_lately(studio: Studio) -> Path:
    """Where it stands what was asked of agents."""
    return studio.settings.data / "messages.db"


def _users(studio: Studio, who: Actor) -> Mapping[str, list[str]]:
    """By base, the names of the agents that look there."""
    users: dict[str, list[str]] = {}
    for file in seen(studio, who):
        searched = {
            base for _, block in file.agent.walk() if isinstance(block, UsesBases) for base in block.searched
        }
        for base in searched:
            users.setdefault(base, []).append(file.agent.name)
    return users


def _line(studio: Studio, base: Base, users: list[str]) -> Json:
    noted = _work(studio, base.id)
    work = [noted.get(one.file) for one in base.sources if not one.going]
    known = [one for one in work if one]
    return {
        "id": base.id,
        "name": base.name,
        "description": base.description,
        "sources": len(work),
        "passages": sum(one.passages for one in known),
        "working": len(work) - sum(one.is_settled for one in known),
        "unread": sum(bool(one.unread) for one in known),
        "used_by": users,
    }


def _source(source: Source, progress: Progress | None, times: int) -> Json:
    known = progress or Progress(source.file)
    return {
        "file": source.file,
        "title": source.title,
        "tags": list(source.tags),
        "address": source.address,
        "state": known.state,
        "page": known.page,
        "pages": known.pages,
        "passages": known.passages,
        "cost": known.cost,
        "at": known.at,
        "hits": times,
        "unread": [{"page": one.page, "text": pair(said(one))} for one in known.unread],
    }


def _passage(kept: Kept) -> Json:
    passage = kept.passage
    return {
        "id": kept.id,
        "text": passage.text,
        "headings": list(passage.headings),
        "page": passage.page,
        "answer": passage.answer,
        "on": not kept.off,
        "edited": kept.edited,
    }


def _schema() -> Json:
    """Of what a person may change, for a form: one list of fields."""
    asked = {**Base.model_json_schema()["properties"], **Splitting.model_json_schema()["properties"]}
    return {"properties": {name: asked[name] for name in SETTINGS}, "required": ["name"]}


def _settings(base: Base) -> Json:
    """What such a form shows of it."""
    return {name: getattr(base.splitting if name in CUT else base, name) for name in SETTINGS}


def index_of(studio: Studio, base: str) -> Index:
    """Raises NotFound, StoreFailed."""
    studio.bases.get_folder(base)
    return Index(studio.bases.index(base))


def _work(studio: Studio, base: str) -> Mapping[str, Progress]:
    path = studio.bases.work(base)
    if not path.exists():
        return {}
    with closing(Work(path)) as work:
        return work.all()


def _note(studio: Studio, base: str, source: str, note: Callable[[Work, str], None]) -> None:
    studio.bases.get_folder(base)
    with closing(Work(studio.bases.work(base))) as work:
        note(work, source)
