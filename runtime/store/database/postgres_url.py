"""Where a PostgreSQL store is, as HONGYAN_DATABASE_URL says it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from runtime.errors import BadSettings
from runtime.lang import Text

VARIABLE = "HONGYAN_DATABASE_URL"
SCHEMA = "hongyan"
NAME = re.compile(r"[a-z_][a-z0-9_]{0,55}")
"""Of a schema; that of its files has some letters more, and PostgreSQL cuts off after 63."""
SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True)
class Url:
    """`dsn`: for asyncpg, with the password. `shown`: without one."""

    dsn: str
    schema: str
    shown: str

    @property
    def each(self) -> Sequence[str]:
        """As `dsn`, of one host each."""
        parts = urlsplit(self.dsn)
        user, at, hosts = parts.netloc.rpartition("@")
        return [urlunsplit(parts._replace(netloc=f"{user}{at}{one}")) for one in hosts.split(",")]


def read(text: str) -> Url:
    """Raises BadSettings."""
    try:
        parts = urlsplit(text)
        given = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        where = ",".join(_places(parts.netloc.rpartition("@")[2])) or given.get("host", "")
    except ValueError:
        raise _bad() from None
    if "," in where:  # one of them is the primary, whichever it is just now
        given.setdefault("target_session_attrs", "read-write")
    schema = given.pop("schema", SCHEMA)
    if parts.scheme not in SCHEMES or not where or not NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise _bad()
    # a password as it is: what is shown of the address could be a piece of it
    if parts.fragment or parts.netloc.count("@") > 1:
        raise _bad()
    dsn = urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(given), ""))
    return Url(dsn, schema, f"postgresql://{where}/{parts.path.strip('/')} ({schema})")


def _places(hosts: str) -> Iterator[str]:
    """Each with its port. Raises ValueError."""
    for one in hosts.split(",") if hosts else ():
        place = urlsplit(f"//{one}")
        if not place.hostname:
            raise ValueError(one)
        yield f"{place.hostname}:{place.port}" if place.port else place.hostname


def _bad() -> BadSettings:
    return BadSettings(
        Text(
            "{variable} 应写成 postgresql://用户:密码@主机/数据库?schema=名字（名字只用小写字母、数字和下划线，"
            "密码里的 @ / # ? % 写成 %40 %2F %23 %3F %25）。",
            "{variable} is written postgresql://user:password@host/database?schema=name; the name of small "
            "letters, digits and underscores; @ / # ? % in the password as %40 %2F %23 %3F %25.",
        ).fill(variable=VARIABLE),
        field=VARIABLE,
    )
