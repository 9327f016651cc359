"""Call an HTTP interface of the owner's choice; the model fills in the blanks."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, field_validator

from runtime.errors import BadTemplate, ToolFailed, Wrong
from runtime.lang import Text
from runtime.network.reach import Reach, host_of
from runtime.schema import About, Problem, setting
from runtime.templating import sandbox
from runtime.templating.sandbox.reading import uses
from runtime.tools import SECRET, Env, Power, Tool, _later, checked, schema_of
from runtime.tools._answers import check_json, refuse_failure, told
from runtime.tools._arguments import Argument, found, listed
from runtime.tools._host_pattern import HostPattern
from runtime.tools._later import AnsweredLater
from runtime.tools._person import GIVEN, PERSON, acts_for_person, check_person, without_person
from runtime.tools._request_check import check, looks_like
from runtime.tools._secrets import NO_PATH, Veil, as_values, named, opened, query_of

TURN_NAMES = frozenset({"agent", "conversation", "message", "now"})
"""What every turn has a value for; never asked of the model."""

ORIGIN = re.compile(r"\s*(?:(https?://[^/?#{}@\\\s]+)|\{\{\s*([a-z_][a-z0-9_]*)\s*\}\})(?=[/?#]|\s*\Z)")
"""The beginning of a URL: a written host, or one variable that holds it. No blank may touch it."""

BASE_URL = re.compile(r"https?://[^?#@\\\s]+")
LONGEST_URL = 4000
"""Characters of path and query, as they are sent."""

Blanks = type[BaseModel]


class HttpRequest(AnsweredLater, Tool):
    """Call an HTTP interface and return its status and answer."""

    about: ClassVar[About] = About(
        Text("HTTP 请求", "HTTP request"),
        Text("调用自己的接口，比如查订单", "Calls your own interface, e.g. to look up an order"),
        "link",
    )
    secret_fields: ClassVar[frozenset[str]] = frozenset({"url", "headers", "body"})
    type: Literal["http_request"]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = setting("GET", title=Text("方法", "Method"))
    url: str = setting(
        title=Text("网址", "URL"),
        hint=Text(
            "没见过的变量由模型填，例如 https://api.example.com/orders/{{ order_id }}",
            "The model fills in unknown variables, e.g. https://api.example.com/orders/{{ order_id }}",
        ),
        widget="template",
    )
    headers: dict[str, str] = setting(
        {},
        title=Text("请求头", "Headers"),
        hint=Text(
            "密钥写成 {{ secret.名称 }}，在「模型」页填写",
            "Keys as {{ secret.name }}, set on the Models page",
        ),
        widget="pairs",
    )
    body: str = setting(
        "",
        title=Text("内容", "Body"),
        hint=Text(
            '文字放在引号里：{"city": "{{ city }}"}；列表和对象用 {{ x|tojson }}',
            'Text goes in quotes: {"city": "{{ city }}"}; lists and objects as {{ x|tojson }}',
        ),
        widget="area",
    )
    arguments: list[Argument] = setting(
        [],
        title=Text("模型要填的参数", "Arguments"),
        hint=Text("留空时从上面的变量里自动找出", "Empty: found among the variables above"),
        seldom=True,
        max_length=32,
    )
    hosts: list[HostPattern] = setting(
        [],
        title=Text("还可以转到的主机", "Other hosts it may be redirected to"),
        hint=Text(
            "每行一个，例如 files.example.com 或 *.example.com；留空时只许网址里的主机",
            "One a line, e.g. files.example.com or *.example.com; empty: only the host of the URL",
        ),
        seldom=True,
        max_length=32,
    )
    gives_addresses: bool = setting(
        False,
        title=Text("结果里的网址可以打开", "Addresses in the result may be opened"),
        hint=Text(
            "用它做搜索时打开：「读网页」就能打开它给出的网址",
            "For a search: “Web page” may then open what it gave",
        ),
    )
    timeout: int = setting(15, title=Text("最多等几秒", "Timeout (seconds)"), ge=1, le=60)
    callback: int = _later.MINUTES
    callback_says: str = _later.SAYS

    @field_validator("url")
    @classmethod
    def _has_a_fixed_host(cls, url: str) -> str:
        if not ORIGIN.match(url):
            raise Wrong(
                Text(
                    "网址要以 https://主机名/ 开头，主机名里不能有变量；也可以整个是变量：{{ api }}/orders",
                    "begin with https://host/, no variables in the host; or with one variable: "
                    "{{ api }}/orders",
                )
            )
        return url

    @property
    def repeatable(self) -> bool:
        return self.method == "GET" and not self.callback

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.READS if self.method == "GET" else Power.CHANGES})

    @property
    def where(self) -> str:
        return self._host()

    @property
    def is_search(self) -> bool:
        return self.gives_addresses

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(self._asked(known))

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        body = "" if self.method == "GET" else self.body.strip()
        try:
            given = {argument.name: argument.type for argument in self.arguments}
            yield from check(self.url, body, self._kind() if body else "", variables, allowed, given)
            path = self.url.removesuffix(query_of(self.url))
            if any(use.name == SECRET for use in uses(path)):
                yield Problem("url", NO_PATH)
            if PERSON in given and acts_for_person(self._sources):
                yield Problem("arguments", GIVEN)
            yield from _later.check(self, self._sources)
            self.secrets()
        except BadTemplate:
            return  # told of the template itself
        except ToolFailed as e:
            yield Problem("", e.text)

    def secrets(self) -> dict[str, str]:
        body = "" if self.method == "GET" else self.body
        sources = [query_of(self.url), body, *self.headers.values()]
        return dict.fromkeys(sorted(set().union(*map(named, sources))), self._host())

    def reveals(self, variables: Mapping[str, str]) -> list[tuple[str, str]]:
        origin = ORIGIN.match(self.url)
        host = self._host() or (urlsplit(variables.get(origin[2] or "", "")).netloc if origin else "")
        return [(name, host) for name in self.secrets()]

    def _host(self) -> str:
        """Where it goes; "" when that is in a variable."""
        host = urlsplit(self.url).netloc if ORIGIN.match(self.url) else ""
        return "" if "{" in host else host

    @property
    def _sources(self) -> list[str]:
        return [self.url, self.body, *self.headers.values()]

    def _kind(self) -> str:
        """The body's Content-Type: as the headers say, else what it looks like."""
        said = next((value for name, value in self.headers.items() if name.lower() == "content-type"), "")
        return said or looks_like(self.body)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        env = replace(env, values=self._seen(env.values))
        if not self.arguments:
            arguments = {name: value for name, value in arguments.items() if name not in env.values}
        given: dict[str, Any] = checked(self._asked(env.values), arguments).model_dump(by_alias=True)
        if acts_for_person(self._sources):
            given.pop(PERSON, None)
            check_person(self._sources, env.values.get(PERSON) or {})
        secrets = self._secrets(env)
        veil = Veil(secrets.values())
        try:
            url, host = self._address(env.values, given, secrets)
            headers, body = self._content({**env.values, **given, **as_values(secrets)})
            reach = Reach(chosen="owner", tool=self.type, hosts=(host, *self.hosts))
            answer = await env.http.fetch(
                self.method, url, headers=headers, body=body, seconds=self.timeout, reach=reach
            )
        except BadTemplate as e:
            raise veil.over_error(ToolFailed(self._located(e))) from None
        except ToolFailed as e:
            raise veil.over_error(e) from None
        answer = replace(answer, text=veil.over(answer.text))
        refuse_failure(answer)
        seen: dict[str, Any] = veil.over(told(answer))
        return seen

    def _secrets(self, env: Env) -> dict[str, str]:
        """Those that headers, query and body ask for. A value of the turn with their name goes before."""
        if SECRET in env.values or any(argument.name == SECRET for argument in self.arguments):
            return {}
        body = "" if self.method == "GET" else self.body
        base = urlsplit(self._base(env.values))
        return opened([query_of(self.url), body, *self.headers.values()], env.secrets, base.netloc)

    def _located(self, error: BadTemplate) -> Text:
        """Which setting it is in."""
        places = {self.body: "body", **{text: f"headers.{name}" for name, text in self.headers.items()}}
        field = places.get(error.source, "url")
        return Text("{field}：{problem}", "{field}: {problem}").fill(field=field, problem=error.text)

    def _asked(self, known: Collection[str]) -> Blanks:
        """What the model fills in: the listed arguments, or all variables without a value."""
        if self.arguments:
            return listed(tuple(self.arguments))
        names = frozenset().union(*map(sandbox.names, self._sources))
        origin = ORIGIN.match(self.url)
        # Where the request goes is not the model's business, nor are secrets.
        known = self._seen(known) if isinstance(known, Mapping) else known
        ours = {PERSON} if acts_for_person(self._sources) else set()
        asked = names - TURN_NAMES - self.supplied - set(known) - {origin and origin[2], SECRET} - ours
        return found(asked, asked & sandbox.names_of_data(self.body))

    def _seen(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values if acts_for_person(self._sources) else without_person(values)

    def _base(self, values: Mapping[str, Any]) -> str:
        """Scheme and host, and what more a variable holds. Raises ToolFailed."""
        origin = ORIGIN.match(self.url)
        assert origin
        base = origin[1] or values.get(origin[2])
        if not isinstance(base, str) or not BASE_URL.fullmatch(base):
            raise ToolFailed(
                Text(
                    "变量「{name}」应是 https:// 开头的网址。",
                    "The variable {name!r} should be an address that begins with https://.",
                ).fill(name=origin[2])
            )
        return base

    def _address(
        self, values: Mapping[str, Any], given: Mapping[str, Any], secrets: Mapping[str, str]
    ) -> tuple[str, str]:
        """The URL, in which no value can change the host, the path's structure or the query's; its host."""
        base = self._base(values)
        query = query_of(self.url)
        source = self.url[_origin_end(self.url) : len(self.url) - len(query)].strip()
        known = {**values, **given}
        path = sandbox.render(source, known, escape="url")
        rest = path + sandbox.render(query, {**known, **as_values(secrets)}, escape="url").strip()
        if len(rest) > LONGEST_URL:
            raise ToolFailed(
                Text(
                    "填好的网址太长，主机名后面最多 {longest_url} 个字符。长的内容请放在 POST 的内容里。",
                    "The finished address is too long: {longest_url} characters at most after the host. "
                    "Long values belong in the body of a POST.",
                ).fill(longest_url=LONGEST_URL)
            )
        path = rest.split("?")[0]
        parts = path.split("/")[1:]
        lost_its_end = path.endswith("/") and not source.split("?")[0].endswith("/")
        if lost_its_end or "" in parts[:-1] or {".", ".."} & set(parts):
            raise ToolFailed(
                Text(
                    "网址里的参数不能为空，也不能是「.」。",
                    "An argument in the path must not be empty, nor “.”.",
                )
            )
        return base.rstrip("/") + rest, host_of(base)

    def _content(self, values: Mapping[str, Any]) -> tuple[dict[str, str], bytes | None]:
        headers = {
            name: sandbox.render(source, values, escape="wire") for name, source in self.headers.items()
        }
        if not self.body.strip() or self.method == "GET":
            return headers, None
        kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
        if not kind:
            kind = headers["Content-Type"] = looks_like(self.body)
        escape: sandbox.Escape = "json" if "json" in kind else "url" if "urlencoded" in kind else "wire"
        body = sandbox.render(self.body, values, escape=escape)
        if escape == "json":
            check_json(body)
        return headers, body.encode()


def _origin_end(url: str) -> int:
    origin = ORIGIN.match(url)
    return origin.end() if origin else 0


TOOL = HttpRequest
