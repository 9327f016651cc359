"""Where the weather comes from: Open-Meteo, which needs no key, and QWeather (和风天气).

Papers: https://open-meteo.com/en/docs, https://open-meteo.com/en/docs/geocoding-api,
https://dev.qweather.com/docs/api/. Nothing of an answer is believed before it was read as what it should be.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.tools._typed import number, rows, text, within
from runtime.tools._weather_words import words

Json = Mapping[str, Any]
Get = Callable[[str, str], Awaitable[dict[str, Any]]]
"""Asks a base address for a path."""

GEOCODING = "https://geocoding-api.open-meteo.com"
OPEN_METEO = "https://api.open-meteo.com"

UNKNOWN_PLACE = Text(
    "没有找到「{place}」。请问清楚是哪个城市，再用城市名查。",
    "There is no place {place!r} known. Ask which city is meant.",
)
NO_FORECAST = Text("{source}没有给出天气。", "{source} gave no weather.")
SUFFIX = re.compile(r"(?:特别行政区|自治[州县区]|[省市区县州盟旗镇])$")


@dataclass(frozen=True)
class Place:
    name: str
    key: str
    """What the source asks the weather with."""


def is_chinese(place: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", place) is not None


def spellings(place: str) -> list[str]:
    """How it may be called in a list of places: 杭州市 is 杭州; of 浙江省杭州市 the last counts."""
    place = " ".join(place.split())
    pieces = re.findall(r"[^省市区县州盟旗]+(?:[省市区县州盟旗]|$)", place) if is_chinese(place) else []
    whole = [place, SUFFIX.sub("", place)]
    last = [spelt for piece in reversed(pieces) for spelt in (SUFFIX.sub("", piece), piece)]
    return [one for one in dict.fromkeys(whole + last) if len(one) > 1 or one == place][:5]


def _numbers(data: Json, **names: str) -> dict[str, float]:
    """Those that are there, by our names."""
    found = {ours: number(data.get(theirs)) for ours, theirs in names.items()}
    return {name: value for name, value in found.items() if value is not None}


async def open_meteo(place: str, days: int, get: Get) -> dict[str, Any]:
    """Raises ToolFailed."""
    lang = "zh" if is_chinese(place) else "en"
    found = await _geocoded(place, lang, get)
    asked = {
        "current": "temperature_2m,apparent_temperature,relative_humidity_2m,precipitation,weather_code,"
        "wind_speed_10m",
        "daily": "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max,"
        "precipitation_sum",
        "timezone": "auto",
        "forecast_days": days,
    }
    answer = await get(OPEN_METEO, f"/v1/forecast?{found.key}&{urlencode(asked)}")
    now, daily = within(answer, "current"), within(answer, "daily")
    told = [_day(daily, i, lang) for i in range(days)] if isinstance(daily, Mapping) else []
    told = [one for one in told if len(one) > 1]
    if not isinstance(now, Mapping) or not told:
        raise ToolFailed(NO_FORECAST.fill(source="Open-Meteo"))
    current = {
        "time": text(now.get("time"), 30),
        "weather": words(number(now.get("weather_code")), lang),
        **_numbers(
            now,
            celsius="temperature_2m",
            feels_like="apparent_temperature",
            humidity_percent="relative_humidity_2m",
            rain_mm="precipitation",
            wind_kmh="wind_speed_10m",
        ),
    }
    return {"place": found.name, "now": current, "days": told, "source": "Open-Meteo"}


def _day(daily: Json, i: int, lang: str) -> dict[str, Any]:
    at = {name: values[i] for name, values in daily.items() if isinstance(values, list) and i < len(values)}
    return {
        "date": text(at.get("time"), 10),
        **({"weather": said} if (said := words(number(at.get("weather_code")), lang)) else {}),
        **_numbers(
            at,
            max_celsius="temperature_2m_max",
            min_celsius="temperature_2m_min",
            rain_percent="precipitation_probability_max",
            rain_mm="precipitation_sum",
        ),
    }


async def _geocoded(place: str, lang: str, get: Get) -> Place:
    """The first of its spellings that is a place; of several places the one that most people live in."""
    for spelling in spellings(place):
        asked = urlencode({"name": spelling, "count": 10, "language": lang, "format": "json"})
        found = rows((await get(GEOCODING, f"/v1/search?{asked}")).get("results"), 10)
        there = [one for one in found if number(one.get("latitude")) is not None and _in_range(one)]
        if there:
            best = max(there, key=lambda one: (number(one.get("population")) or 0, -there.index(one)))
            named = (text(best.get(name), 60) for name in ("name", "admin1", "country"))
            key = urlencode({name: round(number(best[name]) or 0, 4) for name in ("latitude", "longitude")})
            return Place(", ".join(dict.fromkeys(one for one in named if one)), key)
    raise ToolFailed(UNKNOWN_PLACE.fill(place=place))


def _in_range(found: Json) -> bool:
    latitude, longitude = number(found.get("latitude")), number(found.get("longitude"))
    return latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180


async def qweather(base: str, place: str, days: int, get: Get) -> dict[str, Any]:
    """Raises ToolFailed."""
    lang = "zh" if is_chinese(place) else "en"
    asked = urlencode({"location": place, "lang": lang, "number": 1})
    found = rows(_good(await get(base, f"/geo/v2/city/lookup?{asked}"), place).get("location"), 1)
    id = text(found[0].get("id"), 20) if found else ""
    if not re.fullmatch(r"\w{1,20}", id):
        raise ToolFailed(UNKNOWN_PLACE.fill(place=place))
    where = urlencode({"location": id, "lang": lang})
    now = within(_good(await get(base, f"/v7/weather/now?{where}"), place), "now")
    span = 3 if days <= 3 else 7
    daily = rows(_good(await get(base, f"/v7/weather/{span}d?{where}"), place).get("daily"), days)
    if not isinstance(now, Mapping) or not daily:
        raise ToolFailed(NO_FORECAST.fill(source=Text("和风天气", "QWeather")))
    named = (text(found[0].get(name), 60) for name in ("name", "adm1", "country"))
    current = {"time": text(now.get("obsTime"), 30), "weather": text(now.get("text"), 30)} | _numbers(
        now,
        celsius="temp",
        feels_like="feelsLike",
        humidity_percent="humidity",
        rain_mm="precip",
        wind_kmh="windSpeed",
    )
    told = [
        {"date": text(one.get("fxDate"), 10), "weather": text(one.get("textDay"), 30)}
        | _numbers(
            one, max_celsius="tempMax", min_celsius="tempMin", humidity_percent="humidity", rain_mm="precip"
        )
        for one in daily
    ]
    name = ", ".join(dict.fromkeys(one for one in named if one))
    return {"place": name, "now": current, "days": told, "source": "QWeather"}


def _good(answer: Json, place: str) -> Json:
    """Raises ToolFailed for what is no success: https://dev.qweather.com/docs/resource/error-code/."""
    code = text(answer.get("code"), 20)
    if code == "404":
        raise ToolFailed(UNKNOWN_PLACE.fill(place=place))
    if code != "200":
        why = code or text(within(answer, "error", "title")) or "?"
        raise ToolFailed(Text("和风天气拒绝了：{why}", "QWeather refused: {why}").fill(why=why))
    return answer
