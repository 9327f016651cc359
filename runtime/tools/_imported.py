"""The ability of tools that are chosen among what a source offers, rather than written by hand."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from runtime.lang import NOTHING, Text
from runtime.schema import Strict, widget
from runtime.tools._env import Env
from runtime.tools._own_names import is_own


@dataclass(frozen=True)
class Offered:
    """One tool of a source. `key`: as it is chosen; `why` it cannot be; `state`: of one that is in use."""

    key: str
    name: str
    title: str
    group: str = ""
    old: bool = False
    why: Text = NOTHING
    state: Literal["", "same", "changed"] = ""

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "why": self.why.by_language()}


@dataclass(frozen=True)
class Offer:
    """What a source has. `gone`: keys that are in use and not there any more."""

    title: str
    tools: Sequence[Offered]
    gone: Sequence[str] = ()
    servers: Sequence[str] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        tools = [one.to_json() for one in self.tools]
        return {"title": self.title, "tools": tools, "gone": list(self.gone), "servers": list(self.servers)}


class Imported(ABC):
    """`Source`: the form of where they come from. Both methods raise Invalid and ToolFailed."""

    Source: ClassVar[type[Strict]]

    @classmethod
    @abstractmethod
    async def offered(cls, source: Any, env: Env, known: Mapping[str, str]) -> Offer:
        """`known`: those in use by key, with what told them then from what they may be now."""

    @classmethod
    @abstractmethod
    async def taken(cls, source: Any, env: Env, keys: Collection[str]) -> list[dict[str, Any]]:
        """Settings of tools of this type."""

    @classmethod
    def still_fitting(cls, settings: dict[str, Any]) -> dict[str, Any]:
        """Settings of before and after a change, without what is no longer there."""
        return settings

    @property
    @abstractmethod
    def origin(self) -> tuple[str, str, str]:
        """Where it is from, its key there, and what tells whether it is the same still."""


def joined(
    kind: Any, taken: Iterable[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]], prefix: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """A block's `tools` with those that were taken, and the names that had to change.

    One that is there already is changed at its place: what its owner set stays, as far as it still fits.
    """
    places = {kind.model_validate(one).origin[1]: one for one in taken}
    found = []
    for tool in tools:
        try:
            key = kind.model_validate(tool).origin[1] if tool.get("type") == _type(kind) else ""
        except ValueError:
            key = ""
        found.append(_renewed(kind, tool, places.pop(key)) if key in places else dict(tool))
    names = [str(tool.get("name") or tool.get("type")) for tool in found]
    added = apart(places.values(), names, prefix)
    renamed = [
        new["name"] for new, old in zip(added, places.values(), strict=True) if new["name"] != old["name"]
    ]
    return [*found, *added], renamed


def _type(kind: Any) -> str:
    return str(kind.model_fields["type"].annotation.__args__[0])


def _renewed(kind: Any, tool: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """`taken`, with what the owner set of `tool`."""
    frozen = {name for name, info in kind.model_fields.items() if widget(info) == "frozen"}
    own = {name: value for name, value in tool.items() if name not in frozen | {"description"}}
    renewed: dict[str, Any] = kind.still_fitting({**taken, **own})
    return renewed


def apart(tools: Iterable[Mapping[str, Any]], names: Collection[str], prefix: str) -> list[dict[str, Any]]:
    """The tools with names that differ from each other and from `names`; `prefix` goes before a taken one.

    The same tools among the same others get the same names.
    """
    taken = set(names)
    found = []
    for tool in tools:
        name = plain = str(tool["name"])
        if name in taken or is_own(name):
            name = plain = f"{function_name(prefix)[:24]}_{plain}"[:60]
        n = 2
        while name in taken or is_own(name):
            name, n = f"{plain}_{n}", n + 1
        taken.add(name)
        found.append({**tool, "name": name})
    return found


def function_name(said: str) -> str:
    """A function's name of any text: what models take, and nothing that could be read as something else."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", said).strip("_-")
    plain = re.sub(r"_{2,}", "_", plain)[:60].strip("_-") or "tool"
    return plain if re.match(r"[A-Za-z_]", plain) else f"t_{plain}"
