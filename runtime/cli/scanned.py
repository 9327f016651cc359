"""Where the code is that joins an account: on a page, and in the terminal once there is one."""

import sys
import time

from runtime.cli.spoken import spoken
from runtime.errors import Conflict
from runtime.lang import Text
from runtime.publish import scanning
from runtime.server.lock import only_one
from runtime.server.role import LOCK, address_of
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import Publication

WAIT = 8.0
"""Seconds in which a program that runs already gets a code."""
LOOK = 0.25
SCAN = Text(
    "用手机扫下面的码，或打开 {url} 扫（那里会一直更新）：",
    "Scan this with your phone, or open {url} and scan there (it is kept fresh):",
)
LATER = Text(
    "请运行 python app.py，然后打开 {url} 扫码。",
    "Run python app.py, then open {url} and scan the code there.",
)


def where_to_scan(control: Control, settings: Settings, publication: Publication) -> dict[str, str]:
    """What of it a script may use: `scan`, a page behind the sign-in, and `code`, what the code holds."""
    base = control.public_url(settings.public_url) or address_of(settings)
    url = f"{base}/publish?agent={publication.agent}&publication={publication.id}"
    code = _code(control, publication.id) if _is_running(settings) else ""
    text = SCAN if code else LATER
    sys.stderr.write(f"{spoken(text.fill(url=url))}\n")
    if code:
        sys.stderr.write(f"{scanning.in_terminal(code)}\n")
    return {"scan": url, **({"code": code} if code else {})}


def _is_running(settings: Settings) -> bool:
    try:
        with only_one(settings.data, LOCK):
            return False
    except Conflict:
        return True


def _code(control: Control, id: str) -> str:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        known = control.joinings.find(id)
        if known.content or known.stage in ("joined", "kept"):
            return known.content
        time.sleep(LOOK)
    return ""
