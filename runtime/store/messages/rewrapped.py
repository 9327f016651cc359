"""Another key of the installation: the keys of people are sealed by it anew, nothing else is."""

from pathlib import Path

from runtime.store.messages.beside import is_there, writing
from runtime.store.sealing.data_keys import box_in, rewrapped

BATCH = 500


def rewrap(path: Path, given: str = "") -> int:
    """How many. `given`: as Settings has the key. Whoever is killed in between calls it again. Raises
    BadSettings, StoreFailed."""
    if not is_there(path):
        return 0
    box, many = box_in(path.parent, given), 0
    while True:
        with writing(path) as db:
            some = rewrapped(db, box, BATCH)
        many += some
        if some < BATCH:
            return many
