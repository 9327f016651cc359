"""The platform's own check of contents, where a surface has one: asked in bounds, remembered briefly.

Of a file the platform says later what it came to, by a call to us, perhaps to another instance: the answer is
held and said through what all instances share. What comes too late changes nothing any more, and is noted.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from runtime import channels
from runtime.answer import MEDIA, AnswerPart
from runtime.errors import SendFailed, StoreFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.job import Job
from runtime.gateway.surfaces import Surface
from runtime.inspected import PASSED, SUGGESTIONS, Inspected, Sort
from runtime.lang import Text
from runtime.newest import Newest
from runtime.safety.chain import Chain
from runtime.safety.checks import Inspects, Place, Uses
from runtime.safety.settings import REFUSED
from runtime.store.messages.judged import NewJudgement, told_in
from runtime.store.vanishing import Name
from runtime.turn.beside_text import files_of
from runtime.turn.services import Services

T = TypeVar("T")

log = logging.getLogger(__name__)

SHARED = 100
"""Characters that two pieces of a long text have in common: what stands at a cut is seen whole in one."""
MOST_PIECES = 8
REMEMBERED = 600.0
"""Seconds for which a text's verdict counts again…"""
MOST_REMEMBERED = 20_000
"""…of so many texts."""
LATE = 1860.0
"""Seconds after which no answer about a file comes any more."""
ACCOUNTS = 10_000
LONGEST_REST = 1800.0
KIND = "platform"


@dataclass
class Inspecting:
    context: Context
    sender: Sender
    services: Services
    known: Newest[bytes, tuple[float, Inspected]] = field(default_factory=lambda: Newest(MOST_REMEMBERED))
    rests: Newest[str, tuple[float, SendFailed]] = field(default_factory=lambda: Newest(ACCOUNTS))
    """Until when an account is not asked, and what it said."""

    def of(self, job: Job) -> Inspects | None:
        """None: the surface has no such check."""
        channel = job.surface.channel
        if isinstance(channel, channels.Inspects) and channel.may_inspect and not job.message.for_nobody:
            return _Asks(self, channel, job)
        return None

    async def told(self, surface: Surface, said: Inspected) -> None:
        """What a file came to, as the platform says in a verified call."""
        channel = surface.channel
        if not isinstance(channel, channels.Inspects):
            return
        asked, answered = _names(channel, said.trace)
        pending = _read(await self.context.vanishing.get(asked))
        if pending is None:
            return  # nobody asked, or half an hour ago
        value = json.dumps([said.suggestion, said.what, said.code]).encode()
        await self.context.vanishing.put(answered, value, LATE)
        await self.context.vanishing.say(answered, value)
        if pending.get("late"):
            await self.note_late(pending, said)

    async def note_late(self, pending: Mapping[str, Any], said: Inspected) -> None:
        """It was decided without it; whoever looks after the agent sees it all the same."""
        if said.suggestion == "pass" or said.code:
            return
        with suppress(StoreFailed):
            seq = int(pending["seq"])
            lane = await self.context.messages.lane_of(seq)
            if lane is not None:
                one = NewJudgement(
                    str(pending["place"]), KIND, "mark", said.what, f"[{pending['kind']}]", told_in(TOO_LATE)
                )
                await self.context.messages.judged.add(
                    seq, lane, str(pending["agent"]), [one], self.context.clock()
                )

    async def stops(self, job: Job) -> bool:
        """Whether a file that came may not go on: before any model is shown it. The turn asks again and gets
        the same, see Job.inspected."""
        files = [one for one in files_of(job.message.data) if one.get("hash")]
        inspects, safety = self.of(job) if files else None, job.surface.agent.safety
        if inspects is None or not any(one.file_seconds for one in safety.checks):
            return False
        chain = self._chain(job, inspects)
        found = await asyncio.gather(*(chain.judge_file("in", one) for one in files))
        return any(one.action == "block" for decisions in found for one in decisions)

    def _chain(self, job: Job, inspects: Inspects) -> Chain:
        agent = job.surface.agent
        uses = Uses(self.services.models, inspects=inspects)
        return Chain(agent.safety.checks, agent.safety.seconds, uses, agent.language)

    async def parts(self, job: Job, parts: Sequence[AnswerPart]) -> list[AnswerPart]:
        """An answer's parts; instead of a picture or voice that may not go out, what is said then."""
        safety, agent = job.surface.agent.safety, job.surface.agent
        inspects = self.of(job) if any(one.kind in MEDIA and "hash" in one.data for one in parts) else None
        if inspects is None or not any(one.file_seconds for one in safety.checks):
            return list(parts)
        chain = self._chain(job, inspects)
        says = AnswerPart(safety.says.strip() or REFUSED.to(agent.language))
        return list(await asyncio.gather(*(self._part(job, chain, one, says) for one in parts)))

    async def _part(self, job: Job, chain: Chain, part: AnswerPart, says: AnswerPart) -> AnswerPart:
        if part.kind not in MEDIA or "hash" not in part.data:
            return part
        decisions = await chain.judge_file("out", {**part.data, "kind": part.kind})
        made = [NewJudgement(*_row(one)) for one in decisions]
        if made:
            try:
                await self.context.messages.judged.add(
                    job.seq, job.lane, job.surface.agent.id, made, self.context.clock()
                )
            except StoreFailed as e:
                log.warning("decisions about message %s are not kept: %s", job.seq, e.text.en)
        return says if any(one.action == "block" for one in decisions) else part


