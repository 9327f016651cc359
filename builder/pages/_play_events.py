"""What the playground's events do: each is a thin way from Gradio's to builder/actions.

What is asked comes with the event that asks it, and never by way of something that the next one would
overwrite; what it comes to is shown while it grows, line behind line (see actions/window.py).
"""

import functools
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import gradio as gr

from builder.actions import playground
from builder.actions.asking import Asker, Shown, asked, shown
from builder.actions.chat_events import Asked, again, asked_then, back, before, liked, otherwise
from builder.actions.sent_files import checked, shown_message
from builder.actions.side_by_side import MOST, Question, columns, kept_columns, left, side_by_side
from builder.actions.window import View, Window
from builder.inert_chat import as_written
from builder.studio import Studio
from runtime.access.actor import NOBODY, Actor
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.newest import Newest
from runtime.off_loop import off_loop

Json = dict[str, Any]
Row = tuple[Any, ...]
"""Four chats, their heads, what was used, what stands beside."""
Rows = AsyncGenerator[Row]

WINDOWS = 1_000
"""That are told apart."""
LONGEST_LINE = 100_000
"""Characters of what is asked."""


def streamed(begin: Callable[..., Rows]) -> Callable[..., Rows]:
    """As Gradio wants a function whose rows it shows one by one."""

    @functools.wraps(begin)
    async def stream(*given: Any) -> Rows:
        async with aclosing(begin(*given)) as rows:
            async for row in rows:
                yield row

    return stream


class Handlers:
    """`given`: what the page says beside each event, see asking.Asker, and the id of the line.

    `at`: the place of the column whose event it is.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._users = Users(studio.control)
        self._windows = Newest[str, Window](WINDOWS)

    @streamed
    def ask(self, written: Any, given: Any, request: gr.Request) -> Rows:
        """What stands in the box; another way from the question that is rewritten, if one is."""
        text, files = _line(written["text"]), checked(written["files"])

        def questions(askers: Sequence[Asker], placed: Json) -> Sequence[Question]:
            number = placed.get("rewrites")
            return [(before(self._studio, one, number), text, files) for one in askers]

        return self._rows(questions, given, request)

    @streamed
    def choose(self, given: Any, event: gr.SelectData, request: gr.Request) -> Rows:
        return self._say(event.value["text"], given, request)

    @streamed
    def tap(self, given: Any, event: gr.SelectData, request: gr.Request) -> Rows:
        return self._say(event.value, given, request)

    @streamed
    def play(self, given: Any, request: gr.Request) -> Rows:
        return self._say((given or {}).get("line", ""), given, request)

    @streamed
    def again_all(self, given: Any, request: gr.Request) -> Rows:
        """The last question once more, in each column."""

        def questions(askers: Sequence[Asker], _: Json) -> Sequence[Question]:
            found = [back(self._studio, one) for one in askers]
            return [(stands, *line) for stands, line in found]

        return self._rows(questions, given, request)

    def again(self, at: int) -> Callable[..., Rows]:
        @streamed
        def handler(given: Any, event: gr.RetryData, request: gr.Request) -> Rows:
            return self._one(at, lambda who: again(self._studio, who, event.index), given, request)

        return handler

    def edit(self, at: int) -> Callable[..., Rows]:
        @streamed
        def handler(given: Any, event: gr.EditData, request: gr.Request) -> Rows:
            words = as_written(str(event.value))
            return self._one(at, lambda who: otherwise(self._studio, who, event.index, words), given, request)

        return handler

    def undo(self, at: int) -> Callable[..., Row]:
        def handler(given: Any, request: gr.Request) -> Row:
            """The box gets the question again."""
            view = self.window(request).view
            who = _at(at, self._who(request), view.placed(given))
            stands, (text, files) = back(self._studio, who)
            seen = {at: shown(self._studio, stands)}
            view.stands(_results(seen))
            left(self._studio, _askers(self._who(request), view.placed(given)), view.chat or "", view.tips)
            return ({"text": text, "files": files}, *_row(seen, given, several=who.several))

        return handler

    def like(self, at: int) -> Callable[..., Any]:
        def handler(given: Any, event: gr.LikeData, request: gr.Request) -> Any:
            who = _at(at, self._who(request), self.window(request).view.placed(given))
            told = liked(self._studio, who, event.index, event.liked)
            return gr.update(rated={**told, "chat": who.chat, "at": time.time()})

        return handler

    def rewrite(self, given: Any, request: gr.Request) -> Json:
        """The question with that number, for the box."""
        placed = self.window(request).view.placed(given)
        text, files = asked_then(self._studio, _at(0, self._who(request), placed), placed.get("rewrites"))
        return {"text": text, "files": files}

    def restore(self, given: Any, request: gr.Request) -> Row:
        """The chat as it is kept, where the page wants it; `kept`: with those that answered side by side."""
        told = given if isinstance(given, dict) else {}
        by = self._who(request)
        who = Asker.read(by, told)
        askers = (kept_columns(self._studio, by, who) if told.get("kept") else []) or _askers(by, told)
        seen = {at: shown(self._studio, one) for at, one in enumerate(askers)}
        view = self.window(request).show()
        view.stands(_results(seen))
        if not told.get("kept"):
            left(self._studio, askers, who.chat, view.tips)
        return _row(seen, given, several=askers[0].several)

    def clear(self, request: gr.Request) -> None:
        self.window(request).show().chat = ""

    def stop(self, request: gr.Request) -> None:
        self.window(request).stop()

    def is_idle(self, request: gr.Request) -> bool:
        return self.window(request).is_idle

    def opening(self, request: gr.Request) -> Any:
        asked = request.query_params
        agent = asked.get("agent", "")
        if not self._who(request).may(Permission.AGENTS_VIEW, agent):
            return gr.update(examples=[])
        lines = playground.suggestions(self._studio, agent, asked.get("version", ""))
        return gr.update(examples=[{"text": line} for line in lines])

    def _who(self, request: gr.Request) -> Actor:
        """As the guard told who sent it, with what they may do by now."""
        return self._users.actor(request.username or "") or NOBODY

    def window(self, request: gr.Request) -> Window:
        return self._windows.of(str(request.session_hash), Window)

    def _say(self, text: Any, given: Any, request: gr.Request) -> Rows:
        """What was tapped or is played, to all that answer."""
        line = _line(text)
        return self._rows(lambda askers, _: [(one, line, ()) for one in askers], given, request)

    def _one(self, at: int, find: Callable[[Asker], Asked | None], given: Any, request: gr.Request) -> Rows:
        """Another way in that column alone."""

        async def rows(view: View) -> Rows:
            by = self._who(request)
            who = _at(at, by, view.placed(given))
            if (found := await off_loop(find, who)) is None:
                return
            text, files, tip = found
            answers = asked(self._studio, replace(who, tip=tip), text, files, moves=at == 0)
            try:
                async with aclosing(answers) as states:
                    async for state in states:
                        view.stands(_results({at: state}))
                        yield _row({at: state}, given, several=who.several)
            finally:
                await self._left(_askers(by, view.placed(given)), view)

        return self._in_turn(rows, given, request)

    def _rows(
        self,
        questions: Callable[[Sequence[Asker], Json], Sequence[Question]],
        given: Any,
        request: gr.Request,
    ) -> Rows:
        """What becomes of questions to all that answer, as the page's parts show it."""

        async def rows(view: View) -> Rows:
            placed = view.placed(given)
            found = await off_loop(questions, _askers(self._who(request), placed), placed)
            if not all(text or files for _, text, files in found):
                return
            askers = [who for who, _, _ in found]
            try:
                async with aclosing(side_by_side(self._studio, found)) as states:
                    async for new in states:
                        view.stands(_results(new))
                        yield _row(new, given, several=askers[0].several)
            finally:
                await self._left(askers, view)

        return self._in_turn(rows, given, request)

    def _in_turn(self, rows: Callable[[View], Rows], given: Any, request: gr.Request) -> Rows:
        async def stopped(view: View) -> Row:
            askers = _askers(self._who(request), view.placed(given))
            seen = {at: await off_loop(shown, self._studio, one) for at, one in enumerate(askers)}
            return _row(seen, given, several=askers[0].several)

        id = str(given.get("id") or "") if isinstance(given, dict) else ""
        return self.window(request).ask(id, rows, stopped)

    async def _left(self, askers: Sequence[Asker], view: View) -> None:
        await off_loop(left, self._studio, askers, view.chat or "", view.tips)


