"""The one place that every change of who may what passes, when it is done."""

import logging
from dataclasses import dataclass

log = logging.getLogger("hongyan.access")


@dataclass(frozen=True)
class Change:
    """What somebody changed. No secret stands in it."""

    what: str
    """`thing.act`, e.g. `user.roles`."""
    by: str
    of: str
    """`kind id`, e.g. `user anna`."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def tell(change: Change) -> None:
    """It is done. The log has it; whoever keeps more of it does so here."""
    log.info(
        "%s: %s of %s, %s → %s",
        change.by,
        change.what,
        change.of,
        ", ".join(change.before) or "-",
        ", ".join(change.after) or "-",
    )
