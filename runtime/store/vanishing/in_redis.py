"""What may vanish, in Redis or Valkey."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from runtime.lang import Text
from runtime.store.vanishing import NOTHING, ONCE, Counted, Name, Share, hashed
from runtime.store.vanishing.redis_failed import TLS, why
from runtime.store.vanishing.redis_url import RedisUrl

CONNECTIONS = 5
"""One of them hears."""
ALIVE, HERE = ("alive",), ("here",)
COUNTED, PACED = "#", "%"
"""What is counted and paced stands beside what is held."""
HELD = 10_000
"""Milliseconds for which a look whether it answers is held."""
COUNT = """
local amount = tonumber(ARGV[1])
local left = redis.call('pttl', KEYS[1])
if left > 0 then return {redis.call('incrby', KEYS[1], amount), left} end
if amount == 0 then return {0, 0} end
redis.call('set', KEYS[1], amount, 'px', ARGV[2])
return {amount, tonumber(ARGV[2])}
"""
TAKE = """
local once = tonumber(ARGV[1])
local known = once > 0 and redis.call('get', KEYS[1])
if known then return known end
local time, wait = redis.call('time'), 0
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
for i = 2, #KEYS do
  local seconds, apart = tonumber(ARGV[2 * i - 2]), tonumber(ARGV[2 * i - 1])
  local due = math.min(math.max(tonumber(redis.call('get', KEYS[i]) or now), now), now + seconds)
  if due + apart - now - seconds > 0.001 then
    wait = due + apart - now - seconds
    break
  end
  local ends = math.ceil((due + apart - now) * 1000)
  redis.call('set', KEYS[i], string.format('%.6f', due + apart), 'px', ends)
end
if once > 0 then redis.call('set', KEYS[1], tostring(wait), 'px', once) end
return tostring(wait)
"""
"""By the server's clock; see pace.Pace."""


class InRedis:
    """Keys of the prefix alone; no key is held without an end."""

    def __init__(self, url: RedisUrl) -> None:
        self._url = url
        self.shown = url.shown
        self._client: Any = None  # its commands have no types of their own
        self._hearing: Any = None
        self._count: Any = None
        self._take: Any = None
        self._reading: asyncio.Task[None] | None = None
        self._names: dict[str, Name] = {}
        """What is heard, by channel."""
        self._awaited: dict[tuple[str, str], asyncio.Event] = {}

    async def connect(self, heard: Callable[[Name, bytes], None], lost: Callable[[Exception], None]) -> None:
        self._names = {}
        pool = BlockingConnectionPool.from_url(
            self._url.client, max_connections=CONNECTIONS, timeout=None, retry=Retry(NoBackoff(), 0)
        )
        self._client = Redis(connection_pool=pool)
        self._count = self._client.register_script(COUNT)
        self._take = self._client.register_script(TAKE)
        await self._client.mget(self._key(ALIVE), self._key(HERE))  # a cluster refuses two at once
        self._hearing = self._client.pubsub()
        await self._hearing.subscribe(self._key(ALIVE))
        self._reading = asyncio.create_task(self._read(self._hearing, heard, lost))

    async def check(self) -> None:
        async with asyncio.TaskGroup() as each:
            for _ in range(CONNECTIONS - 1):
                each.create_task(self._client.set(self._key(ALIVE), b"1", px=HELD))
            each.create_task(self._done("pong", "", self._hearing.ping))

    async def disconnect(self) -> None:
        """What is stopped in the middle of it is done again."""
        if self._reading:
            self._reading.cancel()
            await asyncio.wait({self._reading})
        if self._client:
            await self._client.connection_pool.disconnect(inuse_connections=True)
        self._client = self._reading = None

    async def get(self, name: Name) -> bytes | None:
        found: bytes | None = await self._client.get(self._key(name))
        return found

    async def put(self, name: Name, value: bytes, seconds: float) -> None:
        await self._client.set(self._key(name), value, px=_milliseconds(seconds))

    async def drop(self, name: Name) -> None:
        await self._client.delete(*(self._key(name, of) for of in ("", COUNTED, PACED)))

    async def count(self, name: Name, seconds: float, amount: int) -> Counted:
        keys, told = [self._key(name, COUNTED)], [amount, _milliseconds(seconds)]
        total, left = await self._count(keys=keys, args=told)
        return Counted(int(total), int(left) / 1000) if left > 0 else NOTHING

    async def take(self, shares: Sequence[Share], once: Name) -> float:
        keys = [self._key(once or ALIVE), *(self._key(one.name, PACED) for one in shares)]
        told = [number for one in shares for number in (one.seconds, one.apart)]
        return float(await self._take(keys=keys, args=[_milliseconds(ONCE) if once else 0, *told]))

    async def say(self, name: Name, message: bytes) -> None:
        await self._client.publish(self._key(name), message)

    async def listen(self, name: Name) -> None:
        channel = self._key(name)
        self._names[channel] = name
        await self._done("subscribe", channel, lambda: self._hearing.subscribe(channel))

    async def leave(self, name: Name) -> None:
        self._names.pop(self._key(name), None)
        await self._hearing.unsubscribe(self._key(name))

    def why(self, error: BaseException) -> Text:
        if isinstance(error, TimeoutError) and self._url.client.startswith("rediss:"):
            return TLS  # a port without it waits for more of what it takes for a command
        return why(error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error)

    def _key(self, name: Name, of: str = "") -> str:
        return f"{self._url.prefix}:{hashed(name)}{of}"

    async def _done(self, kind: str, key: str, ask: Callable[[], Any]) -> None:
        """It is asked, and the server said that it is so."""
        is_done = self._awaited.setdefault((kind, key), asyncio.Event())
        is_done.clear()
        await ask()
        await is_done.wait()

    async def _read(
        self, hearing: Any, heard: Callable[[Name, bytes], None], lost: Callable[[Exception], None]
    ) -> None:
        try:
            async for told in hearing.listen():
                kind = told["type"]
                channel = (told["channel"] or b"").decode()
                if kind == "message":
                    if name := self._names.get(channel):
                        heard(name, told["data"])
                elif is_done := self._awaited.pop((kind, channel), None):
                    is_done.set()
        except Exception as e:  # noqa: BLE001 # whatever the client raises: nothing is heard any more
            lost(e)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
