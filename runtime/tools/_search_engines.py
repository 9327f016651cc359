"""Search engines of the web: what each is asked, and how its answer is read.

Papers: Bocha https://open.bochaai.com, Tavily https://docs.tavily.com/documentation/api-reference/endpoint/search,
SearXNG https://docs.searxng.org/dev/search_api.html, Baidu https://ai.baidu.com/ai-doc/AppBuilder/pmaxd1hvy
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from runtime.lang import Text
from runtime.tools._typed import address, rows, text, within

Period = Literal["any", "day", "week", "month", "year"]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """`sites`: only these, as an owner writes hosts."""

    query: str
    count: int
    period: Period
    sites: Sequence[str] = ()

    @property
    def hosts(self) -> list[str]:
        """The sites without `*.`, as engines want them."""
        return [site.removeprefix("*.") for site in self.sites]


@dataclass(frozen=True)
class Question:
    """One HTTP request; `body` None: a GET."""

    path: str
    body: Json | None = None

    @property
    def content(self) -> bytes | None:
        return None if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Result:
    title: str
    url: str
    text: str
    date: str = ""

    def to_json(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Engine:
    """`base`: its address, "" where owners have one of their own; `refused`: what an answer complains of."""

    title: Text
    base: str
    asked: Callable[[Asked], Question]
    read: Callable[[Json], list[Result]]
    refused: Callable[[Json], str] = field(default=lambda _: "")

    @property
    def costs(self) -> bool:
        return bool(self.base)


LONGEST = 600
"""Characters of one result's text: twelve of them fit into what a model is shown."""


def _results(found: Any, title: str, url: str, words: Sequence[str], date: str) -> list[Result]:
    return [
        Result(
            text(one.get(title), 200),
            address(one.get(url)),
            next((said for name in words if (said := text(one.get(name), LONGEST))), ""),
            text(one.get(date), 30),
        )
        for one in rows(found, 50)
        if address(one.get(url))
    ]


def _ask_bocha(asked: Asked) -> Question:
    periods = {"any": "noLimit", "day": "oneDay", "week": "oneWeek", "month": "oneMonth", "year": "oneYear"}
    body: dict[str, Any] = {
        "query": asked.query,
        "count": asked.count,
        "freshness": periods[asked.period],
        "summary": True,
    }
    return Question("/v1/web-search", {**body, **({"include": "|".join(asked.hosts)} if asked.sites else {})})


def _ask_tavily(asked: Asked) -> Question:
    body: dict[str, Any] = {"query": asked.query, "max_results": asked.count}
    body |= {} if asked.period == "any" else {"time_range": asked.period}
    return Question("/search", {**body, **({"include_domains": asked.hosts} if asked.sites else {})})


def _ask_searxng(asked: Asked) -> Question:
    sites = " OR ".join(f"site:{host}" for host in asked.hosts)
    query = f"{asked.query} ({sites})" if len(asked.hosts) > 1 else f"{asked.query} {sites}".strip()
    period = {} if asked.period == "any" else {"time_range": asked.period}
    return Question("/search?" + urlencode({"q": query, "format": "json", **period}))


def _ask_baidu(asked: Asked) -> Question:
    body: dict[str, Any] = {
        "messages": [{"role": "user", "content": asked.query}],
        "search_source": "baidu_search_v2",
        "resource_type_filter": [{"type": "web", "top_k": asked.count}],
    }
    # It has no day of its own: a week is the shortest that it knows.
    period = {"any": "", "day": "week"}.get(asked.period, asked.period)
    body |= {"search_recency_filter": period} if period else {}
    body |= {"search_filter": {"match": {"site": asked.hosts}}} if asked.sites else {}
    return Question("/v2/ai_search/web_search", body)


def _bocha_refused(answer: Json) -> str:
    code = text(answer.get("code"), 20)
    return "" if code in ("", "200") else f"{code} {text(answer.get('msg') or answer.get('message'))}".strip()


def _baidu_refused(answer: Json) -> str:
    code = text(answer.get("code") or answer.get("error_code"), 60)
    return f"{code} {text(answer.get('message') or answer.get('error_msg'))}".strip() if code else ""


ENGINES: dict[str, Engine] = {
    "bocha": Engine(
        Text("博查", "Bocha"),
        "https://api.bochaai.com",
        _ask_bocha,
        lambda a: _results(
            within(a, "data", "webPages", "value"), "name", "url", ("summary", "snippet"), "datePublished"
        ),
        _bocha_refused,
    ),
    "baidu": Engine(
        Text("百度", "Baidu"),
        "https://qianfan.baidubce.com",
        _ask_baidu,
        lambda a: _results(a.get("references"), "title", "url", ("content", "snippet"), "date"),
        _baidu_refused,
    ),
    "tavily": Engine(
        Text("Tavily", "Tavily"),
        "https://api.tavily.com",
        _ask_tavily,
        lambda a: _results(a.get("results"), "title", "url", ("content",), "published_date"),
    ),
    "searxng": Engine(
        Text("SearXNG（自己搭的）", "SearXNG (your own)"),
        "",
        _ask_searxng,
        lambda a: _results(a.get("results"), "title", "url", ("content",), "publishedDate"),
    ),
}
