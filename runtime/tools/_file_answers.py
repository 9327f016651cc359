"""An answer that is a file: kept with the message, and given on as an address and a picture."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from runtime.errors import HongyanError, ToolFailed
from runtime.lang import Text
from runtime.network.fetched import Fetched
from runtime.tools._env import Env

LARGEST = 20_000_000
"""Bytes of one."""
ENDINGS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
STARTS: Mapping[str, bytes] = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}
TOO_LARGE = Text("文件太大，最多 20 MB。", "The file is too large: 20 MB at most.")
OTHER = Text("说是 {type}，内容却不是。", "It says that it is {type}, and its content is not.")
LINK = "Give the person `markdown` on a line of its own: a picture is shown, another file is a link."


async def kept(answer: Fetched, env: Env) -> dict[str, Any] | None:
    """What a tool gives on of it; None for what is no file that we keep. Raises ToolFailed."""
    type = answer.content_type.partition(";")[0].strip().lower()
    ending = ENDINGS.get(type, "")
    if env.makes is None or not (ending or type.startswith("image/")) or "svg" in type:
        return None
    if answer.cut:
        raise ToolFailed(TOO_LARGE)
    name = unquote(urlsplit(answer.url).path.rpartition("/")[2])[:40] or "file"
    if ending and not answer.body.startswith(STARTS[ending]):
        raise ToolFailed(OTHER.fill(type=type))
    try:
        if ending:
            made = await env.makes.make(name, ending, answer.body)
        else:
            made = await env.makes.make_picture(name.rpartition(".")[0] or name, answer.body)
    except HongyanError as e:
        raise ToolFailed(e.text) from None
    link = f"[{made.name}]({made.address})"
    file = {"name": made.name, "type": made.type, "bytes": made.bytes, "url": made.address}
    return {"status": answer.status, "file": file, "markdown": link if ending else f"!{link}", "note": LINK}
