"""Sentences, names and times in the operator's language and time zone."""

import functools
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import streamlit as st

from builder import texts
from builder.actions.usage import price
from builder.insights import _names
from builder.insights._plain import short
from builder.insights.desk import desk
from runtime import time_zones
from runtime.channels import registry
from runtime.lang import Text, filled
from runtime.languages import is_language, preferred
from runtime.store.database import Row
from runtime.store.messages.followed import BY_HAND_KEY
from runtime.turn.events import STOPPED


def lang() -> str:
    """The choice in the builder's bar, else what the browser prefers; kept until the page is loaded anew."""
    if "lang" not in st.session_state:
        chosen = st.context.cookies.get("lang") or ""
        accepted = st.context.headers.get("accept-language") or ""
        st.session_state.lang = chosen if is_language(chosen) else preferred(accepted)
    return str(st.session_state.lang)


def t(key: str, **values: object) -> str:
    """One sentence. Values from outside go through `label` first where Markdown is read."""
    return filled(_texts(lang())[key], values, lang())


def has(key: str) -> bool:
    return key in _texts(lang())


@functools.cache
def _texts(lang: str) -> dict[str, str]:
    return texts.load(lang, "insights.")


def in_lang(text: Text) -> str:
    return text.to(lang())


def say(sentence: Mapping[str, str]) -> str:
    """A sentence as an action gives it: by language."""
    return sentence[lang()]


def zone() -> tzinfo:
    """The browser's."""
    return time_zones.zone(st.context.timezone or "UTC") or UTC


def moment(at: float, pattern: str = "%H:%M:%S", place: tzinfo | None = None) -> str:
    """A day and a time as static/common/texts.js tells it: the year only when it is another.

    `pattern`: of the time; `place`: where it is that time, as a rule where the browser is.
    """
    told = datetime.fromtimestamp(at, place or zone())
    return t("unit.moment", day=day(told), time=told.strftime(pattern))


def day(told: datetime) -> str:
    this_year = told.year == datetime.now(told.tzinfo).year
    month = t(f"unit.month.{told.month}")
    return t("unit.day" if this_year else "unit.day_of", year=told.year, month=month, day=told.day)


def figures(at: float, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
    """The same in every language: for what is read by a program, or beside times of the same day."""
    return datetime.fromtimestamp(at, zone()).strftime(pattern)


def duration(seconds: float | None) -> str:
    """To two or three digits: 0.4 s, 12 s, 3.5 min."""
    if seconds is None:
        return t("unit.none")
    for unit, size, until in (("seconds", 1, 100), ("minutes", 60, 6000), ("hours", 3600, 172_800)):
        if seconds < until:
            return t(f"unit.{unit}", n=_digits(seconds / size))
    return t("unit.days", n=_digits(seconds / 86_400))


def milliseconds(ms: float) -> str:
    return t("unit.ms", n=round(ms)) if ms < 1000 else duration(ms / 1000)


def _digits(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:.0f}"


def publication(id: str) -> str:
    """The agent's name and the channel's title, in words."""
    record = desk().control.publication(id)
    if record is None:
        return id
    kind = registry().get(record.channel)
    name = str(desk().control.frozen_agent(id, record.version).get("name", record.agent))
    return f"{short(name, 40)} · {in_lang(kind.about.title) if kind else record.channel}"


def person(row: Row | Mapping[str, Any], *, openly: bool = False) -> str:
    """A name that stays the same and gives nothing away, or the platform's id."""
    if openly:
        return short(_names.name(row["publication"], row["sender"]) or row["sender"], 64)
    code = hashlib.sha256(f"{row['publication']} {row['sender']}".encode()).hexdigest()[:6]
    return t("person", code=code)


def said(row: Row, message: str = "") -> str:
    """What was written, or what came instead of words. `message`: its stored JSON, for the event's name."""
    if row["text"]:
        return str(row["text"])
    if row["kind"] == "event":
        data: dict[str, Any] = json.loads(message or "{}").get("data", {})
        return t("kind.event", event=data["event"]) if data.get("event") else t("kind.event_unnamed")
    if row["kind"] == "start" and str(row["key"]).startswith(BY_HAND_KEY):
        return t("kind.by_hand")
    return t(f"kind.{row['kind']}") if has(f"kind.{row['kind']}") else ""


def way(message: str) -> str:
    """At which of our addresses a program asked, "" where nobody did. `message`: its stored JSON."""
    found = json.loads(message or "{}").get("data", {}).get("way", "")
    return short(found, 60) if isinstance(found, str) else ""


def state(row: Row) -> str:
    if row["failure"] and row["state"] not in ("accepted", "shed"):
        return t("state.failed", reason=reason(row["failure"]))
    if row["finish"] == STOPPED:
        return t("state.stopped")
    return t(f"state.{row['state']}") if has(f"state.{row['state']}") else str(row["state"])


def state_named(name: str) -> str:
    return t(f"state.{name}") if has(f"state.{name}") else name


def reason(code: str) -> str:
    """A counted failure in words."""
    return t(f"reason.{code}") if has(f"reason.{code}") else t("reason.other", code=short(code, 40))


def explained(channel: str, code: str) -> str:
    """What the platform's code means and what to do; "" when there is nothing to say."""
    if code.startswith("http_"):
        return t("code.http", status=code.removeprefix("http_"))
    if is_ours(code):
        return t(f"code.{code}")
    kind = registry().get(channel)
    return in_lang(kind.explain(code)) if kind and code else ""


def is_ours(code: str) -> bool:
    """A word of the program's own, which says nothing to a person; others are the platform's."""
    return has(f"code.{code}") or code.startswith("http_")


def money(cost: float) -> str:
    """Dollars, as the reader counts: see the pages' `money` (static/common/texts.js)."""
    return t("unit.money", amount=price(cost, lang()))
