"""Several keys of one endpoint, and how they are. A key goes in and never comes out again."""

from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr, ValidationError

from builder.actions import Notice, pair
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings, ModelFailed
from runtime.lang import Text
from runtime.models.keys import MAIN
from runtime.models.providers import Endpoint, MoreKey
from runtime.models.targets import keys_of
from runtime.schema import first_problem

Json = dict[str, Any]

LABELS = {
    "name": Text("名称", "Name"),
    "api_key": Text("密钥", "Key"),
    "per_minute": Text("每分钟几次", "Questions a minute"),
    "tokens_per_minute": Text("每分钟 token", "Tokens a minute"),
}
TWICE = Text("有两个密钥叫「{name}」。", "Two keys are named {name!r}.")


def keys(studio: Studio, endpoint: Endpoint) -> list[Json]:
    """Those of an endpoint without what they are; `rests`: seconds, and why."""
    resting = {one.key: one for one in studio.models.resting(endpoint)}
    return [
        {
            "name": key.name,
            "per_minute": key.per_minute,
            "tokens_per_minute": key.tokens_per_minute,
            "rests": round(resting[key.name].rests),
            "why": _why(resting[key.name].failed),
        }
        for key in keys_of(endpoint)
    ]


def unwell(studio: Studio) -> list[Json]:
    """Models that failed since they last answered, as far as this process knows."""
    return [
        {
            "model": one.model,
            "state": one.state,
            "failures": one.failures,
            "rests": round(one.rests),
            "why": _why(one.failed),
        }
        for one in studio.models.unwell()
    ]


@needs(Permission.MODELS_EDIT)
@for_good("keys.remove.hint")
def set_keys(studio: Studio, who: Actor, name: str, keys: Sequence[Json]) -> Notice:
    """All keys of an endpoint beside the first, whose limits may be among them.

    One that is given without the key itself keeps it. Raises NotFound, BadSettings naming "0.field".
    """
    kept = studio.control.model_endpoints
    checked = [_checked(i, given) for i, given in enumerate(keys)]
    names = [key.name for key in checked]
    for i, one in enumerate(names):
        if one in names[:i]:
            raise BadSettings(TWICE.fill(name=one), field=f"{i}.name")
    for i, key in enumerate(checked):
        try:
            if key.name == MAIN:
                kept.limit_key(name, key.per_minute, key.tokens_per_minute, by=who.id)
            else:
                kept.put_key(name, key, by=who.id)
        except BadSettings as e:
            raise BadSettings(e.text, field=f"{i}.{e.field}") from None
    endpoint = studio.control.find(name)
    for gone in endpoint.keys if endpoint else ():
        if gone.name not in names:
            kept.remove_key(name, gone.name, by=who.id)
    return Notice(Text("已保存。", "Saved."))


def _checked(place: int, given: Json) -> MoreKey:
    key = str(given.get("api_key") or "").strip()
    try:
        return MoreKey.model_validate({**given, "api_key": SecretStr(key) if key else None})
    except ValidationError as e:
        problem = first_problem(e)
        field = problem.field.split(".")[0]
        raise BadSettings(problem.sentence(LABELS.get(field)), field=f"{place}.{field}") from None


def _why(failed: ModelFailed | None) -> dict[str, str] | None:
    return pair(failed.text) if failed else None
