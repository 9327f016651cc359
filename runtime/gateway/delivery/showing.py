"""What an answer shows besides text is fetched, looked at, kept and put to the platform before it is sent.

Once for an account and what is in it, whoever it is shown to, until the platform forgets it. What cannot be
brought there is told in words: the part has them.
"""

import asyncio
import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from runtime.answer import EDITS, MEDIA, AnswerPart
from runtime.channels import CarriesMedia, Media, MediaOut, Shown, StreamsMedia
from runtime.crash import crashpoint
from runtime.errors import BadMedia, HongyanError, SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.file_names import file_name
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import ACCOUNTS, Account, account
from runtime.gateway.labelling import corner
from runtime.gateway.lasting import now
from runtime.gateway.offers import can_be_tapped
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.media.converting import as_shown
from runtime.media.kept import KeptMedia
from runtime.media.looking import look
from runtime.network.reach import Reach
from runtime.newest import Newest
from runtime.off_loop import off_loop
from runtime.store.messages.carried import Part
from runtime.store.messages.media import KeptFile

log = logging.getLogger(__name__)

FETCH = 10.0
"""Seconds for getting one from where the answer says that it is."""
ALL = 45.0
"""Seconds for all of an answer; what is not there by then is told in words, or brought when it is sent."""
MARGIN = 3600.0
"""Seconds before the platform forgets a file at which it is put there again; of short lives a tenth."""
MAY_NOT = 3600.0
"""Seconds for which an account that may put nothing there is not asked again."""


KEPT = ("page", "words")
"""Of a part's data, beside its file, see Shown."""


class Http(Protocol):
    """runtime.network.egress.Egress, which reaches public addresses only."""

    async def fetch(self, method: str, url: str, *, seconds: float, max_bytes: int, reach: Reach) -> Any: ...


@dataclass(frozen=True)
class _Ready:
    """A part whose file is here."""

    part: AnswerPart
    file: KeptFile


