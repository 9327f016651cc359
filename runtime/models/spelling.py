"""Addresses that answer only when they are spelled another way: without /v1, or http where https is meant.

A server tells that by a redirect, a 404 or a web page. The other spelling is tried once, on the same host,
and kept while the program runs.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.endpoint_address import repaired
from runtime.models.targets import Target
from runtime.newest import Newest

TRIED = 1000
"""Addresses that are remembered."""


class Moved(ModelFailed):
    """The server sends us elsewhere, to `place`."""

    place: str = ""


def moved(target: Target, place: str) -> Moved:
    shown = place[:200] or "?"
    failure = Moved(
        Text(
            "「{name}」的地址会跳转到 {shown}。请到「模型」页把接口地址改成它（到 /v1 为止）。",
            "The address of {name} redirects to {shown}. Enter that on the Models page, up to /v1.",
        ).fill(name=target.name, shown=shown),
        code="not_found",
    )
    failure.place = place
    return failure


class Spelling:
    def __init__(self) -> None:
        self._right = Newest[str, str | None](TRIED)
        """By the address as it was given; None where no other spelling answered either."""

    def right(self, target: Target) -> Target:
        """With the spelling that answered before."""
        return replace(target, api_base=self._right.get(target.api_base) or target.api_base)

    def others(self, target: Target, failure: ModelFailed) -> list[Target]:
        """Other spellings that are worth one try after this failure."""
        if failure.code not in ("not_found", "malformed") or not target.api_base:
            return []
        if target.api_base in self._right:
            return []
        return [replace(target, api_base=base) for base in _others(target, failure)]

    def learn(self, target: Target, right: Target | None) -> None:
        """Which of them answered, if any did."""
        self._right[target.api_base] = right.api_base if right else None


def _others(target: Target, failure: ModelFailed) -> list[str]:
    base = target.api_base.rstrip("/")
    found = [_where(base, failure.place)] if isinstance(failure, Moved) else []
    if not urlsplit(base).path and target.speaks_openai:
        found += [f"{base}/v1"]
        found += [f"{place}/v1" for place in found[:1] if place and not urlsplit(place).path]
    return [place for place in dict.fromkeys(found) if place and place != base]


def _where(base: str, place: str) -> str:
    """The address behind a redirect, if the key may go there: the same host, and no less secret."""
    try:
        place = repaired(place.partition("?")[0])
        here, there = urlsplit(base), urlsplit(place)
        ports = (here.port, there.port)
    except ValueError:
        return ""
    if here.hostname != there.hostname:
        return ""
    same = here.scheme == there.scheme and ports[0] == ports[1]
    return place if same or there.scheme == "https" else ""
