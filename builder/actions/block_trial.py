"""The test button in a block's form: runs it alone, as it is set up, with values written by hand."""

import time
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.blocks import AnyBlock, Block, Tries
from runtime.errors import BadAgent, HongyanError, Invalid
from runtime.lang import Text
from runtime.schema import first_problem
from runtime.time_zones import zone

Json = dict[str, Any]

BLOCK: TypeAdapter[Block] = TypeAdapter(AnyBlock)

NOT_ALONE = Text("这块积木不能单独试。", "This block cannot be tried alone.")


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在试用这一块", "Trying the block"))
@unrecorded("a trial")
async def try_block(studio: Studio, block: Json, values: Json, timezone: str = "", lang: str = "zh") -> Json:
    """Run it: {failed, text, ms}. Raises BadAgent when it is not set up, Invalid for another kind."""
    try:
        found = BLOCK.validate_python(block)
    except ValidationError as e:
        problem = first_problem(e)
        raise BadAgent(problem.sentence(), field=problem.field) from None
    if not isinstance(found, Tries) or not isinstance(values, dict):
        raise Invalid(NOT_ALONE)
    began = time.monotonic()
    now = datetime.now(UTC).astimezone(zone(timezone or "Asia/Shanghai"))
    try:
        text, failed = await found.tried(values, studio.services, now), False
    except HongyanError as e:
        text, failed = e.text.to(lang), True
    return {"failed": failed, "text": text, "ms": round((time.monotonic() - began) * 1000)}
