"""Search the web by an engine of the owner's choice; what is found may be opened by tools that read pages."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.network.reach import Reach, host_of, matches
from runtime.schema import About, Problem, Strict, setting
from runtime.tools import Env, Power, Tool, checked, schema_of
from runtime.tools._answers import asked_json
from runtime.tools._api_address import ApiAddress, SecretName, authority
from runtime.tools._host_pattern import HostPattern
from runtime.tools._request_check import private_address
from runtime.tools._search_engines import ENGINES, Asked, Period
from runtime.tools._secrets import Veil

NOTHING = "Nothing was found. Say so, or search with other words; do not guess."

NO_ADDRESS = Text(
    "请填 SearXNG 的网址，例如 https://search.example.com，并在它的 settings.yml 里允许 json 格式",
    "give the address of your SearXNG, e.g. https://search.example.com, whose settings.yml allows the json "
    "format",
)
REFUSED = Text("{engine}没有搜索：{why}", "{engine} did not search: {why}")


class Arguments(Strict):
    query: str = Field(
        description="What to look for, as one would type it into a search engine.",
        min_length=1,
        max_length=400,
    )
    period: Period = Field("any", description="Only pages from the last day, week, month or year.")


class WebSearch(Tool):
    """Search the web for what you cannot know: news, prices, facts that change. Name the sources."""

    about: ClassVar[About] = About(
        Text("联网搜索", "Web search"),
        Text("用博查、百度、Tavily 或自己的 SearXNG 搜索网页", "Searches the web by an engine you choose"),
        "search",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "query": Text("搜什么", "What to search for"),
        "period": Text("多久以内的", "How recent"),
    }
    type: Literal["web_search"]
    engine: Literal["bocha", "baidu", "tavily", "searxng"] = setting(
        "bocha",
        title=Text("搜索引擎", "Search engine"),
        hint=Text("每家都要自己的密钥", "Each takes a key of its own"),
        choices=lambda: {name: engine.title for name, engine in ENGINES.items()},
    )
    secret: SecretName = setting(
        "",
        title=Text("密钥的名称", "Name of the secret"),
        hint=Text(
            "在「模型」页的「密钥」里保存的；留空就用和引擎同名的，SearXNG 不需要",
            "As kept under Secrets on the Models page; empty: the one named like the engine; SearXNG: none",
        ),
    )
    address: ApiAddress = setting(
        "",
        title=Text("接口的网址", "Address of the interface"),
        hint=Text(
            "SearXNG 必填；其他留空就用官方的。内网的要由管理员写进 HONGYAN_EGRESS_ALLOW",
            "Needed for SearXNG; empty: the official one. A private one is for an operator to allow in "
            "HONGYAN_EGRESS_ALLOW",
        ),
    )
    count: int = setting(
        6,
        title=Text("最多几条", "Results at most"),
        hint=Text("多了模型看得久、更贵", "More takes the model longer and costs more"),
        ge=1,
        le=12,
    )
    sites: list[HostPattern] = setting(
        [],
        title=Text("只搜这些网站", "Only these sites"),
        hint=Text("每行一个，例如 gov.cn；留空时不限", "One a line, e.g. example.com; empty: any"),
        max_length=10,
    )

    @property
    def repeatable(self) -> bool:
        return True

    @property
    def is_search(self) -> bool:
        return True

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.READS, Power.SPENDS} if ENGINES[self.engine].costs else {Power.READS})

    @property
    def where(self) -> str:
        return host_of(self._base)

    @property
    def _base(self) -> str:
        return self.address or ENGINES[self.engine].base

    @property
    def _secret(self) -> str:
        return self.secret or (self.engine if ENGINES[self.engine].costs else "")

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Arguments)

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        if not self._base:
            yield Problem("address", NO_ADDRESS)
        elif text := private_address(self._base, allowed, self.type):
            yield Problem("address", text)

    def secrets(self) -> dict[str, str]:
        return {self._secret: authority(self._base)} if self._secret else {}

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        given = checked(Arguments, arguments)
        engine, base = ENGINES[self.engine], self._base
        if not base:
            raise ToolFailed(NO_ADDRESS)
        key = env.secrets.open(self._secret, authority(base)) if self._secret else ""
        question = engine.asked(Asked(given.query, self.count, given.period, self.sites))
        veil = Veil([key] if key else [])
        answer = await asked_json(
            env.http,
            "GET" if question.body is None else "POST",
            base + question.path,
            headers={
                "Accept": "application/json",
                **({} if question.body is None else {"Content-Type": "application/json"}),
                **({"Authorization": f"Bearer {key}"} if key else {}),
            },
            body=question.content,
            seconds=20,
            veil=veil,
            reach=Reach(chosen="owner", tool=self.type, hosts=(host_of(base),)),
        )
        if why := engine.refused(answer):
            raise ToolFailed(REFUSED.fill(engine=engine.title, why=why))
        found = [one for one in engine.read(answer) if self._wanted(one.url)][: self.count]
        return {"results": [one.to_json() for one in found], **({} if found else {"note": NOTHING})}

    def _wanted(self, url: str) -> bool:
        host = host_of(url)
        return not self.sites or any(
            matches(host, site) or host.endswith("." + site.removeprefix("*.")) for site in self.sites
        )


TOOL = WebSearch
