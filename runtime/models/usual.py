"""Choosing the models that see, hear, speak and draw for agents that name none."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from runtime.errors import BadSettings, ModelFailed
from runtime.lang import Text
from runtime.models.providers import Endpoints
from runtime.models.senses import SENSES, UsualModels
from runtime.models.targets import HERE, resolve
from runtime.schema import first_problem

LABELS: Mapping[str, Text] = {
    **{str(sense): text for sense, text in SENSES.items()},
    "voice": Text("声音", "Voice"),
}
NO_SENSES = Text(
    "演示模型不会看、听、说、画，请选别的。",
    "The demo model neither sees nor hears nor speaks nor draws; choose another.",
)


def chosen_models(
    given: Mapping[str, Any],
    before: UsualModels,
    endpoints: Endpoints,
    environment: Mapping[str, str],
    is_route: Callable[[str], bool],
) -> UsualModels:
    """The models as they were chosen. One that nobody could ask is refused, unless it was there before.

    Raises BadSettings naming the field.
    """
    try:
        chosen = UsualModels.model_validate(given)
    except ValidationError as e:
        problem = first_problem(e)
        raise BadSettings(problem.sentence(LABELS.get(problem.field)), field=problem.field) from None
    for sense in SENSES:
        model = chosen.of(sense)
        if model and model != before.of(sense) and not is_route(model):
            try:
                is_demo = resolve(model, endpoints, environment).via == HERE
            except ModelFailed as e:
                raise BadSettings(e.text, field=sense) from None
            if is_demo:
                raise BadSettings(NO_SENSES, field=sense)
    return chosen
