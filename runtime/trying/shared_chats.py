"""Links by which anybody may read one chat that was tried out, until they expire or are taken back.

The secret in the address is the only key: 128 random bits, of which only the hash is kept. A link shows the
chat up to the turn at which it was made; what is said later, other chats and everything else stay unseen.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.errors import NotFound
from runtime.files import remove, write_whole
from runtime.lang import Text
from runtime.trying.kept_chat import Turn, packed
from runtime.trying.kept_chats import KeptChats

TOKEN = re.compile(r"[0-9a-f]{32}")
KEY = re.compile(r"[0-9a-f]{64}")
DAYS = (1, 7, 30)
"""For which a link may be made."""
DAY = 86_400
MOST = 50
"""Links of a person to chats with an agent; the oldest are taken back."""
GONE = Text("这个链接不在了，或已经过期。", "This link is gone, or has expired.")


@dataclass(frozen=True)
class Link:
    """`key`: the hash of its secret. Times are seconds since 1970."""

    key: str
    agent: str
    by: str
    chat: str
    tip: str
    at: float
    until: float


class SharedChats:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(self, data: Path) -> None:
        self._data, self._folder = data, data / "played-shared"

    def share(self, agent: str, by: str, chat: str, tip: str, days: int, now: float) -> str:
        """The secret, which nobody can be told again. Raises NotFound, NotSaved."""
        found = KeptChats(self._data, agent, by).find(chat)
        tip = tip if tip in found.turns else found.tip
        token = secrets.token_hex(16)
        until = now + (days if days in DAYS else DAYS[0]) * DAY
        link = Link(_key(token), agent, by, found.id, tip, now, until)
        for old in self.links(agent, by, now)[MOST - 1 :]:
            remove(self._path(old.key))
        write_whole(self._path(link.key), packed(vars(link)), 0o600)
        return token

    def links(self, agent: str, by: str, now: float) -> list[Link]:
        """The newest first; expired ones go."""
        found = []
        for path in self._folder.glob("*.json"):
            link = self._read(path.stem)
            if link and link.until <= now:
                remove(path)
            elif link and (link.agent, link.by) == (agent, by):
                found.append(link)
        return sorted(found, key=lambda one: -one.at)

    def revoke(self, agent: str, by: str, key: str) -> None:
        """Raises NotFound."""
        link = self._read(key)
        if link is None or (link.agent, link.by) != (agent, by):
            raise NotFound(GONE)
        remove(self._path(link.key))

    def read(self, token: str, now: float) -> tuple[Link, list[Turn]]:
        """What it shows. Raises NotFound."""
        link = self._read(_key(token)) if TOKEN.fullmatch(token) else None
        if link is None or link.until <= now:
            raise NotFound(GONE)
        path = KeptChats(self._data, link.agent, link.by).find(link.chat).path(link.tip)
        if not path:
            raise NotFound(GONE)
        return link, path

    def _read(self, key: str) -> Link | None:
        if not KEY.fullmatch(key):
            return None
        try:
            told: Any = wellformed.load(self._path(key).read_bytes())
            return Link(**told)
        except (OSError, ValueError, TypeError):
            return None

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
