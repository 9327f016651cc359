"""The MCP programs that this installation allows, as its owner writes them: `name=command arguments; …`."""

import re
import shlex
from collections.abc import Mapping, Sequence

from runtime.errors import Wrong
from runtime.lang import Text

COMMANDS = "HONGYAN_MCP_COMMANDS"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

ODD = Text(
    "里的「{entry}」应写成 名称=命令 参数，多个用分号分开，例如 files=uvx mcp-server-files /data",
    "has {entry!r}, which should be name=command arguments, with a semicolon between several, "
    "e.g. files=uvx mcp-server-files /data",
)


def allowed(environ: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Those of the environment. Raises Wrong."""
    return parsed(environ.get(COMMANDS, ""))


def parsed(text: str) -> Mapping[str, Sequence[str]]:
    """Each command with its arguments, by name. Raises Wrong."""
    found: dict[str, Sequence[str]] = {}
    for entry in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        name, _, command = entry.partition("=")
        try:
            words = shlex.split(command)
        except ValueError:
            words = []
        if not words or not NAME.fullmatch(name.strip()) or name.strip() in found:
            raise Wrong(ODD.fill(entry=entry[:80]))
        found[name.strip()] = words
    return found