class Showing:
    def __init__(self, context: Context, sender: Sender, kept: KeptMedia, http: Http) -> None:
        self._records = context.messages.media
        self._metrics = context.metrics
        self._sender = sender
        self._kept = kept
        self._http = http
        self._clock = context.clock
        self._forbidden = Newest[Account, float](ACCOUNTS)
        self._in_words = Newest[tuple[int, int], None](ACCOUNTS)
        self._flights = Newest[tuple[Account, str], asyncio.Lock](ACCOUNTS)

    async def prepared(self, surface: Surface, seq: int, parts: Sequence[AnswerPart]) -> list[AnswerPart]:
        """The parts as they are stored: what can be shown has its file here, and lies there if that may be.

        Never raises for what a file or its server does. Raises StoreFailed.
        """
        channel = surface.shower
        if channel is None or not any(part.kind in MEDIA for part in parts):
            return list(parts)
        found = await asyncio.gather(*(self._prepared(surface, channel, part, seq) for part in parts))
        if files := [one.file for one in found if isinstance(one, _Ready)]:
            await self._records.belong(seq, files)
            for lane in await self._records.whose(seq):
                await self._kept.own([file.hash for file in files], lane)
        return [one.part if isinstance(one, _Ready) else one for one in found]

    async def shown(self, surface: Surface, part: Part) -> Shown | None:
        """What shows a stored part now; None: its words are to be sent. Raises SendFailed when that may go
        better later."""
        if part.kind == "choices":
            return Shown("choices", part.data) if can_be_tapped(surface, part.data) else None
        if (part.seq, part.number) in self._in_words:
            return None
        if part.kind == "text" and (message := str(part.data.get(EDITS, ""))) and surface.editor:
            return Shown("text", {}, edits=message, words=part.text)
        channel = surface.shower
        if channel is None or part.kind == "text":
            return None
        title = str(part.data.get("title", ""))
        if part.kind == "news":
            return Shown("news", part.data, title) if channel.shows_news else None
        if part.kind not in channel.media_out or "hash" not in part.data:
            return None
        try:
            data = await self._lies_there(surface, channel, part.kind, part.data, part.seq)
        except SendFailed as e:
            if _passes(channel, e):
                raise
            log.warning("message %s part %s is sent in words: %s", part.seq, part.number, e.text.en)
            return None
        if data is None:
            return None
        page, words = (str(part.data.get(name, "")) for name in KEPT)
        return await self._whole(channel, Shown(part.kind, data, title, page=page, words=words), part)

    async def _whole(self, channel: MediaOut, shown: Shown, part: Part) -> Shown | None:
        """With its file, where that goes along; None when it is not here any more."""
        if not isinstance(channel, CarriesMedia):
            return shown
        content = await self._kept.read(str(part.data["hash"]))
        return None if content is None else replace(shown, media=await _named(part.kind, part.data, content))

    async def held(self, surface: Surface, parts: Sequence[Part]) -> Mapping[tuple[int, int], Media]:
        """Of what waits, the files that the end of a bubble can hold, by the seq and number of the part."""
        channel = surface.streamer
        found: dict[tuple[int, int], Media] = {}
        if not isinstance(channel, StreamsMedia) or surface.responder is None:
            return found
        left = channel.bubble_bytes
        for part in parts:
            if part.kind not in channel.bubble_media or "hash" not in part.data:
                continue
            for media in await self.again([{**part.data, "kind": part.kind}]):
                if len(media.content) > left or len(found) == channel.bubble_files:
                    return found
                found[part.seq, part.number] = media
                left -= len(media.content)
        return found

    async def again(self, files: Sequence[Mapping[str, Any]]) -> list[Media]:
        """Kept files by `hash`, `type` and `kind`; without those that are not here any more."""
        contents = [await self._kept.read(str(one["hash"])) for one in files]
        return [
            Media(one["kind"], str(one["type"]), content)
            for one, content in zip(files, contents, strict=True)
            if content is not None
        ]

    def may_put(self, surface: Surface) -> bool:
        """Whether its account may bring files to the platform, as far as is known."""
        return surface.shower is not None and not self._may_not(surface.shower)

    def goes_in_words(self, part: Part, why: Text) -> None:
        """The platform does not take it as what it is, whenever it is tried."""
        log.warning("message %s part %s goes in words: %s", part.seq, part.number, why.en)
        self._in_words[part.seq, part.number] = None

    async def gone(self, surface: Surface, part: Part) -> None:
        """The platform has it no more."""
        await self._records.gone(_name(surface, part.seq), str(part.data.get("hash", "")))

    async def _prepared(
        self, surface: Surface, channel: MediaOut, part: AnswerPart, seq: int
    ) -> AnswerPart | _Ready:
        if part.kind not in MEDIA:
            return part
        words = AnswerPart(part.text)
        if self._may_not(channel):
            return words
        try:
            async with asyncio.timeout(ALL):
                ready = await self._here(surface, channel, part)
                try:
                    await self._lies_there(surface, channel, ready.part.kind, ready.part.data, seq)
                except SendFailed as e:
                    log.warning("a file of an answer of %s is not at the platform: %s", surface.id, e.text.en)
                    return ready if _passes(channel, e) else words
        except TimeoutError:
            log.warning("a file of an answer of %s took too long and is told in words", surface.id)
            return words
        except HongyanError as e:
            log.warning("a file of an answer of %s is told in words: %s", surface.id, e.text.en)
            return words
        return ready

    async def _here(self, surface: Surface, channel: MediaOut, part: AnswerPart) -> _Ready:
        """Fetched, looked at and kept, unless it is here. Raises BadMedia, ToolFailed, NotSaved."""
        if hash := part.data.get("hash"):
            return _Ready(part, KeptFile(hash, part.data["type"], part.data["bytes"]))
        limits = channel.media_out
        most = max(limit.most for limit in limits.values())
        content = await self._content(str(part.data["url"]), most)
        lang = corner(surface.agent.safety.label, type(surface.channel), surface.agent.language)
        looked, content = await off_loop(as_shown, content, limits, lang)
        limit = limits.get(looked.kind)
        if limit is None or (limit.types and looked.type not in limit.types):
            raise BadMedia(NOT_SHOWN.fill(type=looked.type), code="type")
        if len(content) > limit.most or (limit.seconds and (looked.seconds or 0) > limit.seconds):
            raise BadMedia(TOO_LARGE, code="too_large")
        hash = await self._kept.keep(content)
        data = {"hash": hash, "type": looked.type, "title": part.data.get("title", "")}
        data |= {name: part.data[name] for name in KEPT if part.data.get(name)}
        if not str(part.data["url"]).startswith("data:"):
            data["url"] = part.data["url"]
        return _Ready(replace(part, kind=looked.kind, data=data), KeptFile(hash, looked.type, len(content)))

    async def _content(self, url: str, most: int) -> bytes:
        """Raises BadMedia, ToolFailed."""
        if url.startswith("data:"):
            return await off_loop(_decoded, url)
        reach = Reach(chosen="model", tool="picture")
        page = await self._http.fetch("GET", url, seconds=FETCH, max_bytes=most, reach=reach)
        if page.cut:
            raise BadMedia(TOO_LARGE, code="too_large")
        if page.status != 200 or not page.body:
            raise BadMedia(NOT_THERE.fill(status=page.status), code="not_there")
        return bytes(page.body)

    async def _lies_there(
        self, surface: Surface, channel: MediaOut, kind: str, data: Mapping[str, Any], seq: int
    ) -> Mapping[str, Any] | None:
        """What shows it; None when the file is not here any more. Raises SendFailed, StoreFailed."""
        hash, name = str(data["hash"]), _name(surface, seq)
        async with self._flights.of((account(channel), hash), asyncio.Lock):
            if known := await self._records.uploaded(name, hash, kind, self._clock()):
                return known
            content = await self._kept.read(hash)
            if content is None:
                return None
            media = await _named(kind, data, content)
            crashpoint("before_upload")
            try:
                uploaded = await self._sender.walk(channel, lambda: channel.put(media))
            except SendFailed as e:
                if e.code in channel.codes.forbidden:
                    self._forbidden[account(channel)] = now() + MAY_NOT
                raise
            crashpoint("after_upload")
            wall, life = self._clock(), uploaded.seconds
            until = wall + life - min(MARGIN, life / 10)
            await self._records.upload(name, hash, kind, uploaded.data, until, wall)
            return uploaded.data

    def _may_not(self, channel: MediaOut) -> bool:
        return now() < self._forbidden.get(account(channel), float("-inf"))


