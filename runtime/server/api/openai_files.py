"""Documents and sound that stand in a question to OpenAI's API, as base64: taken as any sender's files.

https://platform.openai.com/docs/guides/pdf-files and https://platform.openai.com/docs/guides/audio . Their
content says what they are; nothing is kept before all of them, and the rest of the question, are found good.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from runtime.agents.agent import Agent
from runtime.agents.answering import takes_files
from runtime.errors import BadMedia, Invalid
from runtime.lang import Text
from runtime.message import NAMES, Message
from runtime.off_loop import off_loop
from runtime.server.api.openai_tools import Typed
from runtime.server.api.streams import Streams
from runtime.server.api.taken_files import MEGABYTE, MOST, SentFile, look_at, name_of

MOST_BYTES = 12 * MEGABYTE
"""Of all files of a question together."""
LONGEST_HEAD = 200
"""Characters of what stands before the comma of a data: address."""
SOUNDS: Mapping[str, str] = {"wav": "audio/wav", "mp3": "audio/mpeg"}

NO_ID = Text(
    "不支持「{name}」，请直接放内容：文件放在 file_data（data:…;base64,…），图片放在 image_url。",
    "{name!r} is not supported; bring the content itself: of a file in file_data (data:…;base64,…), of a "
    "picture in image_url.",
)
NO_CONTENT = Text(
    "「{name}」里没有内容：文件写在 file_data 里，录音写在 data 里。",
    "There is nothing in {name!r}: a file stands in file_data, a recording in data.",
)
NOT_BASE64 = Text(
    "「{name}」的内容不是完整的 base64。请整个文件编码，不要换行；前面可以写 data:…;base64,。",
    "The content of {name!r} is no whole base64. Encode the whole file, without line breaks; "
    "data:…;base64, may stand before it.",
)
TOO_MUCH = Text(
    "一个问题最多 {most} 个文件和录音，一共 {megabytes} MB。",
    "A question has at most {most} files and recordings, {megabytes} MB together.",
).fill(most=MOST, megabytes=MOST_BYTES // MEGABYTE)
OTHER_SOUND = Text(
    "录音的内容不是 {format}，请在 format 里写对，或换成 wav、mp3。",
    "The recording is no {format}: say in format what it is, or make it wav or mp3.",
)
DEAF = Text(
    "这个智能体不听录音，请去掉「{name}」，或请它的主人选一个听语音的模型。",
    "This agent does not listen; leave {name!r} out, or have its owner choose a model that hears.",
)
BLIND = Text("这个智能体不看文件，请去掉「{name}」。", "This agent has no use for files; leave {name!r} out.")
NO_VIDEO = Text("视频没有模型看，请去掉它。", "No model here watches videos; leave it out.")


class FilePart(Typed):
    file_data: str | None = None
    filename: str | None = None
    file_id: str | None = None


class AudioPart(Typed):
    data: str
    format: Literal["wav", "mp3"]


@dataclass(frozen=True)
class Brought:
    """`part`: what OpenAI calls it; `data`: base64, perhaps as a data: address; `format`: of sound."""

    part: str
    data: str = field(repr=False)
    name: str = ""
    format: str = ""


@dataclass(frozen=True)
class Opened:
    """One of them, which is not kept yet."""

    file: SentFile
    content: bytes = field(repr=False)


def recorded(audio: AudioPart | None) -> Brought | None:
    return Brought("input_audio", audio.data, format=audio.format) if audio else None


def brought_in(file: FilePart | None) -> Brought | None:
    """Raises Invalid for a file of which only a name is there."""
    if file is None:
        return None
    if file.file_id:
        raise Invalid(NO_ID.fill(name="file_id"), field="messages", code="unsupported_value")
    return Brought("file", file.file_data or "", file.filename or "")


def in_words(file: FilePart | None) -> str:
    """One of an earlier message: as with other channels' files, its name."""
    if file is None:
        return NAMES["voice"]
    return f"{NAMES['file']} {name_of(file.filename or '')}".strip()


async def open_all(
    gateway: Streams, agent: Mapping[str, Any], brought: Sequence[Brought], field: str = "messages"
) -> Sequence[Opened]:
    """`agent`: its JSON as it was published. Raises Invalid where one is none, or it has no use for it."""
    if not brought:
        return ()
    loaded = Agent.load(agent)
    size = sum(len(one.data) for one in brought)
    if len(brought) > MOST or size > MOST_BYTES // 3 * 4 + len(brought) * LONGEST_HEAD:
        raise Invalid(TOO_MUCH, field=field, code="too_large")
    hears = gateway.senses is not None and gateway.senses.hears(loaded)
    try:
        opened = [await off_loop(_open, one) for one in brought]
        for came, one in zip(brought, opened, strict=True):
            _check(came, one.file, reads=takes_files(loaded), hears=hears)
    except Invalid as e:
        e.field = field
        raise
    return opened


async def keep(gateway: Streams, publication: str, message: Message, opened: Sequence[Opened]) -> None:
    """They are the sender's; they go in an hour unless the message is taken. Raises NotSaved."""
    for one in opened:
        await gateway.kept.keep(one.content, (publication, message.sender))


def _open(brought: Brought) -> Opened:
    """Raises Invalid, BadMedia."""
    data = brought.data
    if data[:5].lower() == "data:":
        head, _, data = brought.data.partition(",")
        if len(head) > LONGEST_HEAD or not head.lower().endswith(";base64"):
            raise Invalid(NOT_BASE64.fill(name=brought.part), code="invalid")
    if not data:
        raise Invalid(NO_CONTENT.fill(name=brought.part), code="invalid")
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(NOT_BASE64.fill(name=brought.part), code="invalid") from None
    return Opened(look_at(content, brought.name), content)


def _check(brought: Brought, file: SentFile, *, reads: bool, hears: bool) -> None:
    """Raises Invalid, BadMedia."""
    if brought.format and file.type != SOUNDS[brought.format]:
        raise BadMedia(OTHER_SOUND.fill(format=brought.format), code="invalid")
    if file.kind == "video":
        raise BadMedia(NO_VIDEO, code="unsupported_value")
    if file.kind == "voice" and not hears:
        raise Invalid(DEAF.fill(name=brought.part), code="unsupported_value")
    if file.kind == "file" and not reads:
        raise Invalid(BLIND.fill(name=brought.part), code="unsupported_value")
