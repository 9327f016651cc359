"""Read a description on standard input; say on standard output which operations it has."""

import json
import os
import sys
from typing import Any

from runtime.confined import settle
from runtime.openapi.document import Document, NoDescription, load
from runtime.openapi.operations import Operation, Unusable, operations, settings, short


def main() -> None:
    options = json.loads(sys.argv[1])
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace", newline="\n")
    settle(options["parent"], options["cpu"], options["memory"])
    import yaml  # type: ignore[import-untyped] # noqa: F401 # its files are not opened once hostile bytes are read

    os.dup2(2, 1)
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        said = _read(load(text), options)
    except NoDescription as e:
        said = {"wrong": e.why, "detail": e.detail}
    except MemoryError:
        said = {"wrong": "memory", "detail": ""}
    except RecursionError:
        said = {"wrong": "too_deep", "detail": ""}
    out.write(json.dumps(said))
    out.flush()
    os._exit(0)


def _read(document: Document, options: dict[str, Any]) -> dict[str, Any]:
    servers = document.servers(options["base"])
    server = options["server"] or next(iter(servers), "")
    chosen = set(options["chosen"])
    found: list[dict[str, Any]] = []
    tools: list[dict[str, Any]] = []
    for operation in operations(document):
        if operation.key in chosen or len(found) < options["most"]:
            made = _made(document, operation, server, options["base"])
            why = made if isinstance(made, str) else ""
            found.append(short(document, operation, why))
            if operation.key in chosen and isinstance(made, dict):
                tools.append(made)
    return {"title": document.title, "servers": servers, "operations": found, "tools": tools}


def _made(document: Document, operation: Operation, server: str, base: str) -> dict[str, Any] | str:
    """A tool's settings, or why there are none."""
    try:
        return settings(document, operation, server, base)
    except Unusable as e:
        return str(e)


if __name__ == "__main__":
    main()
