"""The audit log: looked through, checked, and what each record says in words."""

from datetime import datetime
from typing import Any

from builder.actions import pair
from builder.actions.deeds import said
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime.access.audit.reading import FORMS, Wanted, checked, found, names
from runtime.access.audit.record import Record
from runtime.access.permissions import Permission, needs
from runtime.lang import Text

Json = dict[str, Any]
PAGE = 50
"""Records that come at once."""
LONGEST = 200
"""Characters that are searched for."""
FOR_EVER = Wanted.until


@needs(Permission.AUDIT_VIEW)
def overview(studio: Studio) -> Json:
    """By what can be searched, and for how many days records stay. Raises StoreFailed."""
    known = names(studio.settings.data / "messages.db")
    areas = sorted({what.partition(".")[0] for what in known.what})
    return {"people": sorted(known.who), "areas": areas, "days": studio.settings.audit_days, "forms": FORMS}


@needs(Permission.AUDIT_VIEW)
@lasts(Text("正在核对审计日志", "Checking the audit log"))
def verify(studio: Studio) -> Json:
    """Whether every record is as it was written. Raises StoreFailed."""
    result = checked(studio.settings.data / "messages.db", studio.control.is_mark)
    return {**vars(result), "trouble": pair(result.trouble) if result.trouble else None}


@needs(Permission.AUDIT_VIEW)
def records(
    studio: Studio,
    by: str = "",
    area: str = "",
    status: str = "",
    text: str = "",
    since: float = 0.0,
    until: float = FOR_EVER,
    below: int = 0,
) -> Json:
    """A page, the newest first; `below`: those before that number; times: seconds since 1970.

    `next`: ask below that number for more, 0: there are none. Raises StoreFailed.
    """
    asked = wanted(by, area, status, text, since, until, below)
    page = found(studio.settings.data / "messages.db", asked, PAGE)
    return {"records": [_told(one) for one in page.records], "next": page.next}


def wanted(by: str, area: str, status: str, text: str, since: float, until: float, below: int = 0) -> Wanted:
    """As the page asks for records."""
    within = f"{area}." if area else ""
    return Wanted(by, within, status, text[:LONGEST], since, until or FOR_EVER, below or Wanted.below)


def _told(one: Record) -> Json:
    at = datetime.fromisoformat(one.at).timestamp()
    return {**one.to_json(), "at": at, "words": pair(said(one))}