def _line(text: Any) -> str:
    return str(text).strip()[:LONGEST_LINE]


def _askers(by: Actor, placed: Any) -> Sequence[Asker]:
    """All that answer: side by side, or one alone."""
    return columns(by, placed) or [Asker.read(by, placed)]


def _at(at: int, by: Actor, placed: Json) -> Asker:
    """Whose column that is."""
    askers = _askers(by, placed)
    return askers[min(at, len(askers) - 1)]


def _results(new: Mapping[int, Shown]) -> Mapping[int, Json]:
    return {at: state.result for at, state in new.items() if state.result}


def _row(new: Mapping[int, Shown], given: Any, *, several: bool = False) -> Row:
    """`new`: what is to be shown, by its place; it says which time of showing a chat it came of."""
    asked = given.get("asked") if isinstance(given, dict) else None
    time_of: Json = {"asked": asked} if isinstance(asked, int) else {}
    said = [_said(new[at]) if at in new else gr.skip() for at in range(MOST)]
    heads = [_head(new[at], time_of) if several and at in new else gr.skip() for at in range(MOST)]
    first: Shown | None = new.get(0)
    usage = gr.skip() if first is None or first.usage is None else first.usage
    told = gr.skip() if first is None or first.result is None else gr.update(result=first.result | time_of)
    return (*said, *heads, usage, told)


def _said(state: Shown) -> Any:
    said = [shown_message(one) for one in state.said]
    return said if state.ratings is None else gr.update(value=said, feedback_value=state.ratings)


def _head(state: Shown, time_of: Json) -> Any:
    told = state.result or {}
    names = ("chat", "tip", "events", "over", "chosen", "forks")
    known = {name: told[name] for name in names if name in told}
    return gr.update(shown={**known, "usage": state.usage, **time_of})
