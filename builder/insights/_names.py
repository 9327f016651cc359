"""What people call themselves, where the platform tells it: asked once a day, shown where ids would be."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

import streamlit as st

from builder.insights.desk import desk
from runtime.newest import Newest

DAY = 86_400.0
AGAIN = 600.0
"""Seconds until a platform that could not tell is asked again."""
MOST = 100
"""People of whom it is asked at once."""
_known = Newest[tuple[str, str], tuple[str, float]](20_000)
"""By publication and person; and until when. In memory alone: a restart forgets all of it."""
_lock = threading.Lock()


class Row(Protocol):
    def __getitem__(self, name: str, /) -> str: ...


def learn(rows: Iterable[Row]) -> None:
    """Ask for those that are not known, before they are drawn; only where ids are shown openly."""
    if not st.session_state.get("openly", False):
        return
    wanted: dict[str, dict[str, None]] = defaultdict(dict)
    with _lock:
        for row in rows:
            if _known.get((row["publication"], row["sender"]), ("", 0.0))[1] <= time.monotonic():
                wanted[row["publication"]][row["sender"]] = None
    for publication, people in wanted.items():
        asked = list(people)[:MOST]
        try:
            found = desk().act("names", {"publication": publication, "people": asked}).get("value") or {}
        except TimeoutError:
            found = {}
        until = time.monotonic() + (DAY if found else AGAIN)
        with _lock:
            for person in asked:
                _known[publication, person] = (found.get(person, ""), until)


def name(publication: str, sender: str) -> str:
    """Empty for one that is not known."""
    with _lock:
        return _known.get((publication, sender), ("", 0.0))[0]
