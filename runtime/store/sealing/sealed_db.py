"""The store as whoever works with it sees it: what is sealed there is open here, and is sealed on its way in.

No statement knows of it. A value is bound to its table, column and row, so that one put into another row
opens nowhere; whose key was destroyed reads as nothing.
"""

import logging
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.database import Db, Rows
from runtime.store.database.found import Found
from runtime.store.sealing.columns import TABLES, WHOSE, Of
from runtime.store.sealing.data_keys import NOBODY, Owner, Ring
from runtime.store.sealing.envelope import BEGINS, BEGINS_BYTES, Envelope, Place, opened, read, seal
from runtime.store.sealing.statements import Statement, statement

log = logging.getLogger(__name__)

LANE = "select publication, sender from messages where seq=?"
OF_TICKET = "select publication, sender from tickets where id=?"
ABOUT = re.compile(r"w([0-9]{1,18})x")
"""Begins the key of what somebody is told of a message of another's, see messages/asked_others.py."""
UNSEALABLE = Text(
    "这一步会把没有加密的内容写进数据库，已停止（{table}）。请报告这个问题。",
    "This step would have written into the store what is not encrypted, and was stopped ({table}). "
    "Please report it.",
)

UNNAMED = Text(
    "这一步没有说明要读哪一行，加密的内容解不开（{table}）。请报告这个问题。",
    "This step does not say which row it reads, so what is encrypted there cannot be opened ({table}). "
    "Please report it.",
)


