"""Names that mean one model or another by rules: listed, changed and tried on the models page."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from builder.actions import RESTORED, Notice, pair
from builder.actions.lasting import lasts
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.models.routes import Route, route_of
from runtime.models.routing import AT_EASE, Asked
from runtime.store.control.deleted_rules import TAKEN, DeletedRules
from runtime.store.control.model_policy import NO_ROUTE
from runtime.trash import DeletedElsewhere

Json = dict[str, Any]

PICTURES = {"yes": True, "no": False}
"""How a form says whether a picture is there; "" for either."""


@needs(Permission.MODELS_VIEW)
def list_rules(studio: Studio) -> list[Json]:
    deleted_rules(studio).settle()
    return [_shown(route) for route in studio.control.policy.routes()]


@needs(Permission.MODELS_EDIT)
def set_rules(
    studio: Studio, who: Actor, route: Mapping[str, Any], rules: Sequence[Json], *, fresh: bool = False
) -> Notice:
    """Add a name with rules or change it, also while agents use it. `fresh`: it must not replace another.

    Raises BadSettings naming "otherwise" or "0.words"; Conflict for one to change that is not there any more.
    """
    given = {**route, "rules": [_meant(rule) for rule in rules]}
    made = route_of(given)
    if fresh and studio.control.policy.is_route(made.id):
        raise BadSettings(TAKEN.fill(name=made.id), field="id")
    if not fresh and not studio.control.policy.is_route(made.id):
        raise DeletedElsewhere(made.id)
    studio.control.policy.save_route(made, by=who.id)
    return Notice(Text("已保存，马上生效。", "Saved; it counts from now on."))


@needs(Permission.MODELS_EDIT)
@undone_by("put_rules_back")
def remove_rules(studio: Studio, who: Actor, name: str) -> Notice:
    """Raises NotFound; BadSettings while something leads to it."""
    token = deleted_rules(studio).take(name, by=who.id)
    return Notice(Text("已删除「{name}」。", "Removed {name!r}.").fill(name=name), undo={"token": token})


@needs(Permission.MODELS_EDIT)
def put_rules_back(studio: Studio, token: str) -> Notice:
    """A name with rules as it was, among the others where it was. Raises NotFound, BadSettings, Conflict."""
    deleted_rules(studio).give_back(token)
    return Notice(RESTORED)


def deleted_rules(studio: Studio) -> DeletedRules:
    return DeletedRules(studio.settings.data, studio.control.policy)


@needs(Permission.MODELS_EDIT)
@lasts(Text("正在试规则", "Trying the rules"))
@unrecorded("a trial")
async def try_rules(studio: Studio, name: str, text: str, *, picture: bool = False) -> Json:
    """Which rule would hold for a question that comes now, and why. Raises NotFound."""
    route = studio.control.policy.route(name)
    if route is None:
        raise NotFound(NO_ROUTE.fill(name=name))
    asked = Asked(text, picture, time.time(), studio.models.routing.left)
    chosen = await studio.models.routing.choose(route, asked, AT_EASE)
    return {**chosen.to_json(), "why": pair(chosen.why)}


def _shown(route: Route) -> Json:
    shown = route.model_dump(mode="json", exclude={"by"})
    for rule in shown["rules"]:
        rule["picture"] = {True: "yes", False: "no"}.get(rule["picture"], "")
    return shown


def _meant(rule: Json) -> Json:
    if "picture" not in rule:
        return rule
    return {**rule, "picture": PICTURES.get(str(rule["picture"]))}
