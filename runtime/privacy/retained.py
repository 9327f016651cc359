"""What is too old goes, for whoever asks beside the gateway, which does so once a day."""

from collections.abc import Mapping
from pathlib import Path

from runtime.media.kept import KeptMedia
from runtime.store.messages.beside import is_there, writing
from runtime.store.messages.retention import done, due, take


def retain_now(data: Path, days: Mapping[str, int], now: float) -> dict[str, int]:
    """How many of each kind went. Raises StoreFailed. Between two pieces others use the store."""
    path, kept, went = data / "messages.db", KeptMedia(data / "media"), dict[str, int]()
    if not is_there(path):
        return went
    for kind, before in due(days, now):
        went[kind] = 0
        while True:
            with writing(path) as db:
                gone = take(db, kind, before, now)
            kept.remove_now(gone.files)
            went[kind] += gone.many
            if not gone.many:
                break
    with writing(path, scrub=any(went.values())) as db:
        done(db, now)
    return went
