"""Which name of JavaScript is which of Python: blocks have names of their own there, and functions here."""

import builtins
import keyword
import re
from collections.abc import Iterator

MODULES = ("base64", "datetime", "json", "math", "random", "re", "timedelta", "timezone")
TAKEN = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *MODULES, "result"}


class Scope:
    """A function's: its blocks from outside in, and what it sets of the functions around it."""

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.blocks: list[dict[str, str]] = [{}]
        self.sets: dict[str, None] = {}
        self.repeats = 0
        """How many loops it is in now."""

    def declare(self, name: str, block: int = -1) -> str:
        """A name for it that nothing else has which can be seen here."""
        if name in self.blocks[block]:
            return self.blocks[block][name]
        stem = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
        stem = (
            f"{stem}_"
            if stem in TAKEN or stem.startswith(("js_", "in_", "__")) or stem[0].isdigit()
            else stem
        )
        seen, found, number = set(self._seen()), stem, 1
        while found in seen:
            number += 1
            found = f"{stem}_{number}"
        self.blocks[block][name] = found
        return found

    def _seen(self) -> Iterator[str]:
        scope: Scope | None = self
        while scope is not None:
            for block in scope.blocks:
                yield from block.values()
            scope = scope.outer

    def is_repeated(self) -> bool:
        """Whether it stands in a loop, of this function or of one around it."""
        return self.repeats > 0 or (self.outer is not None and self.outer.is_repeated())

    def find(self, name: str) -> str | None:
        scope: Scope | None = self
        while scope is not None:
            for block in reversed(scope.blocks):
                if name in block:
                    return block[name]
            scope = scope.outer
        return None

    def set(self, name: str) -> str:
        """What is assigned to; what nobody declared is this function's."""
        if any(name in block for block in self.blocks):
            found = self.find(name)
        else:
            found = self.outer.find(name) if self.outer else None
            if found is not None:
                self.sets[found] = None
        return self.declare(name, 0) if found is None else found
