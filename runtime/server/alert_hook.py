"""POST /metrics/alerts: what Prometheus' Alertmanager rings, said where the owner is told of trouble.

It comes as Alertmanager's webhook, version 4 (prometheus.io/docs/alerting/latest/configuration), by the key
that opens /metrics. Bounded, and said as plain words: an alert's labels come from outside, too.
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import HongyanError, TooMany
from runtime.lang import Lang, Text
from runtime.metrics.alerting.rules import ALERTS
from runtime.metrics.alerting.words import Titled, plain
from runtime.server.api.streams import language
from runtime.server.body import read_body
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way
from runtime.server.statuses import status_of
from runtime.store.vanishing import Share, Vanishing

LARGEST = 256 * 1024
"""Bytes."""
SHOWN = 8
"""Alerts that are told one by one; of more there is a number."""
LONGEST = 300
"""Characters of one sentence."""
AGAIN = 1800.0
"""Seconds in which the same, brought again since we were not heard, is told once; later it is a reminder."""
MOST, HOUR = 60, 3600.0
"""Calls in so many seconds that are told: each is read by people."""
KNOWN = {one.name: one for one in ALERTS}
SPECIAL = re.compile(r"([\\`*_<>\[\]@#|~])")

KEY = Text(
    "密钥不对：Authorization: Bearer 后面要用 HONGYAN_METRICS_KEY 里的那一把。",
    "The key is wrong: send the one of HONGYAN_METRICS_KEY as Authorization: Bearer …",
)
UNREADABLE = Text(
    "不是 Alertmanager 的 webhook（version 4）。", "That is no webhook of Alertmanager's (version 4)."
)
TOO_MANY = Text("告警来得太多，一小时最多说 60 次。", "Too many alerts: 60 an hour are told.")
NOWHERE = Text(
    "还没说告警发到哪里：python app.py alerts 发布编号。",
    "It is not said where alerts go: python app.py alerts PUBLICATION.",
)
BEGAN = Text("**{severity}：{says}**", "**{severity}: {says}**")
OVER = Text("已恢复：{says}", "Over: {says}")
FIRST = Text("先做：{step}", "First: {step}")
MORE = Text("[值班手册]({url})", "[The runbook]({url})")
OTHERS = Text("还有 {n} 条。", "And {n} more.")
SEVERITIES = {
    "critical": Text("严重", "Critical"),
    "warning": Text("注意", "Warning"),
    "info": Text("提示", "Note"),
}

Words = Mapping[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=5_000)]]


class One(BaseModel):
    status: Literal["firing", "resolved"]
    labels: Words = {}
    annotations: Words = {}
    startsAt: str = Field(default="", max_length=100)  # Alertmanager's name


class Told(BaseModel):
    """What is not named here is not read."""

    version: Literal["4"]
    groupKey: str = Field(default="", max_length=20_000)  # Alertmanager's name
    alerts: Sequence[One] = Field(min_length=1, max_length=1_000)


class Says(Protocol):
    """See Program.say."""

    def __call__(
        self, publication: str, text: str, key: str = ""
    ) -> Awaitable[Sequence[tuple[str, str]]]: ...


class AlertHook:
    def __init__(
        self,
        say: Says,
        where: Callable[[], str],
        lang_of: Callable[[str], Lang],
        address: Callable[[], str],
        key: str,
        vanishing: Vanishing,
        titled: Titled = lambda channel: None,
    ) -> None:
        """`where`: the publication that is told, "" for none; `address`: ours, "" where it is unknown."""
        self._say, self._where, self._lang_of, self._address = say, where, lang_of, address
        self._key, self._vanishing, self._titled = key, vanishing, titled

    def routes(self) -> list[Way]:
        return [Way("/metrics/alerts", self.rung, methods=["POST"], needs=Entry.MACHINE)]

    async def rung(self, request: Request) -> Response:
        given, lang = Visit(request.scope).bearer, language(request)
        if not self._key or not hmac.compare_digest(given.encode(), self._key.encode()):
            return JSONResponse({"error": KEY.to(lang)}, 401)
        if not (there := self._where()):
            return JSONResponse({"error": NOWHERE.to(lang)}, 409)
        try:
            told = Told.model_validate_json(await read_body(request, LARGEST))
            if wait := await self._vanishing.take(Share(("alerts",), MOST, HOUR)):
                raise TooMany(TOO_MANY, wait)
            text = said(told, self._lang_of(there), self._address(), self._titled)
            sent = await self._say(there, text, _once(told, time.time()))
        except ValidationError:
            return JSONResponse({"error": UNREADABLE.to(lang)}, 400)
        except HongyanError as e:
            return JSONResponse({"error": e.text.to(lang)}, status_of(e))
        return JSONResponse({"sent": [{"state": state, "code": code} for state, code in sent]})


def said(told: Told, lang: Lang, address: str, titled: Titled = lambda channel: None) -> str:
    """In Markdown, what began before what is over."""
    ordered = sorted(told.alerts, key=lambda one: one.status != "firing")
    shown = [_one(one, lang, address, titled) for one in ordered[:SHOWN]]
    rest = [OTHERS.fill(n=len(ordered) - SHOWN).to(lang)] if len(ordered) > SHOWN else []
    return "\n\n".join([*shown, *rest])


def _one(one: One, lang: Lang, address: str, titled: Titled) -> str:
    known = KNOWN.get(one.labels.get("alertname", ""))
    says = one.annotations.get(f"summary_{lang}") or one.annotations.get("summary", "")
    if known:
        says = plain(known, says, lang, titled)
    says = _plain(says or one.labels.get("alertname", "?"))
    if one.status == "resolved":
        return OVER.fill(says=says).to(lang)
    severity = SEVERITIES.get(one.labels.get("severity", ""), SEVERITIES["warning"])
    lines = [BEGAN.fill(severity=severity, says=says).to(lang)]
    if known:
        lines.append(FIRST.fill(step=known.first[0]).to(lang))
        lines += [MORE.fill(url=f"{address}/manual/runbook#{known.anchor}").to(lang)] if address else []
    elif description := one.annotations.get("description", ""):
        lines.append(_plain(description))
    return "\n".join(lines)


def _plain(text: str) -> str:
    """One line without marks, mentions and links of its own."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return SPECIAL.sub(r"\\\1", line[:LONGEST])


def _once(told: Told, now: float) -> str:
    """By which the same is told once: Alertmanager brings again what it thinks we have not heard."""
    alerts = sorted([one.status, one.startsAt, *sorted(one.labels.items())] for one in told.alerts)
    whole = json.dumps([told.groupKey, alerts, int(now // AGAIN)], ensure_ascii=False)
    return f"alerts {hashlib.sha256(whole.encode()).hexdigest()[:32]}"
