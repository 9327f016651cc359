"""One agent as a file: found by its id, read strictly, named by its revision."""

import contextlib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.strict_json import LARGEST, parse, to_bytes
from runtime.errors import BadAgent, NotFound
from runtime.lang import Text

PRIVATE = 0o600
"""Mode of an agent's file: it may hold what only its owner should read."""

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""Names that Windows takes for a device, with any ending: a checkout there could not hold such a file.

https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
"""


@dataclass(frozen=True)
class AgentFile:
    """`revision` names these bytes on disk; `changed` is in seconds since 1970."""

    agent: Agent
    revision: str
    changed: float


def path_of(id: str, folder: Path) -> Path:
    """The only way from a name to a path. Raises NotFound when it cannot be an id."""
    if not ID.fullmatch(id):
        raise no_agent(id)
    return folder / f"{id}.json"


def refuse_device(id: str) -> None:
    """For a new agent; one that is there already stays. Raises BadAgent."""
    if DEVICE.fullmatch(id):
        raise BadAgent(
            Text(
                "编号不能是「{id}」：在 Windows 上这是设备的名字，存不成文件。请换一个，例如 {id}-agent。",
                "The id cannot be {id!r}: on Windows that is a device and no file. Take {id}-agent, say.",
            ).fill(id=id),
            field="id",
        )


def load(path: Path, id: str = "") -> AgentFile:
    """Raises NotFound, BadAgent. `id` is what the agent must be called, by default as the file."""
    id = id or path.stem
    if not ID.fullmatch(id):
        raise BadAgent(
            Text(
                "文件名只能用小写字母、数字、- 和 _。",
                "A file name may have lower-case letters, digits, - and _.",
            )
        )
    content = read(path)
    if content is None:
        raise no_agent(id)
    agent = Agent.load(parse(content))
    if agent.id != id:
        raise BadAgent(other_id(id, agent.id), field="id")
    return AgentFile(agent, revision_of(content), path.stat().st_mtime)


def read(path: Path) -> bytes | None:
    """None when there is no file. Raises BadAgent when it cannot be read."""
    if path.is_symlink():
        raise BadAgent(Text("它是一个链接，不是文件。", "It is a link, not a file."))
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as e:
        raise BadAgent(
            Text("读不了这个文件（{why}）。", "The file cannot be read ({why}).").fill(why=e.strerror)
        ) from e


def content_of(
    agent: Agent, written: Mapping[str, Any] | None, before: bytes | None, by_hand: bytes | None = None
) -> bytes:
    """What is on disk then. `written`: the agent as somebody wrote it; `before`: what is there, `by_hand`:
    what was, see by_hand.py: one of them that says just that stays byte for byte."""
    new = to_bytes(agent.to_json() if written is None else dict(written))
    if written is None or len(new) > LARGEST:
        return to_bytes(agent.to_json())
    found = {known: _numbered(dict(written), known) for known in (before, by_hand) if known is not None}
    for known, data in found.items():
        with contextlib.suppress(BadAgent):  # what cannot be read is replaced
            if to_bytes(data) == to_bytes(parse(known)):
                return known
    return to_bytes(found[before]) if before is not None else new


def _numbered(written: dict[str, Any], known: bytes) -> dict[str, Any]:
    """With each number written as it is there where it is the same: a browser has no 1.0."""
    with contextlib.suppress(BadAgent):
        data: dict[str, Any] = _as_there(written, parse(known))
        return data
    return written


def _as_there(new: Any, before: Any) -> Any:
    match new, before:
        case dict(), dict():
            return {name: _as_there(inner, before.get(name)) for name, inner in new.items()}
        case list(), list():
            objects = [one for one in before if isinstance(one, dict)]
            named = {one["id"]: one for one in objects if isinstance(one.get("id"), str)}
            beside = [*before, *[None] * len(new)]
            return [_as_there(one, _same_one(one, named, beside[i])) for i, one in enumerate(new)]
        case (bool(), _) | (_, bool()):
            return new
        case int() | float(), int() | float() if new == before:
            return before
    return new


def _same_one(one: Any, named: Mapping[str, Any], beside: Any) -> Any:
    id = one.get("id") if isinstance(one, dict) else None
    return named.get(id, beside) if isinstance(id, str) else beside


def revision_of(content: bytes | None) -> str:
    """Names the content; "" when there is no file."""
    return "" if content is None else hashlib.sha256(content).hexdigest()[:16]


def no_agent(id: str) -> NotFound:
    return NotFound(Text("没有「{id}」这个智能体。", "There is no agent {id!r}.").fill(id=id))


def other_id(file: str, inside: object) -> Text:
    return Text(
        "文件叫 {file}.json，里面的 id 却是「{inside}」；请改成一样的",
        "the file is {file}.json but its id is {inside!r}; make them the same",
    ).fill(file=file, inside=inside)


def slug(name: str) -> str:
    """An id made of the name's latin words; "" when it has none, as most Chinese names do."""
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:40].strip("-")
    return f"{slug}-agent" if DEVICE.fullmatch(slug) else slug
