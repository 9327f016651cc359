"""What the bases' tables say to a question, as their operators wrote it."""

import logging

from runtime.errors import NotFound, Unreadable
from runtime.knowledge.sources.answers import FILE, alike, known
from runtime.knowledge.sources.bases import Bases
from runtime.lessons.lessons import Knows

log = logging.getLogger(__name__)


def knowing(bases: Bases) -> Knows:
    """Of all bases, by name; a table that cannot be read is left out and told of in the log."""
    found: dict[str, str] = {}
    for base in bases.listing().bases:
        try:
            pairs = known(bases.get_folder(base.id) / "sources" / FILE)
        except (NotFound, Unreadable) as e:
            log.warning("the answers of %s are left out: %s", base.id, e.text.en)
            continue
        for question, answer in pairs:
            found.setdefault(alike(question), answer)
    return lambda text: found.get(alike(text), "") if alike(text) else ""
