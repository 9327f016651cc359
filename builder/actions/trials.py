"""What stands beside the version of a publication that answers everybody."""

from typing import Any

from builder.actions.canary import mark_of, running
from builder.actions.shadow import mark_of_shadow, shadowing
from builder.studio import Studio
from runtime.store.control.records import Publication


def trials(studio: Studio, publication: Publication) -> dict[str, Any]:
    return {"canary": running(studio, publication), "shadow": shadowing(studio, publication)}


def mark_of_trials(studio: Studio, id: str) -> str:
    """Another one when something else runs, or is over."""
    return mark_of(studio, id) + mark_of_shadow(studio, id)
