"""What models cost and may cost in a day, on the models page."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from builder.actions import RESTORED, Notice
from builder.actions.lasting import brief
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings, Conflict
from runtime.lang import Text, listed
from runtime.models.budgets import Budget
from runtime.models.prices import Price
from runtime.schema import first_problem

Json = dict[str, Any]
R = TypeVar("R", Price, Budget)

LABELS = {
    "id": Text("模型", "Model"),
    "input": Text("提问的价格", "Price of questions"),
    "output": Text("回答的价格", "Price of answers"),
    "tokens": Text("Token", "Tokens"),
    "money": Text("金额", "Money"),
    "currency": Text("货币", "Currency"),
}
ELSEWHERE = Text(
    "「{id}」刚才被别人改过，没有保存。请关掉再打开，看看最新的。",
    "Somebody else changed {id!r} just now; not saved. Close this and open it again to see the latest.",
)
STAYS = Text("{names} 后来被别人改过，没有撤销。", "Somebody else changed {names} since; it was not undone.")
BUT = Text(
    "已恢复；{names} 后来被别人改过，保持不变。",
    "Restored, but for {names}, which somebody else changed since.",
)
TWICE = Text("「{id}」写了两次。", "{id!r} is there twice.")


@needs(Permission.MODELS_VIEW)
@brief("prices and budgets are in memory")
async def money(studio: Studio) -> Json:
    """The owner's prices, and budgets with what is spent of them today."""
    policy, spent = studio.control.policy, studio.services.budgets
    return {
        "prices": [price.model_dump(exclude={"by"}) for price in policy.prices()],
        "budgets": [
            {
                **budget.model_dump(exclude={"by"}),
                "left": round(100 * budget.left(spent.of_budget(budget))),
                "spent": vars(spent.of_budget(budget)),
            }
            for budget in policy.budgets()
        ],
    }


@needs(Permission.MODELS_EDIT)
@undone_by("restore_prices")
def set_prices(
    studio: Studio, who: Actor, prices: Sequence[Json], before: Sequence[Json] | None = None
) -> Notice:
    """All of them; they count from now on. `before`: what the page began with, so that what others changed
    since stays. Raises BadSettings naming "0.field", Conflict."""
    after = _checked(Price, prices)
    began = None if before is None else _checked(Price, _plain(Price, before))
    was = studio.control.policy.change_prices(lambda now: _met(now, began, after), by=who.id)
    said = Text(
        "已保存，从现在起按它算；以前的花费不变。",
        "Saved; it counts from now on, and changes no earlier cost.",
    )
    return Notice(said, undo=_undo(was, studio.control.policy.prices()))


@needs(Permission.MODELS_EDIT)
def restore_prices(studio: Studio, who: Actor, changes: Sequence[Json]) -> Notice:
    """Those that nobody changed since. Raises BadSettings, Conflict where that is none."""
    left: list[str] = []
    studio.control.policy.change_prices(lambda now: _taken_back(Price, now, changes, left), by=who.id)
    return _restored(left)


@needs(Permission.MODELS_EDIT)
@undone_by("restore_budgets")
def set_budgets(
    studio: Studio, who: Actor, budgets: Sequence[Json], before: Sequence[Json] | None = None
) -> Notice:
    """All of them, as `set_prices`. Raises BadSettings naming "0.field", Conflict."""
    after = _checked(Budget, budgets)
    began = None if before is None else _checked(Budget, _plain(Budget, before))
    was = studio.control.policy.change_budgets(lambda now: _met(now, began, after), by=who.id)
    return Notice(Text("已保存。", "Saved."), undo=_undo(was, studio.control.policy.budgets()))


@needs(Permission.MODELS_EDIT)
def restore_budgets(studio: Studio, who: Actor, changes: Sequence[Json]) -> Notice:
    """Those that nobody changed since. Raises BadSettings, Conflict where that is none."""
    left: list[str] = []
    studio.control.policy.change_budgets(lambda now: _taken_back(Budget, now, changes, left), by=who.id)
    return _restored(left)


def _met(now: Sequence[R], before: Sequence[R] | None, after: Sequence[R]) -> list[R]:
    """What is there, with what was changed from `before` to `after`. Raises Conflict where others changed the
    same meanwhile."""
    if before is None:
        return list(after)
    there: dict[str, R] = _by_id(now)
    began: dict[str, R] = _by_id(before)
    wanted: dict[str, R] = _by_id(after)
    for id in dict.fromkeys([*began, *wanted]):
        was: R | None = began.get(id)
        one: R | None = wanted.get(id)
        if was == one:
            continue
        if there.get(id) != was and there.get(id) != one:
            raise Conflict(ELSEWHERE.fill(id=id))
        _put(there, id, one)
    return list(there.values())


def _undo(before: Sequence[R], after: Sequence[R]) -> Json | None:
    """Where one of them went: each that changed, what it was and what it is."""
    was: dict[str, R] = _by_id(before)
    now: dict[str, R] = _by_id(after)
    if not was.keys() - now.keys():
        return None
    told = [{"was": _told(was.get(id)), "now": _told(now.get(id))} for id in dict.fromkeys([*was, *now])]
    return {"changes": [one for one in told if one["was"] != one["now"]]}


def _taken_back(kind: type[R], now: Sequence[R], changes: Sequence[Json], left: list[str]) -> list[R]:
    """`left`: gets the ids of those that others changed since, which stay."""
    there = _by_id(now)
    count = 0
    for change in changes:
        was = _one(kind, change.get("was"))
        then = _one(kind, change.get("now"))
        id = was.id if was else then.id if then else ""
        if id and there.get(id) == then:
            _put(there, id, was)
            count += 1
        else:
            left.append(id)
    if left and not count:
        raise Conflict(STAYS.fill(names=listed(left)))
    return list(there.values())


def _one(kind: type[R], row: Json | None) -> R | None:
    return _checked(kind, [row])[0] if row else None


def _restored(left: Sequence[str]) -> Notice:
    return Notice(BUT.fill(names=listed(left)) if left else RESTORED)


def _by_id(rows: Sequence[R]) -> dict[str, R]:
    """Whoever wrote them."""
    return {one.id: one.model_copy(update={"by": ""}) for one in rows}


def _put(rows: dict[str, R], id: str, one: R | None) -> None:
    if one is None:
        rows.pop(id, None)
    else:
        rows[id] = one


def _told(one: Price | Budget | None) -> Json | None:
    return one.model_dump(mode="json", exclude={"by"}) if one else None


def _plain(kind: type[R], rows: Sequence[Json]) -> list[Json]:
    """Without what the page shows beside them."""
    return [{name: value for name, value in one.items() if name in kind.model_fields} for one in rows]


def _checked(kind: type[R], rows: Sequence[Json]) -> list[R]:
    found: dict[str, R] = {}
    for place, given in enumerate(rows):
        try:
            one: R = kind.model_validate(given)
        except ValidationError as e:
            problem = first_problem(e)
            field = problem.field.split(".")[0]
            raise BadSettings(problem.sentence(LABELS.get(field)), field=f"{place}.{field}") from None
        if one.id in found:
            raise BadSettings(TWICE.fill(id=one.id), field=f"{place}.id")
        found[one.id] = one
    return list(found.values())
