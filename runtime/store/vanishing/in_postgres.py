"""What may vanish, in PostgreSQL: a table that a crash empties, and notifications."""

import asyncio
import base64
import functools
import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import asyncpg

from runtime.lang import Text
from runtime.store.database.postgres_failed import because
from runtime.store.database.postgres_opening import MARKER, SETTINGS
from runtime.store.database.postgres_pooled import settle
from runtime.store.database.postgres_url import Url
from runtime.store.vanishing import NOTHING, ONCE, Counted, Name, Share, hashed

CONNECTIONS = 4
"""And one that hears."""
PIECE = 7_500
"""Characters of one notification; PostgreSQL takes 8,000 bytes."""
SWEPT = 1_000
"""Rows that are over and go with one look whether it answers."""
MADE = """select pg_advisory_xact_lock(hashtext('hongyan vanishing'));
create unlogged table if not exists vanishing(name text collate "C" primary key,
  value bytea, amount bigint not null default 0, until timestamptz not null);
create index if not exists vanishing_until on vanishing(until);
create or replace function vanishing_take(
  once text, held interval, names text[], aparts interval[], spans interval[]
) returns float8 language plpgsql as $$
declare
  moment timestamptz := clock_timestamp();
  near interval := interval '1 millisecond';
  wait float8;
begin
  if once<>'' then
    select convert_from(value, 'UTF8')::float8 into wait from vanishing where name=once and until>moment;
    if found then return wait; end if;
  end if;
  wait := 0;
  for i in 1..cardinality(names) loop
    insert into vanishing as was(name, until) select names[i], moment+aparts[i] where aparts[i]<=spans[i]+near
    on conflict(name) do update set until=greatest(was.until, clock_timestamp())+aparts[i]
      where least(greatest(was.until, clock_timestamp()), clock_timestamp()+spans[i])+aparts[i]
        <=clock_timestamp()+spans[i]+near;
    if not found then
      moment := clock_timestamp();
      select extract(epoch from max(greatest(until, moment))-moment) into wait from vanishing
      where name=names[i];
      wait := greatest(coalesce(wait, 0)+extract(epoch from aparts[i]-spans[i]), 0.001);
      exit;
    end if;
  end loop;
  if once<>'' then
    insert into vanishing(name, value, until) values(once, convert_to(wait::text, 'UTF8'), moment+held)
    on conflict(name) do update set value=excluded.value, until=excluded.until;
  end if;
  return wait;
end $$"""
"""A share is next due when its row is over; see pace.Pace. The clock is read once the row is ours: whoever
came later may have taken first."""
GET = "select value from vanishing where name=$1 and until>clock_timestamp()"
PUT = """insert into vanishing(name, value, until) values($1, $2, clock_timestamp() + $3)
on conflict(name) do update set value=excluded.value, until=excluded.until"""
DROP = "delete from vanishing where name in ($1, $1 || '#', $1 || '%')"
LOOK = """select amount, extract(epoch from until-clock_timestamp())::float8 as seconds from vanishing
where name=$1 and until>clock_timestamp()"""
COUNT = """insert into vanishing as was(name, amount, until) values($1, $2, clock_timestamp() + $3)
on conflict(name) do update set
  amount=excluded.amount + case when was.until>clock_timestamp() then was.amount else 0 end,
  until=case when was.until>clock_timestamp() then was.until else excluded.until end
returning amount, extract(epoch from until-clock_timestamp())::float8 as seconds"""
TAKE = "select vanishing_take($1, $2, $3, $4, $5)"
SWEEP = """delete from vanishing where name in (
  select name from vanishing where until<clock_timestamp() order by until limit $1 for update skip locked)"""
SAY = "select pg_notify($1, piece) from unnest($2::text[]) as piece"
"""Those of one statement arrive together and in order."""


class NotYet(Exception):
    """The schema is not made, or not ours."""


