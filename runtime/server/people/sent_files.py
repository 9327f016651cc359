"""What names a file that somebody sent from a page or an app of ours: a signed id.

    f-{what it is}.{mark}

The id says all that is known of the file and whose it is, and only we can make one; so nothing of a file is
kept beside it, and it goes, as any kept file does, an hour after it came unless a message has it.
"""

import base64
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.errors import Invalid
from runtime.lang import Text
from runtime.server.api.taken_files import LONGEST_NAME, SentFile

SHAPE = re.compile(r"f-([A-Za-z0-9_-]{20,1200})\.([0-9a-f]{32})", re.ASCII)
UNKNOWN = Text(
    "没有文件「{id}」：它不是您上传的，或上传已超过一小时。请重新上传。",
    "There is no file {id!r}: it is not yours, or was uploaded more than an hour ago. Upload it again.",
)


@dataclass(frozen=True)
class FileIds:
    """`marks`: see Control.marks_of; whose: publication and sender."""

    marks: Callable[[str], Sequence[str]]

    def id(self, file: SentFile, publication: str, sender: str) -> str:
        packed = _packed([file.kind, file.name, file.hash, file.type, file.bytes])
        return f"f-{packed}.{self.marks(_what(packed, publication, sender))[0][:32]}"

    def read(self, id: str, publication: str, sender: str) -> SentFile:
        """Raises Invalid for one that is not theirs."""
        found = SHAPE.fullmatch(id)
        if found is None:
            raise unknown(id)
        packed, mark = found.groups()
        marks = self.marks(_what(packed, publication, sender))
        if not any([hmac.compare_digest(one[:32], mark) for one in marks]):
            raise unknown(id)
        return SentFile(*json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))

    def of(self, told: Mapping[str, Any], publication: str, sender: str) -> Mapping[str, Any] | None:
        """A file of a message of theirs, as they are told of it; None where it is not here."""
        if not isinstance(told.get("hash"), str) or not isinstance(told.get("bytes"), int):
            return None
        kind, name = told.get("kind", "file"), str(told.get("name", ""))[:LONGEST_NAME]
        file = SentFile(kind, name, told["hash"], str(told.get("type", "")), told["bytes"])
        return {"id": self.id(file, publication, sender), "kind": kind, "name": name, "size": file.bytes}


def _packed(data: object) -> str:
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _what(packed: str, publication: str, sender: str) -> str:
    return f"a file of {publication} {sender} {packed}"


def unknown(id: str) -> Invalid:
    return Invalid(UNKNOWN.fill(id=id[:40]), field="files", code="file")
