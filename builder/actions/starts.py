"""Beginnings besides messages: their forms, when they are due, and running one now."""

import time
from collections.abc import Sequence
from typing import Any

from builder.actions import Notice, pair
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.schedule import checked, upcoming
from runtime.agents.starts import KINDS
from runtime.errors import Wrong
from runtime.gateway.gateway import Gateway
from runtime.lang import Text
from runtime.time_zones import zone

ASIDE = ("on", "id", "flow")
"""What no form asks: the kind, what names it, and the flow, which is drawn."""


def forms() -> dict[str, Any]:
    """A JSON schema for each kind, of what its form asks."""
    found = {}
    for name, kind in KINDS.items():
        schema = kind.model_json_schema()
        schema["properties"] = {
            field: about for field, about in schema["properties"].items() if field not in ASIDE
        }
        _offer(schema["properties"], kind.audiences())
        schema["required"] = [field for field in schema["required"] if field not in ASIDE]
        schema.pop("$defs", None)
        found[name] = schema
    return found


def _offer(fields: dict[str, Any], audiences: Sequence[str]) -> None:
    """Of those for whom a start may run, the ones that this kind can; one alone is not asked for."""
    if len(audiences) == 1:
        for name in ("for", "people", "tag"):
            del fields[name]
        del fields["pace"]
        return
    fields["for"]["enum"] = list(audiences)
    fields["for"]["choices"] = {name: fields["for"]["choices"][name] for name in audiences}


@needs(Permission.AGENTS_VIEW, on=SOME)
def due(studio: Studio, cron: str, timezone: str) -> dict[str, Any]:
    """The next five times, in seconds since 1970; or why there are none."""
    try:
        return {"times": upcoming(checked(cron), zone(timezone), time.time())}
    except Wrong as e:
        return {"times": [], "reason": pair(e.text)}


@needs(Permission.AGENTS_PUBLISH, on="publication")
async def run_start(gateway: Gateway, publication: str, start: str) -> Notice:
    """Begin it now, besides when it is due. Raises NotFound, StoreFailed."""
    await gateway.starts.run_now(publication, start)
    return Notice(Text("已开始，稍后刷新看结果。", "Started. Refresh in a moment to see the result."))
