"""The test button of a tool's form: runs the tool as it is set up there, really and once.

Only who may edit the agent may; what the agent's owner withholds from its tools is not asked here, because it
is the owner who presses the button, and the page says before what the tool would do. What of the owner's the
agent does not hold, such as a secret, the tool is not given here either.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from builder.actions import pair
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import RESERVED
from runtime.errors import BadAgent, Invalid
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.tools import ASKED, AnyTool, Tool
from runtime.trying.playing import SENDER
from runtime.turn.tool_trial import tried

Json = dict[str, Any]

TOOL: TypeAdapter[Tool] = TypeAdapter(AnyTool)

NO_OBJECT = Text("参数应是一个 JSON 对象。", "The arguments should be a JSON object.")


@needs(Permission.AGENTS_VIEW, on=SOME)
def tool_form(studio: Studio, tool: Json, variables: Sequence[Json] = ()) -> Json:
    """What has to be filled in to try it: a JSON schema; and what it would do to the world.

    Raises BadAgent for a tool that is not set up, BadTemplate.
    """
    found = _read(tool)
    return {
        "parameters": found.parameters([*RESERVED, *_values(variables)]),
        "acts": [pair(power.words) for power in sorted(found.powers & ASKED)],
    }


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在试用工具", "Trying the tool"))
@unrecorded("a trial")
async def try_tool(
    studio: Studio,
    tool: Json,
    arguments: Json,
    variables: Sequence[Json] = (),
    timezone: str = "",
    lang: str = "zh",
    holds: Sequence[str] | None = None,
) -> Json:
    """Run it: {failed, text, ms}, the text as a model or template would be given it. `holds`: what of the
    owner's the agent may use, as its settings say; None: whatever it names.

    Raises BadAgent for a tool that is not set up, Invalid for what is no object.
    """
    found = _read(tool)
    if not isinstance(arguments, dict):
        raise Invalid(NO_OBJECT)
    began = time.monotonic()
    used = await tried(
        found,
        arguments,
        studio.services,
        sender=SENDER,
        variables=_values(variables),
        timezone=timezone or "Asia/Shanghai",
        lang=lang,
        may_use=lambda what: holds is None or what in holds,
    )
    return {"failed": used.failed, "text": used.text, "ms": round((time.monotonic() - began) * 1000)}


def _read(tool: Json) -> Tool:
    """Raises BadAgent with the first thing to correct."""
    try:
        return TOOL.validate_python(tool)
    except ValidationError as e:
        problem = first_problem(e)
        raise BadAgent(problem.sentence(), field=problem.field) from None


def _values(variables: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The agent's variables with their values, as they stand in the settings."""
    return {str(one.get("name")): str(one.get("default") or "") for one in variables if one.get("name")}
