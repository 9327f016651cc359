"""Whoever said the publication's secret word sees below each answer how it came about; nobody else does."""

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from runtime.gateway.context import Context
from runtime.gateway.debug_words import DebugWord
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.lang import Text, differing
from runtime.message import Exchange, Message
from runtime.models.prices import YUAN
from runtime.readable import if_readable
from runtime.store.messages.messages import Outcome
from runtime.store.vanishing import Share

log = logging.getLogger(__name__)

SAID = re.compile(r"\s*(?:/?debug|调试)[\s:：]+(\S{8,64})\s*", re.IGNORECASE)
UNSAID = "debug ***"
"""Stands for it wherever messages are kept."""
TRIES = 10
"""Of one person…"""
DAY = 86_400.0
"""…in so many seconds."""
MOST_LINES = 12
KEY = "debug"

ON = Text(
    "调试已打开，{hours:g} 小时后自动关。每个回答下面会写明版本、用时、费用和经过{draft}。再发一次就关。",
    "Debug is on and ends by itself after {hours:g} h. Below each answer stand version, time, cost and "
    "steps{draft}. Send it again to end it.",
)
DRAFT = Text("；回答您的是编排里保存的草稿", "; the saved draft answers you")
OFF = Text("调试已关闭。", "Debug is off.")
WRONG = Text("这个词不对。", "This is not the word.")
GROUP = Text(
    "这里别人也看得到，请单独发给我，并换一个新的词。",
    "Others read here: take another word, and send it to me alone.",
)
SLOW = Text("试得太多了，请明天再试。", "Too many tries; try again tomorrow.")
HEAD = Text(
    "v{version} · {seconds:.1f} 秒 · {tokens} 词元 · {cost}",
    "v{version} · {seconds:.1f} s · {tokens} tokens · {cost}",
)
OF_DRAFT = Text(
    "草稿 · {seconds:.1f} 秒 · {tokens} 词元 · {cost}", "draft · {seconds:.1f} s · {tokens} tokens · {cost}"
)
UNPRICED = Text("费用未知", "cost unknown")
FAILED = Text("失败（{code}）：{reason}", "failed ({code}): {reason}")


class Debugging:
    """Who is on is held for a while only, and lost with what vanishes: they say the word again."""

    def __init__(self, context: Context) -> None:
        self._words = context.surfaces
        self._vanishing = context.vanishing

    async def heard(self, surface: Surface, message: Message) -> Message:
        """Without the word, which is kept nowhere; a repeat is judged alike."""
        if KEY in message.data:  # said by nobody but us
            message = replace(message, data={name: v for name, v in message.data.items() if name != KEY})
        words = self._words.publications.debug_words
        if not self._word(surface):
            return message
        if message.history:  # a program that keeps the conversation itself brings it along again
            message = replace(message, history=tuple(map(_silenced, message.history)))
        if message.kind != "text" or not (said := SAID.fullmatch(message.text)):
            return message
        tries = Share(("debug tries", surface.id, message.sender), TRIES, DAY)
        wait = await self._vanishing.take(tries, once=("debug", surface.id, message.sender, message.id))
        if message.overheard:  # others read what is written there, and would read what is shown
            verdict = "group"
        else:
            verdict = "slow" if wait else "right" if words.opens(surface.id, said[1]) else "wrong"
        data, handle = _without(said[1], message.data), _without(said[1], message.handle)
        return replace(message, text=UNSAID, data={**data, KEY: verdict}, handle=handle)

    async def switched(self, job: Job) -> str | None:
        """What whoever said the word is told; None for everybody else."""
        verdict, lang = job.message.data.get(KEY), job.surface.agent.language
        word = self._word(job.surface) if verdict else None
        if word is None:
            return None
        if verdict != "right":
            return {"slow": SLOW, "group": GROUP}.get(str(verdict), WRONG).to(lang)
        name = _name(job.surface, job.message.sender)
        if await self._is_on(job.surface, job.message.sender, word):
            await self._vanishing.drop(name)
            return OFF.to(lang)
        await self._vanishing.put(name, _by(word), word.hours * 3600)
        return ON.fill(hours=word.hours, draft=DRAFT if word.draft else "").to(lang)

    async def wants_draft(self, surface: Surface, message: Message) -> bool:
        """Whether the agent as it is saved is to answer."""
        word = self._word(surface)
        return word is not None and word.draft and await self._is_on(surface, message.sender, word)

    async def below(self, job: Job, outcome: Outcome, said: str) -> str:
        """What is shown, and for whoever is on how it came about."""
        if not said or outcome.aside or KEY in job.message.data:
            return said
        word = self._word(job.surface)
        if word is None or not await self._is_on(job.surface, job.message.sender, word):
            return said
        seconds = max(0.0, asyncio.get_running_loop().time() - job.at)
        lines = list(_lines(outcome, seconds, job.surface.agent.language))
        job.below = "\n\n---\n\n" + "\n".join(f"- {line}" for line in lines)
        return said + job.below

    def _word(self, surface: Surface) -> DebugWord | None:
        return if_readable(lambda: self._words.publications.debug_words.find(surface.id), None)

    async def _is_on(self, surface: Surface, sender: str, word: DebugWord) -> bool:
        """By this word: whoever said the one before it is not on any more."""
        return await self._vanishing.get(_name(surface, sender)) == _by(word)


def _by(word: DebugWord) -> bytes:
    return word.mark[:32].encode()


def _silenced(exchange: Exchange) -> Exchange:
    return replace(exchange, text=UNSAID) if SAID.fullmatch(exchange.text) else exchange


def _without(word: str, value: Any) -> Any:
    """The word also stands in a letter's subject, and in whatever else a channel tells of a message."""
    if isinstance(value, str):
        return re.sub(re.escape(word), "***", value, flags=re.IGNORECASE)
    if isinstance(value, Mapping):
        return {name: _without(word, one) for name, one in value.items()}
    return [_without(word, one) for one in value] if isinstance(value, list | tuple) else value


def _name(surface: Surface, sender: str) -> tuple[str, str, str]:
    return "debugging", surface.id, sender


def _lines(outcome: Outcome, seconds: float, lang: str) -> Iterator[str]:
    tokens = f"{outcome.prompt_tokens}+{outcome.completion_tokens}"
    is_paid = outcome.cost is not None or not (outcome.prompt_tokens + outcome.completion_tokens)
    dollars = outcome.cost or 0.0
    cost = differing(f"¥{dollars * YUAN:.4f}", f"${dollars:.4f}") if is_paid else UNPRICED
    head = HEAD if outcome.version else OF_DRAFT
    yield head.fill(version=outcome.version, seconds=seconds, tokens=tokens, cost=cost).to(lang)
    told = [line for event in outcome.trace if (line := _line(event))]
    yield from told[:MOST_LINES]
    if len(told) > MOST_LINES:
        yield f"… +{len(told) - MOST_LINES}"
    if outcome.failure:
        yield FAILED.fill(code=outcome.failure, reason=outcome.reason).to(lang)


def _line(event: Any) -> str:
    """Names and times only: what went through it may be somebody else's secret."""
    match event.get("type"):
        case "model_used":
            tokens = f"{event['prompt_tokens']}+{event['completion_tokens']}"
            return f"{event['block']}: {event['model']} {event['ms']} ms, {tokens}"
        case "tool_returned":
            return f"{event['block']}: {event['name']} {event['ms']} ms{' ✗' if event['failed'] else ''}"
        case "block_finished":
            return f"{event['block']} {event['ms']} ms"
    return ""
