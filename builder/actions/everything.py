"""Search over everything there is: what the words are found in, and where that is opened.

Each kind is told only to whoever may see it, and no more than a few of it. What a block holds is searched but
never told: a found line says names alone, so that a pasted key is on no list.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote

from builder.actions import manual, pair
from builder.actions.agents import seen
from builder.actions.publish_path import publish_path
from builder.actions.whose import publications_of
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.blocks import Block
from runtime.channels import registry
from runtime.errors import HongyanError
from runtime.knowledge.sources.base import Base
from runtime.lang import as_it_is
from runtime.store.messages.beside import is_there
from runtime.store.messages.insights import Insights, Wanted
from runtime.store.messages.people_list import PeopleList

Json = dict[str, Any]
MOST = 6
"""Of each kind."""
LONGEST = 100
"""Characters that are searched for."""
SHOWN = 80
"""Characters of a line."""
SECONDS = 2.0
"""That a look into the conversations may take."""
DAYS = 90


@dataclass(frozen=True)
class Hit:
    """`to`: its address below the builder's root. `rank`: 0 where its name begins with the words."""

    kind: str
    title: dict[str, str]
    hint: dict[str, str]
    to: str
    rank: int = field(default=0)


@dataclass(frozen=True)
class Words:
    """What is searched for: each of the words has to be there, in any order."""

    words: tuple[str, ...]

    def rank(self, title: str, more: str = "") -> int | None:
        """None: it is not meant."""
        name = title.lower()
        whole = f"{name}\n{more.lower()}"
        if not all(word in whole for word in self.words):
            return None
        if name.startswith(self.words[0]):
            return 0
        return 1 if all(word in name for word in self.words) else 2

    def hit(self, kind: str, title: str, hint: str, to: str, more: str = "") -> Hit | None:
        rank = self.rank(title, f"{hint}\n{more}")
        return None if rank is None else Hit(kind, _line(title), _line(hint), to, rank)


@needs(Permission.AGENTS_VIEW, on=SOME)
def find(studio: Studio, who: Actor, text: str, lang: str) -> list[Json]:
    """The best of each kind, kind by kind; nothing for no words."""
    words = Words(tuple(text[:LONGEST].lower().split()))
    if not words.words:
        return []
    return [
        asdict(hit)
        for permission, kind in KINDS
        if who.may_somewhere(permission)
        for hit in _best(kind(studio, who, words, lang))
    ]


@needs(Permission.CONVERSATIONS_READ, on=SOME)
@recorded("")
def find_said(studio: Studio, who: Actor, text: str) -> list[Json]:
    """People by the name that their platform tells, and what was written of late, to agents whose
    conversations they may read. Raises StoreFailed."""
    wanted = text[:LONGEST].strip()
    messages = studio.settings.data / "messages.db"
    if not wanted or not is_there(messages):
        return []
    within = publications_of(studio.control, who.agents(Permission.CONVERSATIONS_READ))
    if within is not None and not within:
        return []
    people = PeopleList(messages).named(wanted, MOST, within)
    found = [
        _said("people", one.name or _unnamed(one.publication, one.sender), "", one.seq) for one in people
    ]
    now = time.time()
    asked = Wanted(now - DAYS * 86_400, now, tuple(within or ()), text=wanted)
    lines = Insights(messages, SECONDS).find(asked, MOST).lines

    said = [
        _said("conversations", str(line["text"]), _unnamed(line["publication"], line["sender"]), line["seq"])
        for line in lines
    ]
    return [asdict(hit) for hit in (*found, *said)]


def _said(kind: str, title: str, hint: str, seq: int) -> Hit:
    return Hit(kind, _line(title), _line(hint), f"insights/conversation?id={seq}")


def _unnamed(publication: str, sender: str) -> str:
    """A name that stays the same and gives nothing away, as the insights show it."""
    return f"#{hashlib.sha256(f'{publication} {sender}'.encode()).hexdigest()[:6]}"


def _best(found: Iterator[Hit | None]) -> Sequence[Hit]:
    return sorted((hit for hit in found if hit), key=lambda hit: hit.rank)[:MOST]


def _agents(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for file in seen(studio, who):
        agent = file.agent
        to = f"build?agent={quote(agent.id)}"
        yield words.hit("agents", agent.name, agent.description, to, agent.id)


def _blocks(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for file in seen(studio, who):
        for path, block in file.agent.walk():
            title = block.title or block.about.title.to(lang)
            to = f"build?agent={quote(file.agent.id)}&at={path}"
            hint = f"{file.agent.name} · {block.about.title.to(lang)}"
            yield words.hit("blocks", title, hint, to, f"{block.id}\n{_own(block)}")


def _own(block: Block) -> str:
    """All that stands in the block itself, without the flows in it."""
    data = block.model_dump(mode="json", exclude_defaults=True)
    return "\n".join(islice(_strings(data), 500))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("flow", "otherwise", "type", "id"):
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _prompts(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for one in studio.prompts.templates(lang):
        yield words.hit("prompts", one.title, one.description, f"prompts?prompt={quote(one.id)}", one.text)


def _bases(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for base in studio.bases.listing().bases:
        to = f"bases?base={quote(base.id)}"
        yield words.hit("bases", base.name, base.description, to, base.id)
        yield from _sources(base, words, to)


def _sources(base: Base, words: Words, to: str) -> Iterator[Hit | None]:
    for source in base.sources:
        yield words.hit("sources", source.title, base.name, to, source.file)


def _models(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for one in studio.control.endpoints():
        yield words.hit("models", one.name, ", ".join(one.models), "models")


def _publications(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for one in studio.control.publications():
        if not (one.enabled and who.may(Permission.AGENTS_VIEW, one.agent)):
            continue
        kind = registry().get(one.channel)
        title = kind.about.title.to(lang) if kind else one.channel
        name = _name_of(studio, one.agent)
        yield words.hit("publications", f"{name} · {title}", one.id, publish_path(one))


def _name_of(studio: Studio, agent: str) -> str:
    try:
        return studio.library.get(agent).agent.name
    except HongyanError:
        return agent


def _manual(studio: Studio, who: Actor, words: Words, lang: str) -> Iterator[Hit | None]:
    for one in manual.sections(lang):
        hint = "" if one.title == one.page else one.page
        yield words.hit("docs", one.title, hint, f"manual/{one.name}#{one.anchor}", one.text)


KINDS: tuple[tuple[Permission, Callable[[Studio, Actor, Words, str], Iterator[Hit | None]]], ...] = (
    (Permission.AGENTS_VIEW, _agents),
    (Permission.AGENTS_VIEW, _blocks),
    (Permission.AGENTS_VIEW, _prompts),
    (Permission.KNOWLEDGE_VIEW, _bases),
    (Permission.MODELS_VIEW, _models),
    (Permission.AGENTS_VIEW, _publications),
    (Permission.AGENTS_VIEW, _manual),
)


def _line(text: str) -> dict[str, str]:
    line = " ".join(text.split())
    return pair(as_it_is(line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"))
