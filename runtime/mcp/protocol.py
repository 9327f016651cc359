"""What is said to an MCP server and what of its answers is taken: typed, bounded, and nothing believed.

https://modelcontextprotocol.io/specification/2025-11-25
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from runtime import wellformed
from runtime.errors import ToolFailed
from runtime.lang import Text

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Of the protocol, the newest first."""
MOST_PAGES = 20
MOST_TOOLS = 500
LONGEST_NAME = 128
LONGEST_TOLD = 1024
"""Characters of what a tool says of itself."""
LONGEST = 8000
"""Characters of a result that the model is shown."""
MOST_BYTES = 2_000_000
"""Of one answer."""
DEEPEST = 40

Json = dict[str, Any]

REFUSED = Text("MCP 服务器拒绝了（{code}）：{why}", "The MCP server refused ({code}): {why}")
NO_ANSWER = Text("MCP 服务器没有给出回答。", "The MCP server gave no answer.")
NOT_SPOKEN = Text(
    "这个网址说的不是 MCP，或者版本太新（{version}）。",
    "This speaks no MCP, or one that is too new ({version}).",
)
FAILED = Text("工具报告失败：{why}", "The tool says that it failed: {why}")


class Peer(Protocol):
    """A server that was introduced."""

    async def ask(self, method: str, params: Mapping[str, Any], seconds: float) -> Json:
        """The result. Raises ToolFailed."""
        ...


@dataclass(frozen=True)
class Remote:
    """A tool of a server. `schema`: of its arguments, as it was sent."""

    name: str
    told: str
    schema: Json

    @property
    def digest(self) -> str:
        """What tells whether it is the same still."""
        said = json.dumps([self.name, self.told, self.schema], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def request(id: int, method: str, params: Mapping[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()


def notice(method: str) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": method}).encode()


INTRODUCTION = {
    "protocolVersion": VERSIONS[0],
    "capabilities": {},
    "clientInfo": {"name": "hongyan", "version": "1"},
}


def version_of(result: Mapping[str, Any]) -> str:
    """Of the protocol that the server speaks from now on. Raises ToolFailed."""
    version = result.get("protocolVersion")
    if version not in VERSIONS:
        raise ToolFailed(NOT_SPOKEN.fill(version=str(version)[:40]))
    return str(version)


def answer_in(messages: Sequence[Any], id: int) -> Json | None:
    """The result to the request with that id, if it is among them. Raises ToolFailed for an error."""
    for said in messages:
        if not isinstance(said, dict) or said.get("id") != id or isinstance(said.get("id"), bool):
            continue
        error = said.get("error")
        if isinstance(error, dict):
            code, why = error.get("code"), str(error.get("message") or "")[:300]
            raise ToolFailed(
                REFUSED.fill(code=code if isinstance(code, int) else "?", why=wellformed.text(why))
            )
        if isinstance(said.get("result"), dict):
            return dict(said["result"])
    return None


def events_in(text: str) -> list[Any]:
    """The JSON messages of a stream of server-sent events; what is none is left out."""
    found = []
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        lines = [line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:")]
        if lines:
            try:
                found.append(wellformed.load("\n".join(lines), deepest=DEEPEST))
            except ValueError:
                continue
    return found


async def tools_of(peer: Peer, seconds: float) -> list[Remote]:
    """All that it has, the first of each name. Raises ToolFailed."""
    found: dict[str, Remote] = {}
    params: Json = {}
    for _ in range(MOST_PAGES):
        page = await peer.ask("tools/list", params, seconds)
        raw = page.get("tools")
        for one in raw if isinstance(raw, list) else ():
            remote = _remote(one)
            if remote and len(found) < MOST_TOOLS:
                found.setdefault(remote.name, remote)
        cursor = page.get("nextCursor")
        if not isinstance(cursor, str) or not cursor or len(cursor) > 2000 or len(found) >= MOST_TOOLS:
            break
        params = {"cursor": cursor}
    return list(found.values())


def _remote(raw: Any) -> Remote | None:
    if not isinstance(raw, dict) or not isinstance(name := raw.get("name"), str):
        return None
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return None
    schema = raw.get("inputSchema")
    return Remote(
        name,
        str(raw.get("description") or raw.get("title") or ""),
        schema if isinstance(schema, dict) else {},
    )


def told(result: Mapping[str, Any]) -> Any:
    """What a result says: its data where it gives some, else its text. Raises ToolFailed when it failed."""
    raw = result.get("content")
    text = "\n".join(filter(None, map(_words, (raw if isinstance(raw, list) else [])[:200])))
    if result.get("isError") is True:
        raise ToolFailed(FAILED.fill(why=text.strip()[:1000] or "…"))
    data = result.get("structuredContent")
    if isinstance(data, dict) and len(json.dumps(data, ensure_ascii=False)) <= LONGEST:
        return data
    return {"text": text[:LONGEST], "cut": True} if len(text) > LONGEST else {"text": text}


def _words(part: Any) -> str:
    """One part of a result in words."""
    if not isinstance(part, dict):
        return ""
    kind, inside = part.get("type"), part.get("resource")
    if kind == "text":
        return str(part.get("text") or "")
    if kind == "resource" and isinstance(inside, dict):
        return str(inside.get("text") or f"[{str(inside.get('uri') or '')[:500]}]")
    if kind == "resource_link":
        return f"{str(part.get('name') or '')[:200]} {str(part.get('uri') or '')[:1000]}".strip()
    return f"[{str(kind)[:40]}]"
