"""What a model will be told, before anybody wrote: the template as it stands in its file, and filled in."""

import re
from typing import Any

from pydantic import ValidationError

from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs
from runtime.errors import BadAgent, BadTemplate
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.templating import sandbox
from runtime.templating.prompts import Prompt

Json = dict[str, Any]

INSIDE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
NAME = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)")


@needs(Permission.AGENTS_VIEW, on=SOME)
def preview(studio: Studio, prompt: Json, variables: list[Json], lang: str = "zh") -> Json:
    """`template`: the text as it is written; `filled`: with the values and the agent's variables in it.

    What only a turn knows stays as it is written, `{{ message.text }}`. When it cannot be filled in, `filled`
    is None and `reason` says why. Raises BadAgent for what is no prompt, NotFound for an unknown template.
    """
    try:
        found = Prompt.model_validate(prompt)
    except ValidationError as e:
        problem = first_problem(e)
        raise BadAgent(problem.text, field=f"prompt.{problem.field}") from None
    source = found.text or ""
    if found.template is not None:
        source = studio.prompts.template(found.template, lang).text
    known = {str(one.get("name")): str(one.get("default") or "") for one in variables if one.get("name")}
    values = {**stand_ins([source, *found.values.values()]), **known}
    try:
        return {"template": source, "filled": studio.prompts.fill(found, values, lang), "reason": None}
    except BadTemplate as e:
        return {"template": source, "filled": None, "reason": _reason(e.text)}


def stand_ins(sources: list[str]) -> Json:
    """Every name that the templates use, standing for itself."""
    found: Json = {}
    for source in sources:
        if sandbox.check(source) is None:
            for inside in INSIDE.findall(source):
                for name, path in NAME.findall(inside):
                    _stand_in(found, [name, *path.split(".")[1:]])
    return found


def _stand_in(found: Json, path: list[str]) -> None:
    here = found
    for name in path[:-1]:
        below = here.get(name)
        here[name] = here = below if isinstance(below, dict) else {}
    here.setdefault(path[-1], "{{ " + ".".join(path) + " }}")


def _reason(text: Text) -> Json:
    return text.by_language()
