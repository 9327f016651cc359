"""The MCP programs that this installation allows, as its owner writes them: `name=command arguments; …`.

`name(shared)=…` is a program that keeps nothing of whoever asks: one of it serves everybody.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from runtime.errors import Wrong
from runtime.lang import Text

COMMANDS = "HONGYAN_MCP_COMMANDS"
NAME = re.compile(r"([a-z0-9][a-z0-9_-]{0,63})(\(shared\))?")

ODD = Text(
    "里的「{entry}」应写成 名称=命令 参数，多个用分号分开，例如 files=uvx mcp-server-files /data",
    "has {entry!r}, which should be name=command arguments, with a semicolon between several, "
    "e.g. files=uvx mcp-server-files /data",
)


class Command(NamedTuple):
    """What may be run. `is_shared`: it keeps nothing of whoever asks, so that one serves everybody."""

    words: Sequence[str]
    is_shared: bool = False


def allowed(environ: Mapping[str, str]) -> Mapping[str, Command]:
    """Those of the environment. Raises Wrong."""
    return parsed(environ.get(COMMANDS, ""))


def parsed(text: str) -> Mapping[str, Command]:
    """Each command with its arguments, by name. Raises Wrong."""
    found: dict[str, Command] = {}
    for entry in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        name, _, command = entry.partition("=")
        try:
            words = shlex.split(command)
        except ValueError:
            words = []
        match = NAME.fullmatch(name.strip())
        if not words or not match or match[1] in found:
            raise Wrong(ODD.fill(entry=entry[:80]))
        found[match[1]] = Command(words, bool(match[2]))
    return found
