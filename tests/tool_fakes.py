"""Platforms that tools ask, played from their own papers: what is asked wrongly is refused as they refuse it.

A fake implements tools.Http. Its `asked` are the requests; `env(fake)` is what a tool may use in a test.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from runtime.network.addresses import Addresses
from runtime.network.fetched import Fetched
from runtime.tools import Env

KEY = "canary-key-1234567890"
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


class Keys:
    """Implements Secrets."""

    def __init__(self, **values):
        self.values, self.sent_to = values, []

    def open(self, name, host):
        self.sent_to.append((name, host))
        return self.values.get(name, KEY)


def env(http, keys=None, **more):
    return Env(http, NOW, {}, Addresses(), keys or Keys(), **more)


@dataclass
class Asked:
    method: str
    host: str
    path: str
    query: dict
    headers: dict
    body: object
    reach: object


@dataclass
class Platform:
    """`routes`: (method, host, path) → what answers it, given an Asked: (status, data)."""

    routes: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    async def fetch(self, method, url, *, headers=None, body=None, reach=None, **_):
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        seen = Asked(method, parts.netloc, parts.path, query, dict(headers or {}), body, reach)
        seen.body = json.loads(body) if body and "json" in seen.headers.get("Content-Type", "") else body
        self.asked.append(seen)
        assert reach is None or reach.allows(parts.hostname), f"outside of the tool's own reach: {url}"
        answer = self.routes.get((method, parts.netloc, parts.path))
        status, data = answer(seen) if answer else (404, {"message": "no such path"})
        content = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        return Fetched(url, status, "application/json", content)


def bearer(answer, refusal):
    """Only with the key."""
    return lambda a: answer(a) if a.headers.get("Authorization") == f"Bearer {KEY}" else refusal


PAGES = [
    ("春茶价格", "https://tea.example.com/spring?a=1", "龙井每斤二百元。", "2026-04-01"),
    ("Tea prices", "http://www.tea.example.org/p", "About tea.", "2026-03-01"),
]


def search_engines():
    """All four of them."""

    def bocha(a):
        assert a.body["freshness"] in ("noLimit", "oneDay", "oneWeek", "oneMonth", "oneYear")
        assert 1 <= a.body["count"] <= 50
        value = [{"id": url, "name": t, "url": url, "snippet": s[:5], "summary": s, "datePublished": d,
                  "siteName": "x"} for t, url, s, d in PAGES]  # fmt: skip
        return 200, {
            "code": 200,
            "msg": None,
            "data": {"_type": "SearchResponse", "webPages": {"value": value}},
        }

    def baidu(a):
        assert a.body["search_source"] == "baidu_search_v2"
        assert [one["role"] for one in a.body["messages"]] == ["user"]
        assert a.body.get("search_recency_filter", "week") in ("week", "month", "semiyear", "year")
        found = [{"id": i, "title": t, "url": url, "content": s, "date": d, "type": "web"}
                 for i, (t, url, s, d) in enumerate(PAGES)]  # fmt: skip
        return 200, {"request_id": "1", "references": found}

    def tavily(a):
        assert 0 <= a.body["max_results"] <= 20
        assert a.body.get("time_range", "day") in ("day", "week", "month", "year")
        found = [
            {"title": t, "url": url, "content": s, "score": 0.9, "raw_content": None}
            for t, url, s, _ in PAGES
        ]
        return 200, {"query": a.body["query"], "results": found, "response_time": 1.2}

    def searxng(a):
        if a.query.get("format") != "json":
            return 403, "<html>Forbidden"
        found = [
            {"title": t, "url": url, "content": s, "publishedDate": d, "engine": "x"}
            for t, url, s, d in PAGES
        ]
        return 200, {"query": a.query["q"], "number_of_results": 2, "results": found}

    return Platform({
        ("POST", "api.bochaai.com", "/v1/web-search"): bearer(
            bocha, (401, {"code": "401", "message": "Invalid API KEY"})
        ),
        ("POST", "qianfan.baidubce.com", "/v2/ai_search/web_search"): bearer(
            baidu, (401, {"code": "invalid_iam_token", "message": "bad"})
        ),
        ("POST", "api.tavily.com", "/search"): bearer(
            tavily, (401, {"detail": {"error": "Unauthorized: missing or invalid API key."}})
        ),
        ("GET", "search.shop.example:8080", "/search"): searxng,
    })  # fmt: skip


def city(name, latitude, longitude, country, people, **more):
    where = {"latitude": latitude, "longitude": longitude}
    return {"name": name, **where, "country": country, "population": people, **more}


CITIES = [
    city("杭州", 30.29365, 120.16142, "中国", 9_236_032, admin1="浙江"),
    city("Paris", 33.66, -95.55, "United States", 24_782),
    city("Paris", 48.85341, 2.3488, "France", 2_138_551),
]


def open_meteo():
    def geocode(a):
        found = [one for one in CITIES if one["name"].casefold() == a.query["name"].casefold()]
        return 200, {"generationtime_ms": 0.5, **({"results": found} if found else {})}

    def forecast(a):
        days = int(a.query["forecast_days"])
        assert a.query["timezone"] == "auto"
        daily = {
            "time": [f"2026-11-{29 + i:02}" for i in range(days)],
            "weather_code": [61] * days,
            "temperature_2m_max": [12.5] * days,
            "temperature_2m_min": [4] * days,
            "precipitation_probability_max": [None] + [80] * (days - 1),
            "precipitation_sum": [3.1] * days,
        }
        now = {"time": "2026-11-29T09:00", "temperature_2m": 9.3, "weather_code": 3, "wind_speed_10m": 11.2}
        return 200, {"latitude": a.query["latitude"], "current": now, "daily": daily}

    return Platform({
        ("GET", "geocoding-api.open-meteo.com", "/v1/search"): geocode,
        ("GET", "api.open-meteo.com", "/v1/forecast"): forecast,
    })  # fmt: skip


QWEATHER = "abc123.re.qweatherapi.com"


def qweather(allowed=lambda headers: headers.get("X-QW-Api-Key") == KEY):
    """`allowed`: how it knows who asks."""

    def guarded(answer):
        refusal = {"error": {"status": 401, "title": "Unauthorized", "detail": "Authentication failed"}}
        return lambda a: answer(a) if allowed(a.headers) else (401, refusal)

    def lookup(a):
        if a.query["location"] != "杭州":
            return 200, {"code": "404"}
        found = {"name": "杭州", "id": "101210101", "adm1": "浙江省", "country": "中国"}
        return 200, {"code": "200", "location": [found]}

    def now(a):
        assert a.query["location"] == "101210101"
        seen = {"obsTime": "2026-11-29T09:00+08:00", "temp": "9", "feelsLike": "7", "text": "阴"}
        return 200, {"code": "200", "now": {**seen, "humidity": "70", "precip": "0.0", "windSpeed": "11"}}

    def daily(count):
        one = {"fxDate": "2026-11-29", "tempMax": "12", "tempMin": "4", "textDay": "小雨", "humidity": "80"}
        return lambda a: (200, {"code": "200", "daily": [one] * count})

    return Platform({
        ("GET", QWEATHER, "/geo/v2/city/lookup"): guarded(lookup),
        ("GET", QWEATHER, "/v7/weather/now"): guarded(now),
        ("GET", QWEATHER, "/v7/weather/3d"): guarded(daily(3)),
        ("GET", QWEATHER, "/v7/weather/7d"): guarded(daily(7)),
    })  # fmt: skip