@dataclass(frozen=True)
class _Asks:
    """Of one message. Implements runtime.safety.checks.Inspects."""

    by: Inspecting
    channel: channels.Inspects
    job: Job

    async def text(self, text: str, sort: Sort) -> Inspected:
        """In pieces as long as the platform takes, which share some characters."""
        most = self.channel.inspected_characters
        pieces = [text[at : at + most] for at in range(0, max(1, len(text) - SHARED), most - SHARED)]
        if len(pieces) > MOST_PIECES:
            raise SendFailed(TOO_LONG, code="length")
        found = PASSED
        for piece in pieces:
            found = found.worse(await self._piece(piece, sort))
            if found.suggestion == "risky":
                break
        return found

    async def _piece(self, text: str, sort: Sort) -> Inspected:
        sender, now = self.job.message.sender, self.by.context.clock()
        name = json.dumps([self.channel.account, sender, sort, text]).encode()
        key = hashlib.blake2b(name, digest_size=16).digest()
        at, known = self.by.known.get(key, (0.0, PASSED))
        if 0 <= now - at < REMEMBERED:
            return known
        request = self.channel.inspect(text, sender, sort)
        said = await self._asked(request, self.channel.inspected)
        self.by.known[key] = now, said
        return said

    async def _asked(self, request: channels.ApiRequest, read: Callable[[channels.ApiAnswer], T]) -> T:
        """Raises SendFailed, at once while the account's quota is used up or its credentials are refused."""
        now, account = self.by.context.clock(), self.channel.account
        until, failed = self.by.rests.get(account, (0.0, None))
        if failed is not None and now < until:
            raise SendFailed(failed.text, code=failed.code)
        try:
            return await self.by.sender.asked(self.channel, request, read)
        except SendFailed as e:
            codes = self.channel.codes
            rest = LONGEST_REST if e.code in codes.forbidden else codes.blocking.get(e.code, 0.0)
            if rest:
                self.by.rests[account] = now + min(rest, LONGEST_REST), e
            raise

    async def file(self, file: Mapping[str, Any], place: Place, sort: Sort, seconds: float) -> Inspected:
        """Once in a turn."""
        key = place, str(file["hash"])
        if key not in self.job.inspected:
            try:
                self.job.inspected[key] = await self._file(file, place, sort, seconds)
            except SendFailed as e:
                self.job.inspected[key] = e
        if isinstance(said := self.job.inspected[key], SendFailed):
            raise said
        return said

    async def _file(self, file: Mapping[str, Any], place: Place, sort: Sort, seconds: float) -> Inspected:
        kind, type, size = file["kind"], str(file["type"]), int(file.get("bytes", 0))
        limits = self.channel.inspected_media.get(kind)
        if limits is None or size > limits.most or type not in limits.types:
            raise SendFailed(NOT_TAKEN.fill(type=type), code="type")
        makes = self.by.services.makes
        url = makes.lend(str(file["hash"]), type) if makes else ""
        if not url:
            raise SendFailed(NO_ADDRESS, code="address")
        request = self.channel.inspect_media(kind, url, self.job.message.sender, sort)
        trace = await self._asked(request, self.channel.inspection)
        about = {"seq": self.job.seq, "place": place, "agent": self.job.surface.agent.id, "kind": kind}
        return await self._answer(trace, about, seconds)

    async def _answer(self, trace: str, about: Mapping[str, Any], seconds: float) -> Inspected:
        vanishing = self.by.context.vanishing
        asked, answered = _names(self.channel, trace)
        async with vanishing.hear(answered) as heard:
            await vanishing.put(asked, json.dumps(about).encode(), LATE)
            said = _said(await vanishing.get(answered), trace)
            if said is None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        async for one in heard:
                            if said := _said(one, trace):
                                break
            if said is None:
                await vanishing.put(asked, json.dumps({**about, "late": True}).encode(), LATE)
                said = _said(await vanishing.get(answered), trace)
        if said is None:
            raise SendFailed(SLOW.fill(seconds=round(seconds)), code="slow")
        if said.code:
            raise SendFailed(NOT_LOOKED.fill(code=said.code), code=said.code)
        return said


def _names(channel: channels.Inspects, trace: str) -> tuple[Name, Name]:
    """Under which it is held that it was asked, and what the answer is."""
    return ("inspecting", channel.account, trace), ("inspected", channel.account, trace)


def _read(held: bytes | None) -> dict[str, Any] | None:
    found = json.loads(held) if held else None
    return found if isinstance(found, dict) else None


def _said(held: bytes | None, trace: str) -> Inspected | None:
    found = json.loads(held) if held else None
    if not isinstance(found, list) or len(found) != 3 or found[0] not in SUGGESTIONS:
        return None
    return replace(Inspected(found[0], str(found[1])), trace=trace, code=str(found[2]))


def _row(one: Any) -> tuple[str, ...]:
    return one.place, one.check, one.action, one.what, one.excerpt, told_in(one.why)


TOO_LATE = Text(
    "平台的结果来晚了，消息已经放行。", "The platform's answer came after the message had gone on."
)
TOO_LONG = Text("文本太长，平台不检查。", "The text is too long for the platform's check.")
NOT_TAKEN = Text("平台不检查 {type}，或文件太大。", "The platform does not check {type}, or it is too large.")
NO_ADDRESS = Text(
    "平台取不到文件：请先在设置里填写公网地址。",
    "The platform cannot get the file: enter the public address in the settings.",
)
SLOW = Text("平台 {seconds} 秒内没有给出结果。", "The platform gave no answer within {seconds} seconds.")
NOT_LOOKED = Text("平台没能检查这个文件（{code}）。", "The platform could not check the file ({code}).")
