"""Which versions these are, and whether a hole of what is installed is known here, without asking anybody."""

import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from runtime.care.site import DAY, Site, told
from runtime.channels import Told
from runtime.exposure import advisories as known
from runtime.lang import NOTHING, Text
from runtime.version import VERSION

ENDS: Mapping[tuple[int, int], str] = {
    (3, 11): "2027-10-31",
    (3, 12): "2028-10-31",
    (3, 13): "2029-10-31",
    (3, 14): "2030-10-31",
}
"""Until when Python mends holes of a version, https://devguide.python.org/versions/"""
SOON = 180
"""Days before that from which on it is told."""
PARTS = ("litellm", "gradio", "pydantic")
ARE = Text("鸿雁 {ours}，Python {python}，{parts}。", "Hongyan {ours}, Python {python}, {parts}.")
NEW_PYTHON = Text(
    "Python {python} 的安全修复到 {day} 为止，请换新版本：装好后重新 make setup。",
    "Python {python} gets security fixes until {day}: install a newer one, and make setup again.",
)


def versions(site: Site) -> Told:
    python = platform.python_version()
    parts = ", ".join(f"{name} {known.installed(name) or '-'}" for name in PARTS)
    day = ENDS.get(sys.version_info[:2], "")
    left = (datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() - site.clock()) / DAY if day else 1e6
    return told(
        left > 0,
        ARE,
        NEW_PYTHON if left < SOON else NOTHING,
        ours=VERSION,
        python=python,
        parts=parts,
        day=day,
    )


def advisories(site: Site) -> Told:
    [point] = known.points()
    is_well = point.state == "ok"
    return told(is_well, point.says, NOTHING if is_well else point.do)