class SealedDb:
    """One work's view of the store. Raises what `db` raises, and BadSettings where the installation's key is
    another."""

    def __init__(self, db: Db, ring: Ring) -> None:
        self.db, self._ring = db, ring
        self._ciphers: dict[int, AESGCM | None] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        what = statement(sql)
        if what is None:
            return self.db.execute(sql, parameters)
        if what.writes and self._ring.is_on(self.db):
            if _is_numbered(what):
                return self._new_row(what, sql, parameters)
            parameters = self._sealed(what, parameters)
        rows = self.db.execute(sql, parameters)
        return Opened(self, what, parameters, rows) if what.returns else rows

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        what = statement(sql)
        if what and what.writes and self._ring.is_on(self.db):
            if _is_numbered(what):
                for one in parameters:
                    self._new_row(what, sql, one)
                return None
            parameters = [self._sealed(what, one) for one in parameters]
        return self.db.executemany(sql, parameters)

    def shred(self, owners: Iterable[Owner]) -> None:
        """Nothing that was sealed for them opens any more, but within this work; what is written for them
        from now on has another key."""
        for owner in owners:
            for row in self.db.execute("select id from data_keys where publication=? and sender=?", owner):
                self.cipher(int(row["id"]))
            self.db.execute("delete from data_keys where publication=? and sender=?", owner)
        self._ring.forget()

    def look_again(self) -> None:
        """Sealing was switched on or off."""
        self._ring.look_again()

    def cipher(self, id: int) -> AESGCM | None:
        if id not in self._ciphers:
            self._ciphers[id] = self._ring.by_id(self.db, id)
        return self._ciphers[id]

    def _new_row(self, what: Statement, sql: str, parameters: Any) -> Any:
        """Its number is known once it is there."""
        kept = TABLES[what.table]
        values = {name: parameters[place] for name, place in what.puts.items()}
        if what.lost:
            raise StoreFailed(UNSEALABLE.fill(table=what.table), code="damaged")
        if not any(values.values()):
            return self.db.execute(sql, parameters)
        [number] = kept.key
        returns = "" if what.returns else f" returning {number}"
        meanwhile = {what.puts[name]: _meanwhile(value) for name, value in values.items()}
        rows = self.db.execute(f"{sql}{returns}", _with(parameters, meanwhile)).fetchall()
        for row in rows:
            key = (row[number],)
            owner = self._owner(what.table, key, what, parameters)
            sealed = self._values(what.table, key, owner or NOBODY, values)
            sets = ", ".join(f"{name}=?" for name in sealed)
            self.db.execute(f"update {what.table} set {sets} where {number}=?", (*sealed.values(), *key))
        return Found(rows, len(rows))

    def _sealed(self, what: Statement, parameters: Any) -> Any:
        kept = TABLES[what.table]
        row = tuple(what.bound(parameters, name) for name in kept.key)
        if what.lost or None in row:
            raise StoreFailed(UNSEALABLE.fill(table=what.table), code="damaged")
        if kept.plain and str(row[-1]).endswith(tuple(kept.plain)):
            return parameters
        values = {name: parameters[place] for name, place in what.puts.items()}
        if not any(values.values()):
            return parameters
        owner = self._owner(what.table, row, what, parameters)
        if owner is None:  # of no message that there is: the store refuses it
            return parameters
        sealed = self._values(what.table, row, owner, values)
        return _with(parameters, {what.puts[name]: value for name, value in sealed.items()})

    def _owner(self, table: str, row: Sequence[Any], what: Statement, parameters: Any) -> Owner | None:
        """None: there is no such row."""
        kept = TABLES[table]
        names = WHOSE[kept.of]
        given = {**dict(zip(kept.key, row, strict=True))}
        if what.is_insert:
            given |= {name: what.bound(parameters, name) for name in names if name in what.binds}
        if not given.keys() >= {*names}:
            where = " and ".join(f"{name}=?" for name in kept.key)
            found = self.db.execute(f"select {', '.join(names)} from {table} where {where}", row).fetchone()
            if found is None:
                return None
            given = dict(zip(names, found, strict=True))
        return self._who(kept.of, [given[name] for name in names])

    def _who(self, of: Of, said: Sequence[Any]) -> Owner | None:
        if of == "person":
            return "", str(said[0])
        if of == "face":
            return said[0], said[1]
        if of == "said":
            about = ABOUT.match(said[2])
            return (self._found(LANE, int(about[1])) if about else None) or (said[0], said[1])
        if of == "ticket":
            return self._found(OF_TICKET, said[0])
        return NOBODY if not said or said[0] is None else self._found(LANE, said[0])

    def _found(self, sql: str, number: int) -> Owner | None:
        found = self.db.execute(sql, (number,)).fetchone()
        return (found["publication"], found["sender"]) if found else None

    def _values(
        self, table: str, row: Sequence[Any], owner: Owner, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Nothing stays nothing: whether there is something is no secret."""
        id, cipher = self._ring.by_owner(self.db, owner)
        return {
            name: seal(value, Place(table, name, row), id, cipher) if value else value
            for name, value in values.items()
        }


class Opened:
    """Rows of which what is sealed is open."""

    def __init__(self, db: SealedDb, what: Statement, parameters: Any, rows: Rows) -> None:
        self._db, self._what, self._parameters, self._rows = db, what, parameters, rows

    @property
    def rowcount(self) -> int:
        return self._rows.rowcount

    def fetchone(self) -> Any:
        row = self._rows.fetchone()
        return None if row is None else self._open(row)

    def fetchall(self) -> list[Any]:
        return [self._open(row) for row in self._rows.fetchall()]

    def __iter__(self) -> Iterator[Any]:
        return map(self._open, iter(self._rows))

    def _open(self, row: Any) -> Any:
        """Of most rows nothing is sealed, which is told as fast as can be."""
        for value in row:
            kind = value.__class__
            if (kind is str and value[:1] == BEGINS) or (kind is bytes and value[:1] == BEGINS_BYTES):
                return self._opened(row)
        return row

    def _opened(self, row: Any) -> Any:
        found = {n: sealed for n, value in enumerate(row) if (sealed := read(value))}
        if not found:
            return row
        names = list(row.keys())
        values = list(row)
        for n, sealed in found.items():
            value = self._value(sealed, names[n], names, row)
            values[n] = value.decode() if isinstance(row[n], str) else value
        return Row(names, values)

    def _value(self, sealed: Envelope, name: str, names: Sequence[str], row: Any) -> bytes:
        kept = TABLES.get(sealed.table)
        if kept is None or sealed.column not in kept.columns:
            return b""
        nothing = kept.columns[sealed.column].encode()
        said = sealed.column in (name, self._what.named.get(name))
        if not said or sealed.table not in self._what.tables:
            return nothing
        key = [row[one] if one in names else self._what.bound(self._parameters, one) for one in kept.key]
        if None in key:
            raise StoreFailed(UNNAMED.fill(table=sealed.table), code="damaged")
        cipher = self._db.cipher(sealed.key)
        if cipher is None:
            return nothing
        value = opened(sealed, Place(sealed.table, sealed.column, key), cipher)
        if value is None:
            log.error("%s.%s of %s is sealed for another row, or damaged", sealed.table, sealed.column, key)
            return nothing
        return value


class Row:
    """By the names of its columns and by their places."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self._names, self._values = names, values

    def __getitem__(self, key: Any) -> Any:
        return self._values[self._names.index(key) if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> list[str]:
        return list(self._names)


def row_of(row: Any, longest: int) -> Row:
    """Of each text so many characters at most."""
    return Row(list(row.keys()), [one[:longest] if isinstance(one, str) else one for one in row])


def _is_numbered(what: Statement) -> bool:
    kept = TABLES[what.table]
    return what.is_insert and kept.is_numbered and kept.key[0] not in what.binds


def _meanwhile(value: Any) -> Any:
    """Stands there until its number is known. It is like no other, so that a row is the same as another only
    by what is not sealed."""
    if not value:
        return value
    chance = f"{BEGINS}{secrets.token_hex(16)}"
    return chance if isinstance(value, str) else chance.encode()


def _with(parameters: Any, changed: Mapping[Any, Any]) -> Any:
    """The same with others in those places."""
    if isinstance(parameters, Mapping):
        return {**parameters, **changed}
    given = list(parameters)
    for place, value in changed.items():
        given[place] = value
    return tuple(given)
