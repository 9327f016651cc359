"""What a statement of the store writes into, and reads from, sealed columns: told from its words, once."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.store.sealing.columns import TABLES

MARK = re.compile(r"'(?:[^']|'')*'|(?P<mark>\?)|(?<![:\w]):(?P<name>[a-z_]+)")
VERB = re.compile(r"\s*(?P<verb>insert into|update|delete from|select|with)\s+(?P<table>\w+)?", re.IGNORECASE)
EQUALS = re.compile(r"(?:\b\w+\.)?\b(\w+)\s*=\s*$")
SETS = re.compile(r"\bset\b", re.IGNORECASE)
WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
NAMED = re.compile(r"\b(?:from|join|into|update)\s+(\w+)", re.IGNORECASE)
FIXED = re.compile(r"\b(\w+)\s*=\s*([0-9]{1,18})\b")
ALIAS = re.compile(r"\b(\w+)\s+as\s+(\w+)\b", re.IGNORECASE)
READS = re.compile(r"(?<!count\()\*|\b\w+\b")
"""What a statement may read: all columns, or names."""
RETURNING = re.compile(r"\breturning\b", re.IGNORECASE)
VALUES = re.compile(r"\w+\((?P<columns>[^()]*)\)\s*values\s*\(", re.IGNORECASE)
SELECTS = re.compile(r"\w+\((?P<columns>[^()]*)\)\s*select\s", re.IGNORECASE)

Place = int | str
"""Of a parameter: which one, or its name."""


@dataclass(frozen=True)
class Statement:
    """`table`: the sealed one that it writes to, "" for none. `puts`: parameters that become values of sealed
    columns; `binds`: those that a column equals; `lost`: sealed columns that it computes from parameters,
    which nobody can seal. `tables`: the sealed ones that it names; `named`: columns by what they are called
    in its rows."""

    table: str
    is_insert: bool
    puts: Mapping[str, Place]
    binds: Mapping[str, Place]
    lost: tuple[str, ...]
    tables: frozenset[str]
    named: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, int] = field(default_factory=dict)
    """Columns that equal a number which stands there."""
    writes: bool = False
    """It may write what is to be sealed."""
    returns: bool = True
    """Its rows may hold what is sealed."""

    def bound(self, parameters: Any, column: str) -> Any:
        """None: no parameter says it."""
        place = self.binds.get(column)
        return self.fixed.get(column) if place is None else parameters[place]


@functools.lru_cache(2000)
def statement(sql: str) -> Statement | None:
    """None: nothing in it is sealed, whatever is."""
    tables = frozenset(name for name in NAMED.findall(sql) if name in TABLES)
    if not {column for name in tables for column in ("*", *TABLES[name].columns)} & {*READS.findall(sql)}:
        return None
    marks = _marks(sql)
    begins = VERB.match(sql)
    verb = begins["verb"].lower() if begins else ""
    target = begins["table"] if begins and begins["table"] in TABLES else ""
    named = {called: name for name, called in ALIAS.findall(sql)}
    returns = verb not in ("insert into", "update", "delete from") or RETURNING.search(sql) is not None
    if verb == "insert into" and target:
        binds, puts, lost = _inserted(sql, target, marks)
        writes = bool(puts or lost)
        return Statement(target, True, puts, binds, lost, tables, named, _numbers(sql), writes, returns)
    if verb == "update" and target:
        binds, puts, lost = _updated(sql, target, marks)
        writes = bool(puts or lost)
        return Statement(target, False, puts, binds, lost, tables, named, _fixed(sql), writes, returns)
    return Statement("", False, {}, _equal(sql, marks, 0), (), tables, named, _fixed(sql))


Marks = Mapping[int, Place]
"""Parameters by where they stand."""
Written = tuple[dict[str, Place], dict[str, Place], tuple[str, ...]]
"""What a statement that writes binds, puts and loses, see Statement."""


def _marks(sql: str) -> Marks:
    found: dict[int, Place] = {}
    number = 0
    for one in MARK.finditer(sql):
        if one["mark"]:
            found[one.start()] = number
            number += 1
        elif one["name"]:
            found[one.start()] = one["name"]
    return found


def _equal(sql: str, marks: Marks, since: int) -> dict[str, Place]:
    """Columns that equal a parameter; the first of a name counts."""
    found: dict[str, Place] = {}
    for at, place in marks.items():
        if at >= since and (equals := EQUALS.search(sql, max(0, at - 80), at)):
            found.setdefault(equals[1], place)
    return found


def _fixed(sql: str) -> dict[str, int]:
    return {name: int(number) for name, number in FIXED.findall(sql)}


def _numbers(sql: str) -> dict[str, int]:
    """What an insert puts there as it is."""
    begins = VALUES.search(sql)
    names = begins["columns"].split(",") if begins else ()
    given = _pieces(sql, begins.end()) if begins else ()
    pairs = zip(names, given, strict=False)
    return {name.strip(): int(text) for name, (_, text) in pairs if text.strip().isdecimal()}


def _inserted(sql: str, table: str, marks: Marks) -> Written:
    begins = VALUES.search(sql) or SELECTS.search(sql)
    if begins is None:
        return {}, {}, tuple(TABLES[table].columns)
    names = [name.strip() for name in begins["columns"].split(",")]
    binds: dict[str, Place] = {}
    puts: dict[str, Place] = {}
    lost: list[str] = []
    for name, (at, text) in zip(names, _pieces(sql, begins.end()), strict=False):
        place = marks.get(at)
        whole = text.strip() in ("?", f":{place}")
        if name in TABLES[table].columns:
            if place is not None and whole:
                puts[name] = place
            elif any(at <= mark < at + len(text) for mark in marks):
                lost.append(name)
        elif place is not None and whole:
            binds[name] = place
    return binds, puts, tuple(lost)


def _updated(sql: str, table: str, marks: Marks) -> Written:
    begins = SETS.search(sql)
    since = begins.end() if begins else 0
    puts: dict[str, Place] = {}
    lost: list[str] = []
    end = since
    for at, text in _pieces(sql, since):
        end = at + len(text)
        name, _, value = text.partition("=")
        name = name.strip()
        if name not in TABLES[table].columns:
            continue
        inside = [mark for mark in marks if at <= mark < end]
        if len(inside) == 1 and value.strip() in ("?", f":{marks[inside[0]]}"):
            puts[name] = marks[inside[0]]
        elif inside:
            lost.append(name)
    where = WHERE.search(sql, end)
    return _equal(sql, marks, where.end() if where else len(sql)), puts, tuple(lost)


def _pieces(sql: str, since: int) -> list[tuple[int, str]]:
    """What stands between commas there, and where each begins, until the bracket closes or `where` or `from`
    comes. Brackets and texts stay whole."""
    found: list[tuple[int, str]] = []
    depth, begin, at = 0, since, since
    while at < len(sql):
        if text := re.compile(r"'(?:[^']|'')*'").match(sql, at):
            at = text.end()
            continue
        sign = sql[at]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        ends = depth < 0 or (depth == 0 and re.compile(r"\b(?:where|from|returning)\b").match(sql, at))
        if ends or (sign == "," and depth == 0):
            space = len(sql[begin:at]) - len(sql[begin:at].lstrip())
            found.append((begin + space, sql[begin + space : at]))
            begin = at + 1
        if ends:
            return found
        at += 1
    space = len(sql[begin:]) - len(sql[begin:].lstrip())
    return [*found, (begin + space, sql[begin + space :])]
