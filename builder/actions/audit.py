"""The audit log: looked through, checked, and what each record says in words."""

from datetime import datetime
from typing import Any

from builder.actions import deed_lines, pair
from builder.actions.deed_kinds import begins, kinds_of
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
    kinds = kinds_of({what.partition(".")[0] for what in known.what})
    return {
        "people": [{"id": one, "words": pair(deed_lines.who(one))} for one in sorted(known.who)],
        "areas": [{"id": id, "words": pair(words)} for id, words in kinds],
        "days": studio.settings.audit_days,
        "forms": FORMS,
    }


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
    return Wanted(by, begins(area), status, text[:LONGEST], since, until or FOR_EVER, below or Wanted.below)


def _told(one: Record) -> Json:
    at = datetime.fromisoformat(one.at).timestamp()
    about = one.to_json()
    changes = [
        {name: text and pair(text) for name, text in vars(change).items()}
        for change in deed_lines.changes(about.pop("before"), about.pop("after"))
    ]
    words = {"words": said(one), "who_words": deed_lines.who(one.who), "from": deed_lines.origin(one.origin)}
    return {**about, "at": at, **{name: pair(text) for name, text in words.items()}, "changes": changes}
