"""Files in the playground: taken, looked at, kept for a while, and told with the messages that have them."""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from builder.actions.kept_chat import PLAYED
from builder.actions.lasting import brief, lasts
from builder.kept_path import address_of
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.errors import BadMedia, NotFound
from runtime.lang import Text
from runtime.media.looking import look
from runtime.media.stored import HASH
from runtime.message import Exchange, Kind, Message
from runtime.off_loop import off_loop
from runtime.senses.sending import with_files
from runtime.turn.events import Sensed

Json = dict[str, Any]

MOST = 9
"""Files of one message."""
MOST_BYTES = 20_000_000
"""Of one file: what the surfaces take at most."""
MOST_KEPT = 2_000_000_000
"""Bytes of all files that were sent here and are still kept."""
KEPT = "tried"
"""What is noted of a file that was sent here."""
MOST_VOICE = 3_000_000
"""Bytes of a voice that a page is sent."""
LONGEST_NAME = 120
LASTS = 30 * 86_400.0
"""Seconds that a file stays after it was sent last."""
MARK = "📎 "
SENT = "files"
"""The id, in a chat message's metadata, of one that has files; its log tells them."""
LOST = "lost"
"""In a file that was gone when it was sent: why."""
TOLD = ("name", "kind", "hash", "type", "bytes", "described", "pages", "read")

