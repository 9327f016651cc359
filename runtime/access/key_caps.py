"""What each API key may take of a day, by the name under which that is counted."""

from collections.abc import Mapping

from runtime.caps import Cap
from runtime.readable import if_readable
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey

NAME = 12
"""Characters of a key's id by which it is counted, and by which its conversations begin."""


def key_name(key: ApiKey) -> str:
    return key.id[:NAME]


def cap_of(key: ApiKey) -> Cap:
    return Cap(key.per_day, key.tokens_per_day, key.money_per_day)


def title_of(key: ApiKey) -> str:
    """What a person knows it by."""
    return key.name or f"{key.prefix}…"


class KeyCaps:
    """Asked for each message: costs microseconds however many keys there are. Where they cannot be read none
    is known, and nobody comes in by one."""

    def __init__(self, control: Control) -> None:
        self._table = control.keys
        self._known: tuple[Mapping[str, ApiKey], dict[str, ApiKey]] = {}, {}

    def find(self, name: str) -> ApiKey | None:
        rows: Mapping[str, ApiKey] = if_readable(self._table.all, {})
        if rows is not self._known[0]:
            self._known = rows, {key_name(one): one for one in rows.values()}
        return self._known[1].get(name)

    def cap(self, name: str) -> Cap:
        found = self.find(name)
        return cap_of(found) if found else Cap()

    def user(self, name: str) -> str:
        """Whose it is; "" where it is nobody's, or not there."""
        found = self.find(name)
        return found.user if found else ""

    def title(self, name: str) -> str:
        found = self.find(name)
        return title_of(found) if found else name
