"""What the playground's events do: each is a thin way from Gradio's to builder/actions."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import gradio as gr

from builder.actions import playground
from builder.actions.asking import Asker, Shown, asked, shown
from builder.actions.chat_events import Going, again, back, liked, otherwise
from builder.actions.sent_files import checked
from builder.actions.side_by_side import MOST, columns, side_by_side
from builder.inert_chat import as_written
from builder.studio import Studio
from runtime.access.actor import OWNER
from runtime.newest import Newest

Json = dict[str, Any]
Row = tuple[Any, ...]
"""Four chats, their heads, what was used, what stands beside, where the chat stands."""

WINDOWS = 1_000
"""Whose turns are told apart."""


class Handlers:
    """`given`: what the page says beside each event, see asking.Asker; `place`: where the chat stands, which
    the server itself remembers of the window: what a page was told may come after the next question."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._turns = Newest[str, asyncio.Lock](WINDOWS)

    async def ask(
        self, text: str, files: Any, at: str | None, place: Any, given: Any, request: gr.Request
    ) -> AsyncGenerator[Row]:
        """`at`: the turn after which it is asked; None: where the chat stands. What is written while an
        answer is under way is asked behind it."""
        rows = _rows(self._studio, _by(request), text.strip(), checked(files), at, _placed(given, place))
        async with self._turns.of(str(request.session_hash), asyncio.Lock), aclosing(rows):
            async for row in rows:
                yield row

    def restore(self, given: Any, request: gr.Request) -> Row:
        """The chat as it is kept, where the page wants it."""
        if several := columns(_by(request), given):
            return _row({at: shown(self._studio, one) for at, one in enumerate(several)}, {}, several=True)
        return _row({0: shown(self._studio, Asker.read(_by(request), given))}, {})

    def rewind(self, given: Any, place: Any, event: gr.RetryData, request: gr.Request) -> Going:
        return again(self._studio, _asker(given, place, request), event.index)

    def edit(self, given: Any, place: Any, event: gr.EditData, request: gr.Request) -> Going:
        words = as_written(str(event.value))
        return otherwise(self._studio, _asker(given, place, request), event.index, words)

    def undo(self, given: Any, place: Any, request: gr.Request) -> Row:
        """The box gets the question again."""
        before, line = back(self._studio, _asker(given, place, request))
        return (line, *_row({0: shown(self._studio, before)}, {}))

    def like(self, given: Any, place: Any, event: gr.LikeData, request: gr.Request) -> Any:
        who = _asker(given, place, request)
        told = liked(self._studio, who, event.index, event.liked)
        return gr.update(rated={**told, "chat": who.chat, "at": time.time()})

    def opening(self, request: gr.Request) -> Any:
        asked = request.query_params
        lines = playground.suggestions(self._studio, asked.get("agent", ""), asked.get("version", ""))
        return gr.update(examples=[{"text": line} for line in lines])


def _by(request: gr.Request) -> str:
    return request.username or OWNER.id


def _asker(given: Any, place: Any, request: gr.Request) -> Asker:
    return Asker.read(_by(request), _placed(given, place))


def _placed(given: Any, place: Any) -> Json:
    """What the page says, where the chat really stands: {chat, tips: a turn for each column}."""
    told, at = dict(given or {}), place or {}
    tips: Mapping[int, str] = at.get("tips", {})
    asked = told.get("columns")
    columns = [dict(one) for one in asked if isinstance(one, dict)] if isinstance(asked, list) else []
    placed = [{**one, "tip": tips.get(number, one.get("tip", ""))} for number, one in enumerate(columns)]
    return {**told, "chat": at.get("chat", ""), "tip": tips.get(0, ""), "columns": placed}


async def _rows(
    studio: Studio, by: str, text: str, files: list[Json], at: str | None, given: Any
) -> AsyncGenerator[Row]:
    """A question and what becomes of it, as the page's parts show it."""
    if not text and not files:
        return
    who = Asker.read(by, {**given, **({} if at is None else {"tip": at})})
    place: Json = {}
    if several := columns(by, given) if at is None else []:
        place["tips"] = {number: one.tip for number, one in enumerate(several)}
        async with aclosing(side_by_side(studio, several, text, files)) as found:
            async for new in found:
                yield _row(new, place, several=True)
    else:
        async with aclosing(asked(studio, who, text, files)) as states:
            async for state in states:
                yield _row({0: state}, place)


def _row(new: Mapping[int, Shown], place: Json, *, several: bool = False) -> Row:
    """`new`: what is to be shown, by its place; where it stands is written into `place`."""
    said = [_said(new[at]) if at in new else gr.skip() for at in range(MOST)]
    heads = [_head(new[at]) if several and at in new else gr.skip() for at in range(MOST)]
    first: Shown | None = new.get(0)
    usage = gr.skip() if first is None or first.usage is None else first.usage
    told = gr.skip() if first is None or first.result is None else gr.update(result=first.result)
    for at, state in new.items():
        if state.result and "tip" in state.result:
            place["chat"] = state.result["chat"]
            place["tips"] = {**place.get("tips", {}), at: state.result["tip"]}
    return (*said, *heads, usage, told, dict(place))


def _said(state: Shown) -> Any:
    if state.ratings is None:
        return state.said
    return gr.update(value=state.said, feedback_value=state.ratings)


def _head(state: Shown) -> Any:
    told = state.result or {}
    names = ("chat", "tip", "events", "over", "chosen")
    return gr.update(shown={**{name: told[name] for name in names if name in told}, "usage": state.usage})
