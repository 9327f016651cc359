"""What came with a message: got from the platform, looked at, kept, and made fit for a turn.

A picture is shown to models that see, also when the platform's link to it is dead. Voice that the platform
did not put into words is listened to by a model. All is here before the turn begins, once: what an earlier
process got is not got again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from runtime.channels import Attached, MediaIn
from runtime.crash import crashpoint
from runtime.errors import BadMedia, HongyanError
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.gateway.spent import lasting
from runtime.lang import Text
from runtime.media.kept import SCHEME, KeptMedia
from runtime.media.looking import look
from runtime.message import Message
from runtime.off_loop import off_loop
from runtime.senses.senses import Senses
from runtime.store.messages.media import KeptFile
from runtime.store.messages.message_json import dump, load
from runtime.turn.beside_text import files_of
from runtime.turn.events import Sensed

log = logging.getLogger(__name__)

MOST = 9
"""Files of one message: as many pictures as a phone sends at once."""
SECONDS = 60.0
"""For getting one."""
SENSED, MESSAGE = "sensed", "message"
"""The steps of a turn: what models saw and heard, and what its message is in their words."""
LONGEST_NAME = 120


@dataclass(frozen=True)
class _Came:
    """What became of one file. `told`: as it stands in the message's data."""

    told: Mapping[str, Any]
    file: KeptFile | None = None


class Attachments:
    def __init__(self, context: Context, sender: Sender, kept: KeptMedia, senses: Senses | None) -> None:
        self._records = context.messages.media
        self._steps = context.messages.steps
        self._sender = sender
        self._kept = kept
        self._senses = senses

    async def take(self, job: Job, stops: Callable[[Job], Awaitable[bool]]) -> None:
        """The job's message, with what came with it, and that in words where its models need them. What
        cannot be got is told in words; nothing is raised for what a file, its server or a model does.
        `stops`: whether a check stops a file that came, so that no model is shown it."""
        came_whole = job.message.came_whole
        own = [
            KeptFile(one["hash"], one["type"], one["bytes"])
            for one in (files_of(job.message.data) if came_whole else ())
        ]
        if own:
            await patiently(job.seq, lambda: self._records.belong(job.seq, own))
        if job.resumed and (known := await self._steps.recall(job.seq, SENSED)):
            job.sensed = [Sensed.from_json(one) for one in known]
            data = job.message.data.keys()
            if ("files" in data and not came_whole) or data & {"described", "unseen"}:
                return
            if told := await self._steps.recall(job.seq, MESSAGE):
                # It was put into words and paid for, and is not yet the message that is stored.
                job.message = load(told["message"])
                files = [KeptFile(*file) for file in told["files"]]
                return await patiently(job.seq, lambda: self._kept_with(job, files))
        came = await self._came(job)
        before = job.message
        job.stopped = await stops(job)
        if self._senses and not job.sensed and not job.stopped:
            job.message, job.sensed = await self._senses.taken_in(job.surface.agent, job.message)
        files = [one.file for one in came if one.file]
        if job.sensed:
            told = {"message": dump(job.message), "files": [[*astuple(file)] for file in files]}
            sensed = [one.to_json() for one in job.sensed]
            await lasting(self._steps, job.seq, {SENSED: sensed, MESSAGE: told})
        if came or job.message is not before:
            crashpoint("after_media")
            await patiently(job.seq, lambda: self._kept_with(job, files))

    async def _kept_with(self, job: Job, files: Sequence[KeptFile]) -> None:
        if not await self._records.came(job.seq, job.message, files):
            await self._kept.remove(await self._records.unused({file.hash for file in files}))

    async def _came(self, job: Job) -> Sequence[_Came]:
        """The files that came with it and were not got before; the job's message tells of them."""
        getter, message = job.surface.getter, job.message
        if getter is None or "files" in message.data:
            return ()
        attached = list(getter.attached(message))[:MOST]
        came = await asyncio.gather(*(self._got(job, getter, file) for file in attached))
        if came:
            job.message = _with(message, came)
        return came

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
                hash = await self._kept.keep(content, job.lane)
        except TimeoutError:
            return self._lost(job, told, "slow", TOO_SLOW)
        except HongyanError as e:
            return self._lost(job, told, e.code or "unreadable", e.text)
        kept = KeptFile(hash, looked.type, len(content))
        told |= {"hash": hash, "type": looked.type, "bytes": len(content)}
        return _Came(told, kept)

    def _lost(self, job: Job, told: Mapping[str, Any], code: str, why: Text) -> _Came:
        log.warning("a file of message %s of %s is not here: %s", job.seq, job.surface.id, why.en)
        return _Came({**told, "lost": code[:40]})


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
