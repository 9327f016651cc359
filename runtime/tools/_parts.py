"""A form whose parts may be files that the person sent (multipart/form-data, RFC 7578)."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools._env import Env
from runtime.tools._operand import Operand, written

PARTS = "multipart/form-data"
NOT_HERE = Text(
    "文件要在对话里发来才能用。", "A file has to be sent in a conversation before it can be used."
)


async def parts(operands: Sequence[Operand], values: Mapping[str, Any], env: Env) -> tuple[bytes, str]:
    """The body, and its kind with what stands between the parts. Raises ToolFailed."""
    between = secrets.token_hex(16)
    found = bytearray()
    for one in operands:
        if one.name not in values or one.place not in ("body", "file"):
            continue
        head = f'Content-Disposition: form-data; name="{_quoted(one.there)}"'
        if one.place == "file":
            if env.sent is None:
                raise ToolFailed(NOT_HERE)
            file = await env.sent.open(str(values[one.name]))
            head += f'; filename="{_quoted(file.name)}"\r\nContent-Type: {file.type}'
            content = file.content
        else:
            content = written(values[one.name]).encode()
        found += f"--{between}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    return bytes(found) + f"--{between}--\r\n".encode(), f"{PARTS}; boundary={between}"


def _quoted(name: str) -> str:
    """As browsers write it: nothing in a name ends it, or begins another header."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
