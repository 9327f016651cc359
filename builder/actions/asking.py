"""A question in a chat that is kept, and its growing answer, as the page shows both."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from builder.actions import kept_chat, playground, playground_chat
from builder.actions.chats import kept_of
from builder.actions.kept_chat import PLAYED
from builder.actions.made_of import all_of, made_of_case, was_forgotten
from builder.actions.sent_files import on_phone
from builder.actions.sent_files import said as sent
from builder.actions.variants import apart
from builder.phone import surface
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.errors import HongyanError
from runtime.safety.settings import Label
from runtime.testing.suites import Suites
from runtime.trying.kept_chat import KeptChat, Turn, new_turn
from runtime.trying.kept_chats import KeptChats

Json = dict[str, Any]

LONGEST_ID = 64
START = "start"
"""The tip of a chat in which one went back to before its first line."""
NOTHING: Json = {"exchanges": [], "events": [], "waits": [], "chat": "", "tip": "", "forks": [], "name": ""}
RATED = {True: "Like", False: "Dislike"}
"""As Gradio's chat calls them."""


@dataclass(frozen=True)
class Asker:
    """What the page says beside a question: where it is asked, and how."""

    agent: str
    by: str
    chat: str = ""
    """"": a new one."""
    tip: str = ""
    """The turn after which it is asked; "": the first."""
    lang: str = "zh"
    channel: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    tried: Mapping[str, str] = field(default_factory=dict)
    """What is asked, where it is not the agent as it stands: {version, model, name}."""
    case: str = ""
    """The test whose lines stand beside the chat, to be played in it."""
    several: bool = False
    """It is one of those that answer side by side."""

    @classmethod
    def read(cls, who: Actor, asked: Any) -> "Asker":
        """Of what the page sent, as far as it makes sense. Raises Forbidden: every event passes here."""
        given = asked if isinstance(asked, dict) else {}
        agent, chat, tip, channel, case = (
            str(given.get(name) or "")[:LONGEST_ID] for name in ("agent", "chat", "tip", "channel", "case")
        )
        who.must(Permission.AGENTS_RUN, agent)
        return cls(
            agent,
            who.id,
            chat,
            tip,
            channel=channel,
            case=case,
            lang=str(given.get("lang") or "zh"),
            variables=_texts(given.get("variables")),
            tried=_texts(given.get("tried")),
        )


@dataclass(frozen=True)
class Shown:
    """`said`: the whole chat; None where nothing of it changed."""

    said: list[Json]
    usage: Json | None = None
    result: Json | None = None
    ratings: list[str | None] | None = None
    """What was thought of each answer, in their order, as Gradio's chat takes it; None: as before."""


async def asked(
    studio: Studio, who: Asker, text: str, files: Sequence[Json], *, moves: bool = True
) -> AsyncGenerator[Shown]:
    """`moves`: the chat stands at this turn from now on; not so where several are asked side by side."""
    kept = kept_of(studio, who.by, who.agent)
    chat = await asyncio.to_thread(_chat, kept, who)
    whose = await asyncio.to_thread(_played, studio, chat, who)
    path = chat.path(who.tip)
    said = [message for turn in path for message in turn.said]
    question = sent(text, files) if files else {"role": "user", "content": text}
    turn = new_turn(path[-1].id if path else "", [question], time.time())
    turn.tried = dict(who.tried)
    unsaved = await asyncio.to_thread(kept.add, chat, turn, moves=moves)
    place = {"chat": chat.id, "tip": turn.id, "unsaved": unsaved}
    yield Shown([*said, question], None, {**place, "over": False}, ratings(path))
    try:
        async with aclosing(_answered(studio, who, said, turn, text, files)) as states:
            async for shown in states:
                result = {**(shown.result or {}), **place}
                if shown.usage and shown.usage["over"]:
                    if turn.up == "" and path:
                        await asyncio.to_thread(kept.forget_all_but, chat.id, turn.id)
                    place["unsaved"] = await asyncio.to_thread(kept.add, chat, turn, moves=moves)
                    result |= {**place, **await asyncio.to_thread(_stands, kept, chat, who, turn.id)}
                yield Shown(shown.said, shown.usage, result)
    finally:
        if not turn.usage.get("over"):  # it was stopped
            turn.said = kept_chat.stopped(turn.said)
            await asyncio.to_thread(kept.add, chat, turn, moves=moves)
        await asyncio.to_thread(was_forgotten, studio.settings.agents, studio.settings.data, whose)


