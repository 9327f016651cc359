"""Read what is open as standard input, and say it line by line on standard output."""

import base64
import json
import os
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from runtime.confined import settle
from runtime.knowledge.reading import (
    HEAD,
    At,
    Given,
    Item,
    NotRead,
    Pair,
    Scan,
    Section,
    Unread,
    kind_of,
    kinds,
)

MOST_CHARACTERS = 20_000_000
"""That are said of one source: a thousand novels' chapters."""
MOST_ITEMS = 500_000
LONGEST = 200_000
"""Characters of one section in one line; a longer one is said in several."""


def main() -> None:
    options = json.loads(sys.argv[1])
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace", newline="\n")
    settle(options["parent"], options["cpu"], options["memory"])
    sys.setrecursionlimit(500)
    os.dup2(2, 1)  # what a library prints is none of ours
    with os.fdopen(0, "rb") as file:
        try:
            _read(file, options, out)
        except NotRead as e:
            _say(out, Unread(e.why, detail=e.detail))
        except MemoryError:
            _say(out, Unread("memory"))
        except Exception as e:  # noqa: BLE001 # whatever hostile bytes make of a reader: the file is not read
            _say(out, Unread("broken", detail=type(e).__name__))
        out.write('["end"]\n')
        out.flush()
    os._exit(0)


def _read(file: BinaryIO, options: dict[str, Any], out: Any) -> None:
    head, size = file.read(HEAD), os.fstat(file.fileno()).st_size
    file.seek(0)
    given = Given(
        file, head, size, options["ending"], options["first"], frozenset(options["skip"]), options["scans"]
    )
    name = kind_of(given)
    file.seek(0)
    _line(out, ["kind", name])
    if options.get("shown"):
        if (shown := kinds()[name].shown) is not None:
            _say(out, shown(given))
        return
    left = MOST_CHARACTERS
    for count, item in enumerate(kinds()[name].read(given)):
        left -= _size(item)
        if left < 0 or count > MOST_ITEMS:
            raise NotRead("too_long")
        _say(out, item)


def _size(item: Item) -> int:
    if isinstance(item, Section):
        return len(item.text) + sum(map(len, item.headings))
    return len(item.answer) + sum(map(len, item.questions)) if isinstance(item, Pair) else 0


def _say(out: Any, item: Item) -> None:
    if isinstance(item, Section):
        for start in range(0, max(len(item.text), 1), LONGEST):
            _line(out, ["section", {**asdict(item), "text": item.text[start : start + LONGEST]}])
    elif isinstance(item, Scan):
        _line(out, ["scan", {**asdict(item), "picture": base64.b64encode(item.picture).decode()}])
    else:
        name = {Pair: "pair", At: "at", Unread: "unread"}[type(item)]
        _line(out, [name, asdict(item)])


def _line(out: Any, said: list[Any]) -> None:
    out.write(json.dumps(said, ensure_ascii=False) + "\n")
    if said[0] in ("at", "kind", "scan"):
        out.flush()


if __name__ == "__main__":
    main()
