"""Everything that is looked at, what is to be mended first."""

from collections.abc import Mapping
from typing import Any

from runtime.exposure import advisories, doing, kept, leaving, open_to_all, reached, signing_in
from runtime.exposure.point import Here, Point

ORDER = ("bad", "warn", "ok")


def look(here: Here) -> list[Point]:
    """Takes as long as walking the audit log does: not on the event loop. Raises Unreadable."""
    parts = (reached, open_to_all, signing_in, doing, kept, leaving)
    found = [point for part in parts for point in part.points(here)]
    return sorted([*found, *advisories.points()], key=lambda one: ORDER.index(one.state))


def told(point: Point) -> Mapping[str, Any]:
    """As pages and the command say it."""
    return {
        "point": point.id,
        "state": point.state,
        "says": point.says.by_language(),
        "why": point.why.by_language(),
        "do": point.do.by_language() if point.state != "ok" else None,
        "to": point.to,
    }
