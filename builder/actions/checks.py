"""The forms of checks on the build page."""

from typing import Any

from builder.actions import pair
from runtime.safety.checks import ACTIONS, registry

ASIDE = ("type", "places")
"""What no form asks: the kind, and the places, which are ticked."""


def check_forms() -> dict[str, Any]:
    """For each kind its title, hint, JSON schema, and the fields that its form asks."""
    found = {}
    for name, kind in registry().items():
        schema = kind.model_json_schema()
        fields = schema["properties"]
        fields["places"]["choices"] = {
            place: title for place, title in fields["places"]["choices"].items() if place in kind.fits
        }
        does = [action for action in ACTIONS if action in kind.does]
        fields["action"]["enum"] = does
        aside = ASIDE if "replace" in does else (*ASIDE, "instead")
        asked = [field for field in fields if field not in aside]
        about = {"title": pair(kind.about.title), "hint": pair(kind.about.hint)}
        found[name] = {**about, "schema": schema, "asked": asked}
    return found
