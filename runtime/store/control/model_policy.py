"""What the owner decided about models: rules that choose among them, what they cost and may cost."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, as_it_is, listed
from runtime.models.budgets import Budget
from runtime.models.prices import Price
from runtime.models.providers import PROVIDERS
from runtime.models.routes import DEEPEST, Route
from runtime.models.told_headers import ToldHeaders
from runtime.store.control.model_endpoints import ModelEndpoints
from runtime.store.control.table import Table

R = TypeVar("R", Price, Budget)

TAKEN = ("default", "demo", *PROVIDERS)
"""Names that mean something already."""
MOST = 100
"""Names with rules."""
NO_ROUTE = Text("没有叫「{name}」的路由。", "There are no rules named {name!r}.")
NAMED = Text(
    "「{name}」已经是服务商、模型接口、路由或内置的名称，请换一个。",
    "{name!r} is the name of a provider, an endpoint, of rules or something built in; choose another.",
)
CIRCLE = Text(
    "「{name}」会绕回自己：{way}。请改掉其中一处。",
    "{name!r} leads back to itself: {way}. Change one of these.",
)
NOBODY = Text(
    "「{model}」既不是「服务商/模型」，也不是一个路由的名称。",
    "{model!r} is neither provider/model nor a name with rules.",
)
TOO_DEEP = Text(
    "从「{name}」开始，路由套路由超过了 {most} 层。",
    "From {name!r} on, rules lead to rules more than {most} times.",
)
USED = Text(
    "还有别处用着「{name}」：{users}。请先改掉。", "{name!r} is still used by {users}; change that first."
)
ENOUGH = Text("最多 {most} 个。", "There may be {most} at most.")


class ModelPolicy:
    """Implements models.policy.Policy; see Control for what every method may raise."""

    def __init__(
        self, folder: Path, endpoints: ModelEndpoints, default: Callable[[], str], zone: Callable[[], str]
    ) -> None:
        """`zone`: whose midnight begins a day. All is read here: nobody is answered by a guess at what it
        costs, and may cost. Raises Unreadable."""
        self._endpoints, self._default, self.zone = endpoints, default, zone
        self._routes = Table(folder / "routes.json", Route)
        self._prices = Table(folder / "prices.json", Price)
        self._budgets = Table(folder / "budgets.json", Budget, must=True)
        self._headers = Table(folder / "told_headers.json", ToldHeaders)
        for one in (self._routes, self._prices, self._budgets, self._headers):
            one.all()

    def told_headers(self) -> ToldHeaders:
        return self._headers.get("told_headers") or ToldHeaders()

    def headers(self) -> Mapping[str, str]:
        return self.told_headers().headers()

    def save_headers(self, headers: ToldHeaders) -> None:
        """They go along with the next question."""
        self._headers.put(headers)

    def price(self, model: str) -> Price | None:
        return self._prices.get(model)

    def prices(self) -> list[Price]:
        return list(self._prices.all().values())

    def save_prices(self, prices: Sequence[Price], *, by: str = "") -> None:
        """These and no others."""
        self.change_prices(lambda now: prices, by=by)

    def change_prices(
        self, change: Callable[[Sequence[Price]], Sequence[Price]], *, by: str = ""
    ) -> Sequence[Price]:
        """While nobody else changes them; what they were. Raises what `change` does, BadSettings."""
        return _changed(self._prices, change, by)

    def budgets(self) -> list[Budget]:
        return list(self._budgets.all().values())

    def save_budgets(self, budgets: Sequence[Budget], *, by: str = "") -> None:
        """These and no others."""
        self.change_budgets(lambda now: budgets, by=by)

    def change_budgets(
        self, change: Callable[[Sequence[Budget]], Sequence[Budget]], *, by: str = ""
    ) -> Sequence[Budget]:
        """As `change_prices`."""
        return _changed(self._budgets, change, by)

    def route(self, name: str) -> Route | None:
        """The rules of that name."""
        return self._routes.get(name)

    def routes(self) -> list[Route]:
        """Oldest first."""
        return list(self._routes.all().values())

    def save_route(self, route: Route, *, by: str = "", place: int = 0) -> None:
        """Add or change them. `place`: as `place_of` told it. Raises BadSettings naming the field: a name
        that is taken, or a circle."""
        with self._routes.exclusive():
            known = self._routes.all()
            if route.id in TAKEN or self._is_endpoint(route.id):
                raise BadSettings(NAMED.fill(name=route.id), field="id")
            if route.id not in known and len(known) >= MOST:
                raise BadSettings(ENOUGH.fill(most=MOST), field="id")
            after = {**known, route.id: route}
            for model in sorted(route.leads_to):
                if not ("/" in model or model == "default" or model in after or self._is_endpoint(model)):
                    raise BadSettings(NOBODY.fill(model=model), field="models")
            self._refuse_circles(after, self._default())
            self._routes.put(route.model_copy(update={"by": by}), place=place)

    def check_default(self, model: str) -> None:
        """Raises BadSettings when that as the default model would lead back to itself."""
        if model in self._routes.all():
            self._refuse_circles(self._routes.all(), model)

    def place_of(self, name: str) -> int:
        """Of rules, among the others: for `save_route`."""
        return self._routes.place(name)

    def remove_route(self, name: str) -> None:
        """Raises NotFound; BadSettings while other rules, or the default model, lead to it."""
        with self._routes.exclusive():
            users = [one.id for one in self.routes() if name in one.leads_to and one.id != name]
            if self._default() == name:
                users.append("default")
            if users:
                raise BadSettings(USED.fill(name=name, users=listed(users)), field="id")
            if not self._routes.remove(name):
                raise NotFound(NO_ROUTE.fill(name=name))

    def is_route(self, name: str) -> bool:
        return name in self._routes.all()

    def _is_endpoint(self, name: str) -> bool:
        return any(one.name == name for one in self._endpoints.all())

    def _refuse_circles(self, routes: Mapping[str, Route], default: str) -> None:
        depths: dict[str, int] = {}

        def depth(name: str, way: tuple[str, ...]) -> int:
            """Of names with rules, one behind the other."""
            route = routes.get(default if name == "default" else name)
            if route is None:
                return 0
            if route.id in way:
                shown = " → ".join([*way[way.index(route.id) :], route.id])
                raise BadSettings(CIRCLE.fill(name=route.id, way=as_it_is(shown)), field="models")
            if route.id not in depths:
                behind = (depth(model, (*way, route.id)) for model in sorted(route.leads_to))
                depths[route.id] = 1 + max(behind)
            if depths[route.id] > DEEPEST:
                raise BadSettings(TOO_DEEP.fill(name=route.id, most=DEEPEST), field="models")
            return depths[route.id]

        for name in routes:
            depth(name, ())


def _changed(table: Table[R], change: Callable[[Sequence[R]], Sequence[R]], by: str) -> Sequence[R]:
    """What they were; whoever did not change one is not who wrote it."""
    with table.exclusive():
        before = table.all()
        after = list(change(list(before.values())))
        if len(after) > MOST:
            raise BadSettings(ENOUGH.fill(most=MOST))
        for gone in before.keys() - {record.id for record in after}:
            table.remove(gone)
        for record in after:
            known = before.get(record.id)
            if known is None or known.model_copy(update={"by": ""}) != record.model_copy(update={"by": ""}):
                table.put(record.model_copy(update={"by": by}))
        return list(before.values())
