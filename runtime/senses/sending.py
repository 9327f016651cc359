"""A message with files that are kept here, as a surface would bring it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.media.kept import SCHEME
from runtime.message import Kind, Message


def with_files(message: Message, files: Sequence[Mapping[str, Any]]) -> Message:
    """`files`: name, kind, hash, type and bytes of each; without a hash it is lost."""
    kinds = {file["kind"] for file in files}
    kind: Kind = "image" if "image" in kinds else "file" if "file" in kinds or message.text else "voice"
    data: dict[str, Any] = {**message.data, "files": [dict(file) for file in files]}
    if picture := next((one for one in files if one["kind"] == "image" and "hash" in one), None):
        data["picture"] = SCHEME + picture["hash"]
    return replace(message, kind=kind, data=data)
