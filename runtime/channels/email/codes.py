"""What a mail server's refusals mean. RFC 5321 4.2, and what 163 and QQ say with these numbers."""

from collections.abc import Mapping
from typing import Any

from runtime.channels import Codes
from runtime.channels.email import guide
from runtime.errors import SendFailed
from runtime.lang import Text

LATER = frozenset({"smtp_421", "smtp_450", "smtp_451", "smtp_452", "smtp", "imap"})
FULL = "smtp_full"
NOBODY = frozenset({"smtp_550", "smtp_551", "smtp_553"})
HOUR = 3600.0
CODES = Codes(
    unreachable=NOBODY | {FULL},
    throttled=LATER,
    credentials=frozenset({"login", "smtp_login", "smtp_535", "smtp_530"}),
    blocking={"smtp_login": 600.0, "smtp_535": 600.0, "smtp_530": 600.0, "smtp_554": HOUR, "smtp_552": HOUR},
    either=frozenset({"smtp_554", "smtp_552"}),
)


def explain(code: str, says: str = "") -> Text:
    if code in CODES.credentials:
        return guide.LOGIN
    if code in NOBODY:
        return guide.NO_ADDRESS
    match code:
        case "imap":
            return guide.IMAP.fill(says=says or "-")
        case "smtp_554":
            return guide.SPAM
        case "smtp_552":
            return guide.QUOTA
        case "smtp_full":
            return guide.FULL
        case "gone":
            return guide.GONE
    return guide.LATER if code in LATER else guide.NOT_TAKEN.fill(code=code[:20])


def check(data: Mapping[str, Any]) -> None:
    """Raises SendFailed with the code that came."""
    code = data.get("error", "")
    if not isinstance(code, str):
        raise SendFailed(guide.UNREADABLE, code="uncertain")
    if code:
        says = str(data.get("says", ""))[:300]
        raise SendFailed(explain(code, says), code=code, retryable=code in LATER)
