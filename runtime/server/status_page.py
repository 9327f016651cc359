"""GET /status: whether it works, for everybody, where the owner opened it (HONGYAN_STATUS_PAGE=on).

Surfaces by their kind, never a publication, an account or a reason; what was wrong in 90 days. Held for some
seconds, so that many who look cost nothing.
"""

import asyncio
import contextlib
import html
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime import channels
from runtime.errors import HongyanError
from runtime.lang import Text, as_it_is
from runtime.server.door.small_page import small_page
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.incidents import ALL, Incident, Incidents
from runtime.server.wellness import Wellness

LOOK = 60.0
"""Seconds between two looks."""
FRESH = 10.0
"""Seconds that an answer is held."""
SHOWN = 30
FACT = "status page"
UNWELL = ("failing", "troubled", "dead")

TITLE = Text("现在正常吗", "Does it work?")
WELL = Text("正常", "Works")
ILL = Text("有问题", "Has trouble")
PAUSED = Text("暂停", "Paused")
ALL_WELL = Text("一切正常。", "All is well.")
SOME_ILL = Text(
    "有的渠道现在有问题，消息都留着，好了会接着回答。",
    "Some surfaces have trouble; messages are kept and answered later.",
)
LINE = Text("{what}：{text}", "{what}: {text}")
NOTHING_YET = Text("还没有发布任何渠道。", "Nothing is published yet.")
PAST = Text("90 天内的问题", "Trouble within 90 days")
NONE = Text("没有。", "None.")
ITSELF = Text("整个服务", "The whole service")
LASTS = Text("{since} 起，还没好", "since {since}, not over yet")
WAS = Text("{since}，{minutes} 分钟", "{since}, {minutes} minutes")


class Facts(Protocol):
    async def find(self, name: str) -> str | None: ...
    async def learn(self, name: str, value: str, now: float) -> None: ...


class StatusPage:
    def __init__(self, wellness: Wellness, facts: Facts, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since 1970."""
        self._wellness, self._facts, self._clock = wellness, facts, clock
        self._incidents = Incidents()
        self._read_at = float("-inf")

    def routes(self) -> list[Way]:
        return [
            Way("/status", self.show, methods=["GET"], needs=Entry.MACHINE),
            Way("/status.json", self.told, methods=["GET"], needs=Entry.MACHINE),
        ]

    async def watch(self, is_ours: Callable[[], bool]) -> None:
        """Keep what goes wrong, for as long as the program runs."""
        while True:
            await asyncio.sleep(LOOK)
            if is_ours():
                try:
                    await self.look()
                except HongyanError as e:  # a disk that refuses: it is looked at again
                    logging.getLogger(__name__).warning("what works is not kept: %s", e.text.en)

    async def look(self) -> None:
        """Raises StoreFailed."""
        await self._wellness.look()
        incidents = Incidents.from_json(await self._facts.find(FACT))  # others may have looked
        now = self._clock()
        incidents.look({channel: how != "ill" for channel, how in self._surfaces().items()}, now)
        await self._facts.learn(FACT, incidents.to_json(), now)

    async def show(self, request: Request) -> Response:
        await self._fresh()
        visit = Visit(request.scope)
        lang, surfaces = visit.lang, self._surfaces()
        is_ill = "ill" in surfaces.values()
        first = SOME_ILL if is_ill else ALL_WELL if surfaces else NOTHING_YET
        said = [LINE.fill(what=_title(one), text=SAID[how]) for one, how in surfaces.items()]
        rows = "".join(f"<li>{_e(one, lang)}</li>" for one in said)
        past = "".join(f"<li>{_e(_told(one), lang)}</li>" for one in self._incidents.all()[:SHOWN])
        body = f"<p>{_e(first, lang)}</p><ul>{rows}</ul><h2>{_e(PAST, lang)}</h2>"
        body += f"<ul>{past}</ul>" if past else f"<p>{_e(NONE, lang)}</p>"
        page = small_page(visit, TITLE, body, back="/status")
        page.headers["cache-control"] = f"public, max-age={FRESH:.0f}"
        page.headers["vary"] = "Accept-Language, Cookie"  # in whose language it is
        return page

    async def told(self, request: Request) -> Response:
        """The same for programs."""
        await self._fresh()
        past = [vars(one) for one in self._incidents.all()]
        found = {"surfaces": self._surfaces(), "incidents": past}
        return JSONResponse(found, headers={"cache-control": f"public, max-age={FRESH:.0f}"})

    async def _fresh(self) -> None:
        if time.monotonic() - self._read_at > FRESH:
            self._read_at = time.monotonic()
            with contextlib.suppress(HongyanError):  # what was known before is shown
                await self._wellness.look()
                self._incidents = Incidents.from_json(await self._facts.find(FACT))

    def _surfaces(self) -> Mapping[str, str]:
        """well, ill or paused, by channel."""
        found: dict[str, set[str]] = {}
        for channel, how in self._wellness.by_publication().values():
            found.setdefault(channel, set()).add(how)
        return {channel: _how(hows) for channel, hows in sorted(found.items())}


SAID = {"well": WELL, "ill": ILL, "paused": PAUSED}


def _how(hows: set[str]) -> str:
    if hows & set(UNWELL):
        return "ill"
    return "paused" if hows == {"paused"} else "well"


def _title(channel: str) -> Text:
    kind = channels.registry().get(channel)
    return kind.about.title if kind else ITSELF if channel == ALL else as_it_is(channel)


def _told(one: Incident) -> Text:
    since = datetime.fromtimestamp(one.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    if one.until is None:
        text = LASTS.fill(since=since)
    else:
        text = WAS.fill(since=since, minutes=max(1, round((one.until - one.since) / 60)))
    return LINE.fill(what=_title(one.channel), text=text)


def _e(text: Text, lang: str) -> str:
    return html.escape(text.to(lang))
