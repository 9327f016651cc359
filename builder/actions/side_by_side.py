"""One question to several at once, with the same engine: none waits for another."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from builder.actions.asking import Asker, Shown, asked
from builder.actions.chats import kept_of
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.errors import HongyanError

Json = dict[str, Any]

FEWEST, MOST = 2, 4
NAMES = ("version", "model", "name")
LONGEST = 200
"""Characters of each of these."""
BETWEEN = 0.08
"""Seconds between two updates of the page."""

Question = tuple[Asker, str, Sequence[Json]]
"""Who is asked, where; the text and its files."""


def columns(by: Actor, given: Any) -> list[Asker]:
    """Who is asked side by side; none where it is one alone."""
    who = Asker.read(by, given)
    asked = read(given.get("columns") if isinstance(given, dict) else None)
    chat = who.chat or secrets.token_hex(16)
    return [
        replace(who, chat=chat, tip=one["tip"], tried={name: one[name] for name in NAMES}, several=True)
        for one in asked
    ]


def kept_columns(studio: Studio, by: Actor, who: Asker) -> list[Asker]:
    """Those that answered side by side when that chat was left."""
    try:
        chat = kept_of(studio, who.by, who.agent).find(who.chat)
    except HongyanError:
        return []
    given = {**vars(who), "columns": chat.columns}
    return columns(by, given)


def read(found: Any) -> list[Json]:
    """Columns as a page tells them: {version, model, name, tip} each; none where they are too few."""
    given = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    if len(given) < FEWEST:
        return []
    return [{name: str(one.get(name) or "")[:LONGEST] for name in (*NAMES, "tip")} for one in given[:MOST]]


def left(studio: Studio, askers: Sequence[Asker], chat: str, tips: Mapping[int, str]) -> None:
    """The chat is left with these, each where it stands: several side by side, or one alone."""
    told = read([{**one.tried, "tip": tips.get(at, one.tip)} for at, one in enumerate(askers)])
    with contextlib.suppress(HongyanError):  # then it opens as it was before
        kept_of(studio, askers[0].by, askers[0].agent).compare(chat, told)


async def side_by_side(studio: Studio, questions: Sequence[Question]) -> AsyncGenerator[Mapping[int, Shown]]:
    """What is new in each column, by its place. Closing it stops all."""
    new: dict[int, Shown] = {}
    grew = asyncio.Event()

    async def ask(place: int, who: Asker, text: str, files: Sequence[Json]) -> None:
        async with aclosing(asked(studio, who, text, files, moves=place == 0)) as states:
            async for shown in states:
                new[place] = shown
                grew.set()

    tasks = [asyncio.create_task(ask(place, *one)) for place, one in enumerate(questions)]
    for task in tasks:
        task.add_done_callback(lambda _: grew.set())
    try:
        while not all(task.done() for task in tasks):
            await grew.wait()
            grew.clear()
            yield _taken(new)
            await asyncio.wait(tasks, timeout=BETWEEN)
        for task in tasks:
            task.result()
        yield _taken(new)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _taken(new: dict[int, Shown]) -> Mapping[int, Shown]:
    found = dict(new)
    new.clear()
    return found
