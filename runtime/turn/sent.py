"""Files that a person sent in a conversation, to be sent on by a tool: these, and nobody else's."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.errors import ToolFailed
from runtime.lang import Text, listed
from runtime.message import Exchange, Message

Reads = Callable[[str], Awaitable[bytes | None]]
"""The content that is kept under a hash."""
TYPE = re.compile(r"[a-z0-9]+/[a-z0-9.+-]+")
MOST_NAMED = 20
NONE = Text("对方还没有发过文件。", "The person has sent no file.")
UNKNOWN = Text("没有「{name}」这个文件，有：{names}", "There is no file {name!r}; there are: {names}")
GONE = Text("「{name}」已经不在了，请对方再发一次。", "{name!r} is gone; ask for it once more.")


@dataclass(frozen=True)
class SentBytes:
    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class SentHere:
    """Implements tools.Sent."""

    message: Message
    history: Sequence[Exchange]
    reads: Reads | None

    async def open(self, name: str) -> SentBytes:
        said = (self.message.data, *(past.data for past in reversed(self.history)))
        files = [one for data in said for one in reversed(_files(data))]
        if not files or self.reads is None:
            raise ToolFailed(NONE)
        name, names = name.strip(), [_name(one) for one in files]
        if name and name not in names:
            there = listed(dict.fromkeys(names[:MOST_NAMED]))
            raise ToolFailed(UNKNOWN.fill(name=name[:80], names=there))
        place = names.index(name) if name else 0
        content = await self.reads(str(files[place]["hash"]))
        if content is None:
            raise ToolFailed(GONE.fill(name=names[place]))
        type = str(files[place].get("type") or "")
        return SentBytes(names[place], type if TYPE.fullmatch(type) else "application/octet-stream", content)


def _files(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those that are kept, the latest last."""
    files = data.get("files")
    found = files if isinstance(files, list) else []
    return [one for one in found if isinstance(one, Mapping) and isinstance(one.get("hash"), str)]


def _name(file: Mapping[str, Any]) -> str:
    """What it is called; a picture has no name: what it is."""
    ending = str(file.get("type") or "").rpartition("/")[2]
    return str(file.get("name") or "")[:200] or f"{file.get('kind') or 'file'}.{ending or 'bin'}"
