"""For how long a server asks to be left alone. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""

import contextlib
import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def asked_wait(headers: Mapping[str, str], name: str = "retry-after") -> float | None:
    """Seconds from now; None where it says nothing that can be read. Names in lower case.

    A moment is one of the server's clock, which ours need not agree with: without its `date` it says nothing.
    """
    said = headers.get(name, "").strip()
    with contextlib.suppress(ValueError):
        return None if math.isnan(found := float(said)) else max(0.0, found)
    with contextlib.suppress(ValueError, TypeError, KeyError):
        until = parsedate_to_datetime(said) - parsedate_to_datetime(headers["date"])
        return max(0.0, until.total_seconds())
    return None