class InPostgres:
    """The schema of the messages."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self.shown = url.shown
        self._pool: Any = None
        self._ear: Any = None
        self._asks_ear = asyncio.Lock()
        """A connection does one thing at a time."""
        self._names: dict[str, Name] = {}
        """What is heard, by channel."""
        self._pieces: dict[str, list[str]] = {}
        """Of what is only half heard, by who says it and where."""
        self._heard: Callable[[Name, bytes], None]
        self._lost: Callable[[object], None]

    async def connect(self, heard: Callable[[Name, bytes], None], lost: Callable[[Exception], None]) -> None:
        self._heard, self._lost = heard, lambda _: lost(ConnectionError())
        self._names, self._pieces, self._asks_ear = {}, {}, asyncio.Lock()
        settings = SETTINGS | {"search_path": f'"{self._url.schema}"', "synchronous_commit": "off"}
        self._ear = await asyncpg.connect(self._url.dsn)
        await settle(self._ear, settings)
        self._ear.add_termination_listener(self._lost)
        if await self._ear.fetchval("select to_regclass($1)", MARKER) is None:
            raise NotYet
        await self._ear.execute(MADE)
        sizes = {"min_size": CONNECTIONS, "max_size": CONNECTIONS}
        settled = functools.partial(settle, settings=settings)
        self._pool = await asyncpg.create_pool(self._url.dsn, init=settled, reset=_as_it_is, **sizes)

    async def check(self) -> None:
        async with asyncio.TaskGroup() as each:
            for number in range(CONNECTIONS):
                each.create_task(self.put(("alive", str(number)), b"1", 10.0))
            each.create_task(self._swept())

    async def disconnect(self) -> None:
        pool, ear, self._pool, self._ear = self._pool, self._ear, None, None
        if ear is not None:
            ear.remove_termination_listener(self._lost)
            ear.terminate()
        if pool is not None:
            pool.terminate()
        await asyncio.sleep(0)

    async def get(self, name: Name) -> bytes | None:
        found: bytes | None = await self._pool.fetchval(GET, hashed(name))
        return found

    async def put(self, name: Name, value: bytes, seconds: float) -> None:
        await self._pool.execute(PUT, hashed(name), value, _span(seconds))

    async def drop(self, name: Name) -> None:
        await self._pool.execute(DROP, hashed(name))

    async def count(self, name: Name, seconds: float, amount: int) -> Counted:
        told = (amount, _span(seconds)) if amount else ()
        row = await self._pool.fetchrow(COUNT if amount else LOOK, f"{hashed(name)}#", *told)
        return Counted(row["amount"], max(row["seconds"], 0.0)) if row else NOTHING

    async def take(self, shares: Sequence[Share], once: Name) -> float:
        names = [f"{hashed(one.name)}%" for one in shares]
        aparts, spans = [_span(one.apart) for one in shares], [_span(one.seconds) for one in shares]
        asked = hashed(once) if once else ""
        return float(await self._pool.fetchval(TAKE, asked, _span(ONCE), names, aparts, spans))

    async def say(self, name: Name, message: bytes) -> None:
        text = base64.b85encode(message).decode()
        pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
        numbered = [f"{len(pieces) - number - 1} {piece}" for number, piece in enumerate(pieces)]
        await self._pool.execute(SAY, self._channel(name), numbered)

    async def listen(self, name: Name) -> None:
        self._names[self._channel(name)] = name
        async with self._asks_ear:
            await self._ear.add_listener(self._channel(name), self._notified)

    async def leave(self, name: Name) -> None:
        self._names.pop(self._channel(name), None)
        async with self._asks_ear:
            await self._ear.remove_listener(self._channel(name), self._notified)

    def why(self, error: BaseException) -> Text:
        if isinstance(error, BaseExceptionGroup):
            return self.why(error.exceptions[0])
        if isinstance(error, NotYet):
            return Text("里面还没有鸿雁的表", "there are no tables of Hongyan in it yet")
        return because(error)

    async def _swept(self) -> None:
        """What is over goes. And the connection that hears is asked something, to see whether it lives."""
        async with self._asks_ear:
            await self._ear.execute(SWEEP, SWEPT)

    def _notified(self, _: object, process: int, channel: str, payload: str) -> None:
        left, _, piece = payload.partition(" ")
        pieces = self._pieces.setdefault(f"{process} {channel}", [])
        pieces.append(piece)
        if left == "0":
            del self._pieces[f"{process} {channel}"]
            if channel in self._names:
                self._heard(self._names[channel], base64.b85decode("".join(pieces)))

    def _channel(self, name: Name) -> str:
        """Names of channels are of the whole database, and 63 bytes at most."""
        digest = hashlib.blake2b(f"{self._url.schema} {hashed(name)}".encode(), digest_size=16)
        return f"hongyan_{digest.hexdigest()}"


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=max(seconds, 0.001))


async def _as_it_is(connection: Any) -> None:
    """Its settings stay, and nothing else is changed with it."""
