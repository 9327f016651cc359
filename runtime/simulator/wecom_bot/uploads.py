"""Files that a bot brings: over its connection in pieces, and pictures in the end of a bubble.

https://developer.work.weixin.qq.com/document/path/101463
"""

import base64
import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator._shelf import Shelf

CHUNK, CHUNKS = 512 * 1024, 100
MOST_PICTURES, MOST_BYTES = 10, 10 * 1024 * 1024
WRONG = 40058
NO_UPLOAD = 846609


@dataclass
class _Upload:
    told: dict[str, Any]
    pieces: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """Announced, sent in pieces in any order, finished."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._running: dict[str, _Upload] = {}
        self._ids = itertools.count(1)

    def take(self, cmd: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """An errcode, and the body of the answer."""
        try:
            match cmd.rpartition("_")[2]:
                case "init":
                    return self._init(body)
                case "chunk":
                    return self._chunk(body)
                case "finish":
                    return self._finish(body)
        except (KeyError, TypeError, ValueError):
            pass
        return WRONG, {}

    def _init(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        size, count = body["total_size"], body["total_chunks"]
        if not body["filename"] or len(body["md5"]) != 32 or not 0 < count <= CHUNKS or size > count * CHUNK:
            return WRONG, {}
        id = f"upload-{next(self._ids)}"
        self._running[id] = _Upload(body)
        return 0, {"upload_id": id}

    def _chunk(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        upload = self._running.get(body["upload_id"])
        if upload is None:
            return NO_UPLOAD, {}
        piece = base64.b64decode(body["base64_data"], validate=True)
        if len(piece) > CHUNK or not 0 <= body["chunk_index"] < upload.told["total_chunks"]:
            return WRONG, {}
        upload.pieces[body["chunk_index"]] = piece
        return 0, {}

    def _finish(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        upload = self._running.get(body["upload_id"])
        if upload is None:
            return NO_UPLOAD, {}
        told, content = upload.told, b"".join(piece for _, piece in sorted(upload.pieces.items()))
        whole = len(upload.pieces) == told["total_chunks"] and len(content) == told["total_size"]
        if not whole or _md5(content) != told["md5"]:
            return WRONG, {}
        found = self._shelf.put(told["type"], told["filename"], content)
        if isinstance(found, int):
            return found, {}
        del self._running[body["upload_id"]]
        return 0, {"type": told["type"], "media_id": found, "created_at": "1795190402"}


def are_pictures(stream: dict[str, Any], items: object) -> bool:
    """Whether the end of a bubble may hold these."""
    if stream.get("finish") is not True or not isinstance(items, list) or len(items) > MOST_PICTURES:
        return False
    contents = pictures(stream)
    return all(
        len(content) <= MOST_BYTES
        and content.startswith((b"\xff\xd8\xff", b"\x89PNG"))
        and item["msgtype"] == "image"
        and item["image"]["md5"] == _md5(content)
        for item, content in zip(items, contents, strict=True)
    )


def pictures(stream: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(item["image"]["base64"]) for item in stream.get("msg_item", ())]


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