TOO_LARGE = Text("文件最大 {most} MB。", "A file may have {most} MB.").fill(most=MOST_BYTES // 1_000_000)
EMPTY = Text("文件是空的。", "The file is empty.")
TOO_MANY = Text(
    "试聊里的文件加起来太多了，过一会儿旧的会自动清掉，再传。",
    "All files of the playground together are too much: old ones go by themselves, try later.",
)
VIDEO = Text(
    "视频还看不了，请发图片、语音或文档。", "Video is not understood yet: send pictures, voice or documents."
)
GONE = Text("这段语音已经不在了。", "This voice is gone by now.")


@needs(Permission.AGENTS_RUN, on=SOME)
@lasts(Text("正在收下文件", "Taking the file in"))
async def keep_file(studio: Studio, name: str, file: IO[bytes]) -> Json:
    """What it is, once it is kept. Raises BadMedia, NotSaved."""
    content = await off_loop(file.read, MOST_BYTES + 1)
    if not content:
        raise BadMedia(EMPTY, code="empty")
    if len(content) > MOST_BYTES:
        raise BadMedia(TOO_LARGE, code="too_large")
    looked = await off_loop(look, content)
    if looked.kind == "video":
        raise BadMedia(VIDEO, code="type")
    kept = studio.senses.kept
    if await kept.room_of(KEPT) + len(content) > MOST_KEPT:
        raise BadMedia(TOO_MANY, code="too_many")
    hash = await kept.keep(content)
    await kept.keep_note(hash, KEPT, {})
    return {
        "name": _shown_name(name) or f"file.{looked.ending}",
        "kind": looked.kind,
        "hash": hash,
        "type": looked.type,
        "bytes": len(content),
    }


@needs(Permission.AGENTS_RUN, on=SOME)
@brief("a sound that is kept here")
async def voice(studio: Studio, hash: str) -> Json:
    """An answer that was read out, for the page to play. Raises NotFound."""
    content = await studio.senses.kept.read(str(hash)) if HASH.fullmatch(str(hash)) else None
    if content is None or len(content) > MOST_VOICE:
        raise NotFound(GONE)
    looked = await off_loop(look, content)
    if looked.kind != "voice":
        raise NotFound(GONE)
    return {"type": looked.type, "content": base64.b64encode(content).decode()}


async def sent_file(studio: Studio, hash: str, name: str = "") -> tuple[str, str, Path | bytes] | None:
    """What it is called, its type, and where it lies, or its bytes where it is sealed; None for what nobody
    sent here, or is not here any more."""
    kept = studio.senses.kept
    if not HASH.fullmatch(hash) or await kept.note(hash, KEPT) is None:
        return None
    content = await kept.read(hash)
    if not content:
        return None
    looked = await off_loop(look, content)
    try:
        where = await kept.where(hash)
    except OSError:  # it went just now
        return None
    return (_shown_name(name) or f"file.{looked.ending}", looked.type, where)


def _shown_name(name: str) -> str:
    return "".join(sign for sign in str(name) if sign.isprintable()).strip()[:LONGEST_NAME]


def checked(files: Any) -> list[Json]:
    """Files as the page told them, as far as they are any: their bytes are looked up by hash alone."""
    return [one for one in _told(files) if "hash" in one]


def _told(files: Any) -> list[Json]:
    """Those, too, that were lost when they were sent: they have no hash."""
    found = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    return [
        {
            name: one[name]
            for name in (*TOLD, LOST)
            if isinstance(one.get(name), str | int | bool)
            and (name != "hash" or HASH.fullmatch(str(one["hash"])))
        }
        for one in found[:MOST]
        if (HASH.fullmatch(str(one.get("hash", ""))) or one.get(LOST))
        and one.get("kind") in ("image", "voice", "file")
    ]


async def came_with(
    studio: Studio, agent: Agent, message: Message, files: Sequence[Mapping[str, Any]]
) -> tuple[Message, Sequence[Sensed]]:
    """The message with these files, in words as far as the agent's models need them so; what that took."""
    if not files:
        return message, ()
    return await studio.senses.taken_in(agent, await _with_files(studio, message, files))


async def _with_files(studio: Studio, message: Message, files: Sequence[Mapping[str, Any]]) -> Message:
    """They stay here for a while yet."""
    here = [dict(file) if await _used(studio, str(file.get("hash", ""))) else _lost(file) for file in files]
    return with_files(message, here)


async def _used(studio: Studio, hash: str) -> bool:
    """Whether it is here; then it stays as long as a link to the chat may last."""
    kept = studio.senses.kept
    if not hash or not await kept.use(hash):
        return False
    await kept.want(hash, time.time() + LASTS)
    return True


def said(text: str, files: Sequence[Mapping[str, Any]]) -> Json:
    """A chat message with files, from which `files_in` and `text_of` get them again."""
    lines = [f"{MARK}{file.get('name', '')}" for file in files]
    content = "\n".join([*lines, text] if text else lines)
    told = json.dumps(list(files), ensure_ascii=False)
    return {"role": "user", "content": content, "metadata": {"id": SENT, "log": told}}


def on_phone(text: str, files: Sequence[Mapping[str, Any]]) -> Json:
    """What a person wrote, and what came with it, for phone.js: each file as they see what they sent."""
    came = [
        {
            "name": str(file.get("name", "")),
            "kind": str(file.get("kind", "file")),
            "bytes": file.get("bytes") or 0,
            "url": address_of(file) if file.get("hash") else "",
        }
        for file in files
    ]
    return {"asked": text, **({"came": came} if came else {})}


def files_in(message: Mapping[str, Any]) -> list[Json]:
    """In the order of its lines; one without a hash was lost when it was sent."""
    metadata = message.get("metadata") or {}
    if message.get("role") != "user" or metadata.get("id") != SENT:
        return []
    try:
        return _told(json.loads(str(metadata.get("log", ""))))
    except (ValueError, RecursionError):
        return []


def text_of(content: str, files: Sequence[Mapping[str, Any]]) -> str:
    """What was written beside the files."""
    lines = content.split("\n")
    return (
        "\n".join(lines[len(files) :])
        if all(line.startswith(MARK) for line in lines[: len(files)])
        else content
    )


def shown_message(message: Json) -> Json:
    """As a chat shows it: its text apart from its files."""
    files = files_in(message)
    if not files:
        return message
    lines = [f"{MARK}{one.get('name', '')}" for one in files if "hash" not in one]
    text = text_of(message["content"], files)
    content = "\n".join([*lines, text] if text else lines)
    return {**message, "content": content, "files": [one for one in files if "hash" in one]}


def exchange(asked: Mapping[str, Any], content: str, reply: str) -> Exchange:
    """A chat message of a person, whose text with its files is `content`, and what was answered."""
    metadata = asked.get("metadata") or {}
    if metadata.get("id") == PLAYED:
        return Exchange(str(metadata.get("log", "")), reply, "start")
    files = files_in(asked)
    if not files:
        return Exchange(content, reply)
    words = "\n\n".join(file["described"] for file in files if file.get("described"))
    data = {"files": files, **({"described": words} if words else {})}
    kind: Kind = "image" if any(file["kind"] == "image" for file in files) else "file"
    return Exchange(text_of(content, files), reply, kind, data)


def _lost(file: Mapping[str, Any]) -> Json:
    return {**{name: value for name, value in file.items() if name != "hash"}, LOST: "gone"}