async def _named(kind: str, data: Mapping[str, Any], content: bytes) -> Media:
    """The kept file of a part as a platform is given it."""
    looked = await off_loop(look, content)
    called = file_name(data, looked.ending) if kind == "file" else f"media.{looked.ending}"
    return Media(looked.kind, looked.type, content, called, looked.seconds)


def _name(surface: Surface, seq: int) -> str:
    """Of the account, among those of all channels, and of the answer where each brings its own."""
    channel = surface.shower
    assert channel
    name = f"{surface.publication.channel} {channel.account}"
    return f"{name} {seq}" if channel.shown_once else name


def _passes(channel: MediaOut, error: SendFailed) -> bool:
    """It may go better later, so nothing is told in words yet."""
    ways = ("uncertain", "unreachable", "token")
    return (
        error.retryable
        or error.code in ways
        or error.code.startswith("http_5")
        or error.code in channel.codes.blocking
    )


def _decoded(url: str) -> bytes:
    """Raises BadMedia."""
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except ValueError:
        raise BadMedia(NOT_THERE.fill(status="data:"), code="not_there") from None


NOT_SHOWN = Text("{type} 不能在这里显示。", "{type} cannot be shown here.")
TOO_LARGE = Text("文件太大或太长。", "The file is too large or too long.")
NOT_THERE = Text("那里没有文件（{status}）。", "There is no file there ({status}).")
