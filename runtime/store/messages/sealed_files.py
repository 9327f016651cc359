"""Files of conversations, sealed by the keys of those whose they are, where the owner switched that on."""

from collections.abc import Collection, Iterable
from pathlib import Path

from runtime.store.database import Db
from runtime.store.messages.beside import look, writing
from runtime.store.sealing import files
from runtime.store.sealing.data_keys import FOUND, NOBODY, Owner
from runtime.store.sealing.files import Keys
from runtime.store.sealing.sealed_database import ring_of

OWNERS = """select distinct m.publication as publication, m.sender as sender
  from media f join messages m on m.seq=f.seq where f.hash=?"""


class SealedFiles:
    """Implements media.kept.Seals. `path`: of the messages. Each may block for a moment. Raises StoreFailed,
    BadSettings."""

    def __init__(self, path: Path) -> None:
        self._path, self._ring = path, ring_of(path)

    def is_on(self) -> bool:
        known = self._ring.known()
        return look(self._path, self._ring.is_on, False) if known is None else known

    def is_sealed(self, head: bytes) -> bool:
        return files.is_sealed(head)

    def seal(self, content: bytes, name: str, whose: Collection[Owner]) -> bytes:
        """`whose`: publications and senders; none: nobody's yet."""
        few = whose if 0 < len(whose) <= files.MOST else [NOBODY]
        return files.seal(content, name, self._made(few))

    def open(self, sealed: bytes, name: str) -> bytes | None:
        return files.open_file(sealed, name, self._keys(files.opens_for(sealed)))

    def shared(self, sealed: bytes, name: str, whose: Owner) -> bytes | None:
        """As that one opens it, too. None: nothing is to change, or nobody can open it."""
        before = files.opens_for(sealed)
        is_many = len(before) >= files.MOST
        [(id, cipher)] = self._made([NOBODY if is_many else whose]).items()
        nobody = look(self._path, lambda db: db.execute(FOUND, NOBODY).fetchone(), None)
        spare = {nobody["id"]} if nobody and not is_many else set()
        if id in before and not spare & {*before}:
            return None
        keys = self._keys(before)
        own = files.key_of(sealed, name, keys)
        left = {number: key for number, key in keys.items() if number not in spare}
        return files.for_others(sealed, name, own, {**left, id: cipher}) if own else None

    def seal_beside(self, content: bytes, file: bytes, name: str, about: str) -> bytes | None:
        """What is known of a sealed `file`. None: nobody can open that."""
        own = files.key_of(file, name, self._keys(files.opens_for(file)))
        return files.seal_beside(content, f"{name}.{about}", own) if own else None

    def open_beside(self, sealed: bytes, file: bytes, name: str, about: str) -> bytes | None:
        own = files.key_of(file, name, self._keys(files.opens_for(file)))
        return files.open_beside(sealed, f"{name}.{about}", own) if own else None

    def whose(self, hash: str) -> list[Owner]:
        """All whose messages or answers have it."""
        nobody: list[Owner] = []

        def work(db: Db) -> list[Owner]:
            return [(row["publication"], row["sender"]) for row in db.execute(OWNERS, (hash,))]

        return look(self._path, work, nobody)

    def _keys(self, ids: Iterable[int]) -> Keys:
        """Those that are still there."""
        wanted, none = list(ids), Keys()

        def work(db: Db) -> Keys:
            return {id: cipher for id in wanted if (cipher := self._ring.by_id(db, id))}

        return look(self._path, work, none) if wanted else none

    def _made(self, whose: Collection[Owner]) -> Keys:
        """Made where there are none."""
        none = Keys()

        def work(db: Db) -> Keys:
            return dict(found for one in whose if (found := self._ring.found(db, one)))

        if len(known := look(self._path, work, none)) == len({*whose}):
            return known
        with writing(self._path) as db:
            return dict(self._ring.by_owner(db, one) for one in whose)