async def _answered(
    studio: Studio, who: Asker, said: list[Json], turn: Turn, text: str, files: Sequence[Json]
) -> AsyncGenerator[Shown]:
    """The turn as it grows, which is written into `turn`, too."""
    channel = surface(studio, who.agent, who.channel)
    seen = playground_chat.previews(said, channel, *told_of(studio, who.agent))
    before = playground_chat.waiting(studio, who.agent, said, apart(who.tried))
    talking = playground.talk(
        studio,
        who.agent,
        text,
        playground_chat.exchanges(said),
        lang=who.lang,
        variables=who.variables,
        channel=channel,
        files=files,
        tried=who.tried,
        by=who.by,
    )
    async with aclosing(talking) as states:
        async for state in states:
            question = _question(text, files, state)
            if state.forgotten:
                said, seen, turn.up = [], [], ""
            waiting: Json = {**on_phone(text, state.files), "parts": [], **state.noted}
            result: Json = {"exchanges": [*seen, state.preview or waiting], "events": state.events}
            waits = before if state.waits is None else [one.to_json() for one in state.waits]
            result |= {"waits": waits, "over": state.usage.over}
            turn.said = [question, *state.transcript.messages()]
            turn.usage, turn.events, turn.preview = state.usage.to_json(), state.events, state.preview
            yield Shown([*said, *turn.said], turn.usage, result)


def shown(studio: Studio, who: Asker) -> Shown:
    """A chat as it is kept, up to the tip; an empty one where there is none."""
    try:
        kept = kept_of(studio, who.by, who.agent)
        chat = kept.find(who.chat)
    except HongyanError:
        return Shown([], {}, NOTHING, [])
    tip = who.tip if who.tip in chat.turns else chat.tip
    return _as_kept(studio, who, chat, "" if who.tip == START else tip)


def _as_kept(studio: Studio, who: Asker, chat: KeptChat, tip: str) -> Shown:
    path = chat.path(tip)
    said = kept_chat.stopped([message for turn in path for message in turn.said])
    channel = surface(studio, who.agent, who.channel)
    last = path[-1] if path else None
    result = {
        "exchanges": playground_chat.previews(said, channel, *told_of(studio, who.agent)),
        "events": last.events if last else [],
        "waits": playground_chat.waiting(studio, who.agent, said, apart(last.tried if last else {})),
        "chat": chat.id,
        "tip": tip or START,
        "chosen": bool(last and last.chosen),
        "name": chat.head()["name"],
        "forks": chat.forks(tip, _apart(who)),
        "columns": chat.columns,
    }
    return Shown(said, last.usage if last else {}, result, ratings(path))


def ratings(path: Sequence[Turn]) -> list[str | None]:
    """As in Shown."""
    answered = [turn for turn in path if any(one.get("role") != "user" for one in turn.said)]
    return [RATED[turn.rating["good"]] if turn.rating else None for turn in answered]


def _chat(kept: KeptChats, who: Asker) -> KeptChat:
    try:
        return kept.find(who.chat)
    except HongyanError:
        return kept.begin(who.chat)


def _played(studio: Studio, chat: KeptChat, who: Asker) -> list[Json]:
    """Whose conversations are played in it, which it tells from now on."""
    if who.case:
        own = made_of_case(Suites(studio.library.folder, studio.settings.data), who.agent, who.case)
        chat.made_of = all_of([*chat.made_of, *own])
    return chat.made_of


def _apart(who: Asker) -> Json | None:
    """By what the ways of a column are told from those of the others."""
    return dict(who.tried) if who.several else None


def _stands(kept: KeptChats, chat: KeptChat, who: Asker, tip: str) -> Json:
    """How the chat is called, and where it forks."""
    try:
        now = kept.find(chat.id)
    except HongyanError:
        return {}
    return {"name": now.head()["name"], "forks": now.forks(tip, _apart(who))}


def _question(text: str, files: Sequence[Json], state: playground.Talk) -> Json:
    """As the chat shows it: of a line that was played, what that was."""
    if state.played:
        told = {"id": PLAYED, "log": text}
        return {"role": "user", "content": state.played.words.to(state.lang), "metadata": told}
    return sent(text, state.files) if files else {"role": "user", "content": text}


def _texts(given: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}


def told_of(studio: Studio, id: str) -> tuple[str, str, Label | None]:
    """What a person is told when that agent cannot answer, the language it answers in, and its mark."""
    try:
        agent = studio.library.get(id).agent
    except HongyanError:
        return playground.failure_of(studio, id), "zh", None
    return playground.failure_of(studio, id), agent.language, agent.safety.label
