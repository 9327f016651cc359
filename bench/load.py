"""WeChat under load: messages leave on schedule, whatever the server does, and times count from there."""

import asyncio
import itertools
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.client import Client
from runtime.gateway.canned import BUSY
from runtime.simulator.history import ANSWER, History, Pushed, Shown
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.platform import Platform, Sent
from runtime.simulator.wechat.wire import Reply, Wire

PATIENCE = 5.0
ATTEMPTS = 3


def percentile(values: Sequence[float], share: float) -> float:
    """NaN for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


@dataclass(frozen=True)
class Wave:
    """What one run of load came to. Times in seconds."""

    messages: int
    acknowledged: int
    acks: tuple[float, ...]
    """From when a message was due until its response, of those that were acknowledged."""
    answers: tuple[float, ...]
    """From when a message was due until the person had its answer."""
    lag: float
    """How late the generator itself was at most: distrust a wave where this is not small."""
    problems: Counter[str]
    seconds: float
    """From the first message to the last answer."""

    @property
    def answered(self) -> int:
        return len(self.answers)


@dataclass
class Load:
    """Pushes to one callback, and sees what comes back: in responses, and at the platform."""

    url: str
    account: Account
    platform: Platform
    history: History = field(default_factory=History)
    copies: int = 1
    """Requests side by side at each attempt."""
    patience: float = PATIENCE
    """Seconds that an attempt gets."""

    def __post_init__(self) -> None:
        self._wire = Wire(self.account)
        self._client = Client(self.url)
        self._ids = itertools.count(int(time.time()) * 1_000_000)
        self._answered: dict[str, float] = {}
        self.platform.on_sent = self._sent

    async def wave(
        self, rate: float, count: int, people: int, *, settle: float, person: str = "", text: str = ""
    ) -> Wave:
        """Send `count` messages, `rate` a second; then wait up to `settle` seconds for all answers."""
        person = person or f"o{next(self._ids):x}"
        began = time.time() + 0.05
        lag, problems, tasks, acks = 0.0, Counter[str](), [], list[float]()
        ids = []
        for number in range(count):
            due = began + number / rate
            if (wait := due - time.time()) > 0:
                await asyncio.sleep(wait)
            lag = max(lag, time.time() - due)
            id = str(next(self._ids))
            ids.append(id)
            who = f"{person}_{number % people:06d}"
            tasks.append(asyncio.create_task(self._message(id, who, text, due, acks, problems)))
        await asyncio.gather(*tasks)
        await self._all_answered(ids, settle)
        answered = [self._answered[id] for id in ids if id in self._answered]
        pushed = self.history.pushed
        return Wave(
            messages=count,
            acknowledged=sum(id in self.history.acknowledged for id in ids),
            acks=tuple(acks),
            answers=tuple(self._answered[id] - pushed[id].at for id in ids if id in self._answered),
            lag=lag,
            problems=problems,
            seconds=max(answered, default=time.time()) - began,
        )

    async def crowd(self, together: int, seconds: float, *, settle: float) -> Wave:
        """So many at once, each a new person who writes as soon as one before was acknowledged. Then wait up
        to `settle` seconds for all answers. `seconds` of the wave: until the last ack."""
        person, began = f"o{next(self._ids):x}", time.time()
        problems, acks, ids = Counter[str](), list[float](), list[str]()

        async def one_by_one() -> None:
            while (now := time.time()) < began + seconds:
                ids.append(id := str(next(self._ids)))
                await self._message(id, f"{person}_{id}", "", now, acks, problems)

        await asyncio.gather(*(one_by_one() for _ in range(together)))
        took = time.time() - began
        await self._all_answered(ids, settle)
        answers = tuple(self._answered[id] - self.history.pushed[id].at for id in ids if id in self._answered)
        return Wave(len(ids), len(acks), tuple(acks), answers, 0.0, problems, took)

    async def _all_answered(self, ids: Sequence[str], settle: float) -> None:
        end = time.time() + settle
        while time.time() < end and not all(id in self._answered for id in ids):  # noqa: ASYNC110 # it has two ends
            await asyncio.sleep(0.05)

    async def _message(
        self, id: str, who: str, text: str, due: float, acks: list[float], problems: Counter[str]
    ) -> None:
        self.history.pushed[id] = Pushed(id, self.account.app_id, who, due)
        self.platform.acted(self.account.app_id, who, "message")
        fields: dict[str, str | int] = {
            "ToUserName": self.account.original_id,
            "FromUserName": who,
            "CreateTime": int(due),
            "MsgType": "text",
            "Content": f"{text or '你好，请介绍一下你自己'} Q{id}E",
            "MsgId": int(id),
        }
        for _ in range(ATTEMPTS):
            sent_at = time.time()
            copies = [self._attempt(who, fields, problems) for _ in range(self.copies)]
            reply, *_ = await asyncio.gather(*copies)
            if reply is not None:
                self.history.acknowledged[id] = time.time()
                acks.append(time.time() - due)
                if reply.kind == "text":
                    self._show(who, time.time(), reply.text)
                    if id not in self._answered:
                        self.history.told.add(id)
                    if reply.text in (BUSY.zh, BUSY.en):
                        self.history.refused.add(id)
                return
            await asyncio.sleep(max(0.0, sent_at + self.patience - time.time()))
        problems["not acknowledged"] += 1

    async def _attempt(self, who: str, fields: dict[str, str | int], problems: Counter[str]) -> Reply | None:
        push = self._wire.push(fields, time.time())
        path = f"{self._client.path}?{push.query_string}"
        raw = self._client.raw("POST", path, push.body, "Content-Type: text/xml\r\n")
        try:
            answer = await self._client.request(raw, self.patience)
        except TimeoutError:
            problems["no answer in 5 s"] += 1
            return None
        except OSError as e:
            problems[type(e).__name__] += 1
            return None
        reply = self._wire.read(who, answer.status, answer.body.decode("utf-8", "replace"))
        if reply.kind == "fault":
            problems[reply.text[:40]] += 1
            return None
        return reply

    def _sent(self, sent: Sent) -> None:
        self._show(sent.to, sent.at, sent.text)

    def _show(self, who: str, at: float, text: str) -> None:
        self.history.shown.append(Shown(self.account.app_id, who, at, text))
        for match in ANSWER.finditer(text):
            self._answered.setdefault(match[1], at)
