"""What came with a message: got from the platform, looked at, kept, and made fit for a turn.

A picture is shown to models that see, also when the platform's link to it is dead. Voice that the platform
did not put into words is listened to by a model. All is here before the turn begins, once: what an earlier
process got is not got again.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.channels import Attached, MediaIn
from runtime.crash import crashpoint
from runtime.errors import BadMedia, HongyanError, ModelFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.lang import Text
from runtime.media.kept import SCHEME, KeptMedia
from runtime.media.looking import look
from runtime.message import Message
from runtime.models.hearing import Hears, Recording
from runtime.off_loop import off_loop
from runtime.store.messages.media import KeptFile

log = logging.getLogger(__name__)

MOST = 9
"""Files of one message: as many pictures as a phone sends at once."""
SECONDS = 60.0
"""For getting one."""
HEARING = 60.0
"""Seconds for putting voice into words."""
LONGEST_NAME = 120


@dataclass(frozen=True)
class _Came:
    """What became of one file. `told`: as it stands in the message's data."""

    told: Mapping[str, Any]
    file: KeptFile | None = None
    content: bytes = b""


class Attachments:
    def __init__(self, context: Context, sender: Sender, kept: KeptMedia, ears: Hears | None) -> None:
        self._records = context.messages.media
        self._metrics = context.metrics
        self._sender = sender
        self._kept = kept
        self._ears = ears

    async def take(self, job: Job) -> None:
        """The job's message, with what came with it. What cannot be got is told in words; nothing is raised
        for what a file, its server or a model does."""
        getter, message = job.surface.getter, job.message
        if getter is None or "files" in message.data:
            return
        attached = list(getter.attached(message))[:MOST]
        if not attached:
            return
        came = await asyncio.gather(*(self._got(job, getter, file) for file in attached))
        job.message = await self._heard(job, _with(message, came), came)
        files = [one.file for one in came if one.file]
        crashpoint("after_media")
        await patiently(job.seq, lambda: self._records.came(job.seq, job.message, files))

    async def _got(self, job: Job, getter: MediaIn, file: Attached) -> _Came:
        told: dict[str, Any] = {"kind": file.kind, "name": file.name[:LONGEST_NAME]}
        limits = getter.media_in.get(file.kind)
        if limits is None:
            return _Came({**told, "lost": "kind"})
        try:
            async with asyncio.timeout(SECONDS):
                packed = await self._sender.walk(getter, lambda: getter.get(file))
                content = await off_loop(_opened, getter, file, packed)
                if len(content) > limits.most:
                    raise BadMedia(TOO_LARGE, code="too_large")
                looked = await off_loop(look, content)
                if limits.types and looked.type not in limits.types:
                    raise BadMedia(OTHER.fill(type=looked.type), code="type")
                hash = await self._kept.keep(content)
        except TimeoutError:
            return self._lost(job, told, "slow", TOO_SLOW)
        except HongyanError as e:
            return self._lost(job, told, e.code or "unreadable", e.text)
        kept = KeptFile(hash, looked.type, len(content))
        told |= {"hash": hash, "type": looked.type, "bytes": len(content)}
        return _Came(told, kept, content if looked.kind == "voice" else b"")

    def _lost(self, job: Job, told: Mapping[str, Any], code: str, why: Text) -> _Came:
        log.warning("a file of message %s of %s is not here: %s", job.seq, job.surface.id, why.en)
        return _Came({**told, "lost": code[:40]})

    async def _heard(self, job: Job, message: Message, came: Sequence[_Came]) -> Message:
        """Voice as text. The platform's own words for it count more, since they cost nothing."""
        voice = next((one for one in came if one.content and one.file), None)
        if voice is None or message.text.strip() or message.kind != "voice":
            return message
        model = job.surface.agent.voice
        if not model or self._ears is None:
            return message
        assert voice.file
        try:
            recording = Recording(voice.content, voice.file.type)
            text = await self._ears.transcribe(model, recording, HEARING)
        except ModelFailed as e:
            log.warning("voice of message %s of %s is not understood: %s", job.seq, job.surface.id, e.text.en)
            return message
        return replace(message, text=text.strip())


def _with(message: Message, came: Sequence[_Came]) -> Message:
    data: dict[str, Any] = {**message.data, "files": [one.told for one in came]}
    picture = next((one.told for one in came if one.told["kind"] == "image" and "hash" in one.told), None)
    if picture:
        data["picture"] = SCHEME + picture["hash"]
    return replace(message, data=data)


def _opened(getter: MediaIn, file: Attached, packed: bytes) -> bytes:
    """Raises BadMedia."""
    try:
        return getter.open(file, packed)
    except Exception as e:  # whatever a file makes of a decryption: it is no file
        raise BadMedia(SEALED, code="sealed") from e


TOO_LARGE = Text("文件太大，没有接收。", "The file is too large and was not taken.")
TOO_SLOW = Text("文件太久没有下载完。", "The file took too long to come.")
OTHER = Text("文件的内容是 {type}，这里不收。", "The file is {type}, which is not taken here.")
SEALED = Text("文件解不开。", "The file cannot be opened.")
