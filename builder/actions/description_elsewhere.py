"""A description that grows on one instance, as the others see it: how far it is, and that it is to stop."""

import asyncio
import contextlib
import time
from typing import Any

from builder.actions.description import Described
from builder.studio import Studio
from runtime.errors import HongyanError
from runtime.testing.under_way import UnderWay

PAUSE = 0.5
"""Seconds between two words of how far it is."""

Json = dict[str, Any]


def under_way(studio: Studio, id: str) -> UnderWay:
    """Raises NotFound."""
    return UnderWay(studio.settings.data / "describing" / "now", id)


def elsewhere(studio: Studio, id: str) -> Json | None:
    """What another instance is at; None where that is nothing. Raises NotFound."""
    told = under_way(studio, id).how_far()
    return told if told and not told.get("over") else None


async def telling(one: Described, going: UnderWay) -> None:
    """Says how far it is until it is cancelled, and ends the turn where somebody elsewhere wants that."""
    began = time.time()
    while True:
        with contextlib.suppress(HongyanError):  # a full disk: others see less
            await asyncio.to_thread(going.tell, {**shown(one), "began": began})
            is_to_stop = await asyncio.to_thread(going.is_to_stop, began)
            if is_to_stop and one.task:
                one.task.cancel()
        await asyncio.sleep(PAUSE)


async def finished(one: Described) -> None:
    """Others may begin."""
    if one.going:
        await asyncio.to_thread(one.going.end, {**shown(one), "over": True})


def shown(one: Described) -> Json:
    return {"asking": one.asking, "text": one.text, "doing": one.doing}
