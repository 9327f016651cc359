"""YAML from outside as JSON would have said it: dates and times of day stay text."""

import re
from typing import Any

CLOCKS = ("int", "float")


class _NoClock:
    """Numbers, but none of base 60: 1:30 is text; to make a number of a million such figures takes hours."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    def match(self, value: str) -> re.Match[str] | None:
        return None if ":" in value else self._pattern.match(value)


def as_json(yaml: Any, *without: str) -> Any:
    """A safe loader for `yaml.load`. `yaml`: that module; `without`: further kinds that stay text."""
    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
    loader.yaml_implicit_resolvers = {
        first: [
            (tag, _numbers(tag, pattern))
            for tag, pattern in known
            if _kind(tag) not in ("timestamp", *without)
        ]
        for first, known in loader.yaml_implicit_resolvers.items()
    }
    return loader


def _kind(tag: str) -> str:
    return tag.rpartition(":")[2]


def _numbers(tag: str, pattern: re.Pattern[str]) -> Any:
    return _NoClock(pattern) if _kind(tag) in CLOCKS else pattern
