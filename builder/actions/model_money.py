"""What models cost and may cost in a day, on the models page."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from builder.actions import Notice
from builder.actions.lasting import brief
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings
from runtime.lang import Text
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
@undone_by("set_prices")
def set_prices(studio: Studio, who: Actor, prices: Sequence[Json]) -> Notice:
    """All of them; they count from now on. Raises BadSettings naming "0.field"."""
    before, after = studio.control.policy.prices(), _checked(Price, prices)
    studio.control.policy.save_prices(after, by=who.id)
    said = Text(
        "已保存，从现在起按它算；以前的花费不变。",
        "Saved; it counts from now on, and changes no earlier cost.",
    )
    return Notice(said, undo=_undo("prices", before, after))


@needs(Permission.MODELS_EDIT)
@undone_by("set_budgets")
def set_budgets(studio: Studio, who: Actor, budgets: Sequence[Json]) -> Notice:
    """All of them. Raises BadSettings naming "0.field"."""
    before, after = studio.control.policy.budgets(), _checked(Budget, budgets)
    studio.control.policy.save_budgets(after, by=who.id)
    return Notice(Text("已保存。", "Saved."), undo=_undo("budgets", before, after))


def _undo(name: str, before: Sequence[Price | Budget], after: Sequence[Price | Budget]) -> Json | None:
    """Where one of them went: all, as they were."""
    if not {one.id for one in before} - {one.id for one in after}:
        return None
    return {name: [one.model_dump(mode="json", exclude={"by"}) for one in before]}


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
