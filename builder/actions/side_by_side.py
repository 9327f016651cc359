"""One question to several at once, with the same engine: none waits for another."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from builder.actions.asking import Asker, Shown, asked
from builder.studio import Studio

Json = dict[str, Any]

FEWEST, MOST = 2, 4
NAMES = ("version", "model", "name")
LONGEST = 200
"""Characters of each of these."""
BETWEEN = 0.08
"""Seconds between two updates of the page."""


def columns(by: str, given: Any) -> list[Asker]:
    """Who is asked side by side; none where it is one alone."""
    who = Asker.read(by, given)
    found = given.get("columns") if isinstance(given, dict) else None
    asked = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    if len(asked) < FEWEST:
        return []
    chat = who.chat or secrets.token_hex(16)
    tried = [{name: str(one.get(name) or "")[:LONGEST] for name in NAMES} for one in asked[:MOST]]
    tips = [str(one.get("tip") or "") for one in asked]
    return [replace(who, chat=chat, tip=tip, tried=one) for one, tip in zip(tried, tips, strict=False)]


async def side_by_side(
    studio: Studio, askers: Sequence[Asker], text: str, files: Sequence[Json]
) -> AsyncGenerator[Mapping[int, Shown]]:
    """What is new in each column, by its place. Closing it stops all."""
    new: dict[int, Shown] = {}
    grew = asyncio.Event()

    async def ask(place: int, who: Asker) -> None:
        async with aclosing(asked(studio, who, text, files, moves=place == 0)) as states:
            async for shown in states:
                new[place] = shown
                grew.set()

    tasks = [asyncio.create_task(ask(place, who)) for place, who in enumerate(askers)]
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
