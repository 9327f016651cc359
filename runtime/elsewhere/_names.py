"""Names for what came, such as ours are: small letters, none twice, none that means something else."""

import re

from runtime.agents.agent import IN_STARTS, KEYWORDS, PERSON, RESERVED

LONGEST = 40


def plain(wanted: str, otherwise: str = "x") -> str:
    """As a name of a block or value may be written."""
    found = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:LONGEST].strip("_")
    if not re.search("[a-z]", found):
        return otherwise
    return found if found[0].isalpha() else f"{otherwise}_{found}"


class Names:
    """Each is given once."""

    def __init__(self) -> None:
        self._taken = {*RESERVED, *KEYWORDS, IN_STARTS, PERSON, "secret", "item", "index", "range", "dict"}

    def free(self, wanted: str, otherwise: str) -> str:
        """A name like the one that is wanted; `otherwise`: where nothing of it can be used."""
        stem = plain(wanted, otherwise)
        name, number = stem, 1
        while name in self._taken:
            number += 1
            name = f"{stem}_{number}"
        self._taken.add(name)
        return name
