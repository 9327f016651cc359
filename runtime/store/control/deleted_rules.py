"""Names with rules that were deleted, aside until they are had back or nobody can any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.locks import Alone
from runtime.models.routes import Route, route_of
from runtime.store.control.model_policy import NO_ROUTE, ModelPolicy
from runtime.trash import GONE, About, Deleted, Kind, Taken, Trash

TAKEN = Text(
    "已经有叫「{name}」的路由了，请换一个名称。",
    "There are rules named {name!r} already; choose another name.",
)


class DeletedRules:
    """Every method may raise NotSaved."""

    def __init__(self, data: Path, policy: ModelPolicy) -> None:
        self._policy = policy
        self._trash = Trash(data / "trash" / "rules", Kind(leaves=self._leaves, returns=self._returns))
        self._lock = Alone(data / "rules.lock")

    def settle(self) -> None:
        """What a crash broke off comes to its end."""
        if self._trash.begun():
            with self._alone():
                pass

    def take(self, name: str, *, by: str = "") -> str:
        """The token. Raises NotFound; BadSettings while other rules, or the default model, lead to it."""
        with self._alone():
            route = self._policy.route(name)
            if route is None:
                raise NotFound(NO_ROUTE.fill(name=name))
            told = {"route": route.model_dump(mode="json"), "place": self._policy.place_of(name)}
            return self._trash.take({"id": name, "name": name, "by": by, **told})

    def give_back(self, token: str, *, renamed: bool = False) -> str:
        """The name. `renamed`: beside what has it by now. Raises NotFound, BadSettings; Conflict when it is
        taken by now."""
        with self._alone():
            deleted = self._trash.find(token)
            about = dict(deleted.about)
            name = _route(about).id
            if renamed:
                name = self._free(name)
                about["route"] = {**about["route"], "id": name}
            elif self._policy.is_route(name):
                raise Taken(TAKEN.fill(name=name), field="id")
            self._trash.give_back(deleted, about)
            return name

    def listing(self) -> list[Deleted]:
        """What can be had back, the last one first."""
        with self._alone():
            return self._trash.listing()

    def drop(self, token: str) -> None:
        """Nobody can have it back any more."""
        with self._alone():
            self._trash.drop(token)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock():
            self._trash.settle()
            yield

    def _leaves(self, about: About) -> None:
        gone = _route(about)
        if self._policy.route(gone.id) == gone:
            self._policy.remove_route(gone.id)

    def _returns(self, about: About) -> None:
        route = _route(about)
        if self._policy.route(route.id) != route:
            self._policy.save_route(route, by=route.by, place=int(about.get("place", 0)))

    def _free(self, name: str) -> str:
        number = 2
        while self._policy.is_route(made := f"{name[:50]}-{number}"):
            number += 1
        return made


def _route(about: About) -> Route:
    """Raises NotFound for what no deletion can have said."""
    told: dict[str, Any] = dict(about.get("route", {}))
    by = str(told.pop("by", ""))
    try:
        return route_of(told).model_copy(update={"by": by})
    except BadSettings:
        raise NotFound(GONE) from None
