"""Call one operation of somebody's interface, as its description (OpenAPI) said when it was chosen."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from runtime.errors import BadTemplate, Invalid, ToolFailed, Wrong
from runtime.lang import NOTHING, Text
from runtime.network.reach import Reach, host_of
from runtime.openapi import process
from runtime.schema import About, Problem, Strict, setting
from runtime.templating import sandbox
from runtime.tools import Env, Power, Tool
from runtime.tools._answers import MOST, refuse_failure, told
from runtime.tools._by_schema import fit, fitted
from runtime.tools._file_answers import LARGEST, kept
from runtime.tools._imported import Imported, Offer, Offered
from runtime.tools._openapi_source import NOT_AN_ADDRESS, SECRET_NAME, TYPE, Source, fixed_address
from runtime.tools._operand import Operand, body, headers, placed, target
from runtime.tools._parts import PARTS, parts
from runtime.tools._person import PERSON, check_person
from runtime.tools._request_check import private_address
from runtime.tools._secrets import Veil
from runtime.tools._way_in import KINDS, Kind, WayIn

METHOD = Text("方法", "Method")
ARGUMENTS = Text("参数", "Arguments")
NO_SERVER = Text("描述里没有写接口的网址，请填写。", "The description names no address; please give it.")
NO_SECRET = Text("还没有选用哪个密钥", "it is not said which secret is shown")


class OpenApi(Imported, Tool):
    """Call an operation of an interface."""

    about: ClassVar[About] = About(
        Text("OpenAPI 接口", "OpenAPI"),
        Text("从接口描述里选几个操作当工具", "Operations chosen from an interface's description"),
        "code",
    )
    Source: ClassVar[type[Strict]] = Source
    type: Literal["openapi"]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = setting("GET", title=METHOD, widget="frozen")
    server: str = setting(
        title=Text("接口的网址", "Address of the interface"),
        hint=Text(
            "路径前面那一段，例如 https://api.example.com/v1",
            "What stands before the path, such as https://api.example.com/v1",
        ),
        max_length=500,
    )
    path: str = setting(title=Text("路径", "Path"), widget="frozen", max_length=500, pattern=r"^/[^\s?#\\]*$")
    arguments: list[Operand] = setting([], title=ARGUMENTS, widget="frozen", max_length=64)
    content: str = setting("", title=Text("内容的格式", "Kind of body"), widget="frozen", max_length=80)
    accept: str = setting("", title=Text("回答的格式", "Kind of answer"), widget="frozen", max_length=80)
    auth: Kind = setting(
        "none",
        title=Text("怎样证明身份", "Signing in"),
        hint=Text("密钥写成 {{ secret.名称 }}", "Keys are written {{ secret.name }}"),
        choices=lambda: {kind: title for kind, title in KINDS.items()},
    )
    secret: str = setting(
        "",
        title=Text("密钥的名称", "Name of the secret"),
        hint=Text("它的值在「模型」页填写", "Its value is set on the Models page"),
        pattern=SECRET_NAME,
    )
    auth_name: str = setting(
        "",
        title=Text("请求头或参数的名称", "Name of the header or parameter"),
        hint=Text("例如 X-API-Key", "Such as X-API-Key"),
        pattern=r"^[A-Za-z0-9_.\[\]-]{0,80}$",
        when=("auth", ("header", "query")),
    )
    user: str = setting(
        "",
        title=Text("用户名，或客户端编号", "User name, or client id"),
        hint=Text("接口的主人发给您的", "Given to you by the owner of the interface"),
        max_length=200,
        when=("auth", ("basic", "oauth2")),
    )
    token_url: str = setting(
        "",
        title=Text("取令牌的网址", "Address for tokens"),
        hint=Text("OAuth 的 token 地址", "The token address of OAuth"),
        max_length=500,
        when=("auth", "oauth2"),
    )
    scope: str = setting(
        "",
        title=Text("授权范围", "Scope"),
        hint=Text("几个就用空格隔开", "Several with spaces between them"),
        max_length=500,
        when=("auth", "oauth2"),
    )
    fixed: dict[str, str] = setting(
        {},
        title=Text("由您定好的参数", "Arguments that you set"),
        hint=Text(
            "这里写的参数不由模型决定，例如 repo：{{ repo }}",
            "What stands here is not the model's to decide, e.g. repo: {{ repo }}",
        ),
        widget="pairs",
    )
    timeout: int = setting(
        20,
        title=Text("最多等几秒", "Timeout (seconds)"),
        hint=Text("超过就算没做成", "Longer than that, it did not work"),
        ge=1,
        le=60,
    )
    source: str = setting("", title=Text("来自", "From"), widget="frozen", max_length=2000)
    digest: str = setting("", title=Text("当时的指纹", "As it was"), widget="frozen", max_length=64)

    @field_validator("server", "token_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        return fixed_address(url) if url else url

    @model_validator(mode="after")
    def _holds_together(self) -> "OpenApi":
        names = [one.name for one in self.arguments]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise Wrong(
                Text("参数「{name}」写了两次", "{name!r} is there twice").fill(name=twice), "arguments"
            )
        known = {one.there for one in self.arguments if one.place == "path"}
        if lacking := sorted(placed(self.path) - known):
            text = Text("路径里的 {lacking} 没有对应的参数", "no argument fills {lacking} in the path")
            raise Wrong(text.fill(lacking=", ".join(lacking)), "path")
        if unknown := [name for name in self.fixed if name not in names]:
            text = Text(
                "没有参数「{name}」；有：{known}", "there is no argument {name!r}; there are: {known}"
            )
            raise Wrong(text.fill(name=unknown[0], known=", ".join(names)), "fixed")
        return self

    @property
    def repeatable(self) -> bool:
        return self.method == "GET"

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.READS if self.method == "GET" else Power.CHANGES})

    @property
    def where(self) -> str:
        return urlsplit(self.server).netloc

    @property
    def origin(self) -> tuple[str, str, str]:
        return self.source, f"{self.method} {self.path}", self.digest

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        asked = [one for one in self.arguments if one.name not in self.fixed]
        return {
            "type": "object",
            "properties": {one.name: one.shape for one in asked},
            "required": [one.name for one in asked if one.required or one.place == "path"],
        }

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        if text := private_address(self.server, allowed, TYPE):
            yield Problem("server", text)
        if self.auth != "none" and not self.secret:
            yield Problem("secret", NO_SECRET)
        if self.auth == "oauth2" and not self.token_url:
            yield Problem("token_url", NOT_AN_ADDRESS)

    def secrets(self) -> dict[str, str]:
        return self._way_in.secrets(urlsplit(self.server).netloc)

    def reveals(self, variables: Mapping[str, str]) -> list[tuple[str, str]]:
        return self._way_in.reveals(urlsplit(self.server).netloc)

    @property
    def _way_in(self) -> WayIn:
        return WayIn(self.auth, self.secret, self.auth_name, self.user, self.token_url, self.scope)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        values = {**fitted(self.parameters(), arguments), **self._set(env)}
        shown = await self._way_in.opened(env, urlsplit(self.server).netloc, TYPE)
        veil = Veil(shown.hidden)
        url = self.server.rstrip("/") + target(self.path, self.arguments, values, shown.query)
        sent, kind = body(self.content, self.arguments, values), self.content
        if kind == PARTS:
            sent, kind = await parts(self.arguments, values, env)
        about = {"Content-Type": kind} if sent is not None else {}
        accepted = {"Accept": self.accept or "application/json, */*;q=0.5"}
        try:
            answer = await env.http.fetch(
                self.method,
                url,
                headers={**accepted, **headers(self.arguments, values), **about, **shown.headers},
                body=sent,
                seconds=self.timeout,
                max_bytes=LARGEST if self.accept else MOST,
                reach=Reach(chosen="owner", tool=TYPE, hosts=(host_of(self.server),)),
            )
        except ToolFailed as e:
            raise veil.over_error(e) from None
        answer = replace(answer, text=veil.over(answer.text))
        refuse_failure(answer)
        if (file := await kept(answer, env)) is not None:
            return file
        said: dict[str, Any] = veil.over(told(answer))
        return said

    def _set(self, env: Env) -> dict[str, Any]:
        """What the owner set, filled in. Raises ToolFailed."""
        check_person(self.fixed.values(), env.values.get(PERSON))
        found = {}
        shapes = {one.name: one.shape for one in self.arguments}
        for name, template in self.fixed.items():
            try:
                written = sandbox.render(template, env.values)
            except BadTemplate as e:
                raise ToolFailed(Text("{name}：{why}", "{name}: {why}").fill(name=name, why=e.text)) from None
            found[name] = fit(shapes[name], written, name)
        return found

    @classmethod
    def still_fitting(cls, settings: dict[str, Any]) -> dict[str, Any]:
        names = {one["name"] for one in settings["arguments"]}
        fixed = {name: text for name, text in settings.get("fixed", {}).items() if name in names}
        return {**settings, "fixed": fixed} if fixed else {k: v for k, v in settings.items() if k != "fixed"}

    @classmethod
    async def offered(cls, source: Any, env: Env, known: Mapping[str, str]) -> Offer:
        text = await source.description(env)
        found = await process.read(text, base=source.url, server=source.server, chosen=list(known))
        now = {f"{tool['method']} {tool['path']}": tool["digest"] for tool in found.tools}
        tools = [
            Offered(
                one.key, one.name, one.title, one.group, one.old, process.UNUSABLE.get(one.why, NOTHING),
                "" if one.key not in known else "same" if now.get(one.key) == known[one.key] else "changed",
            )
            for one in found.operations
        ]  # fmt: skip
        there = {one.key for one in found.operations}
        return Offer(found.title, tools, [key for key in known if key not in there], found.servers)

    @classmethod
    async def taken(cls, source: Any, env: Env, keys: Collection[str]) -> list[dict[str, Any]]:
        text = await source.description(env)
        found = await process.read(text, base=source.url, server=source.server, chosen=list(keys))
        if found.tools and not found.tools[0].get("server"):
            raise Invalid(NO_SERVER, field="server")
        way = {"secret": source.secret} if source.secret else {}
        return [
            {
                **tool,
                **(way if tool.get("auth") else {"auth": "bearer", **way} if way else {}),
                "source": source.identity,
            }
            for tool in found.tools
        ]


TOOL = OpenApi
