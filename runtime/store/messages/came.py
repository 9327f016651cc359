"""How many messages came of late, whichever process took them."""

from pathlib import Path

from runtime.store.messages.beside import is_there, looking
from runtime.store.messages.figures import ASKED, either

SECONDS = 5.0
"""That it may take."""


def came(path: Path, publication: str, since: float) -> int:
    """Since then, in seconds since 1970. Raises TooSlow, Unreadable."""
    if not is_there(path):
        return 0
    sql = either("count(*) n", f"accepted_at >= :since and publication=:publication and {ASKED}")
    with looking(path, SECONDS) as db:
        return sum(int(row["n"]) for row in db.execute(sql, {"since": since, "publication": publication}))
