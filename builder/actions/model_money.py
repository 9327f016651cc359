"""What models cost and may cost in a day, on the models page."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from builder.actions import Notice
from builder.actions.lasting import brief
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
def set_prices(studio: Studio, who: Actor, prices: Sequence[Json]) -> Notice:
    """All of them; they count from now on. Raises BadSettings naming "0.field"."""
    studio.control.policy.save_prices(_checked(Price, prices), by=who.id)
    return Notice(
        Text(
            "已保存，从现在起按它算；以前的花费不变。",
            "Saved; it counts from now on, and changes no earlier cost.",
        )
    )


@needs(Permission.MODELS_EDIT)
def set_budgets(studio: Studio, who: Actor, budgets: Sequence[Json]) -> Notice:
    """All of them. Raises BadSettings naming "0.field"."""
    studio.control.policy.save_budgets(_checked(Budget, budgets), by=who.id)
    return Notice(Text("已保存。", "Saved."))


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
