"""Call a tool of an MCP server, as long as it is the tool that the owner chose."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from runtime.errors import Invalid, ToolFailed, Wrong
from runtime.lang import NOTHING, Text
from runtime.mcp.protocol import LONGEST_TOLD, Peer, Remote, told, tools_of
from runtime.network.reach import Reach, host_of
from runtime.schema import About, Problem, Strict, setting
from runtime.tools import Env, Power, Tool
from runtime.tools._by_schema import fitted, is_small
from runtime.tools._imported import Imported, Offer, Offered, function_name
from runtime.tools._openapi_source import SECRET_NAME, fixed_address
from runtime.tools._operand import TOO_LARGE
from runtime.tools._request_check import private_address
from runtime.tools._secrets import Veil
from runtime.tools._way_in import WayIn

TYPE = "mcp"
Way = Literal["none", "bearer", "header"]
PROGRAM = r"^([a-z0-9][a-z0-9_-]{0,63})?$"
LISTING = 15.0
"""Seconds for the list of tools."""

ONE_PLACE = Text("网址和程序填一个", "give an address or a program, one of them")
NO_SECRET = Text("还没有选用哪个密钥", "it is not said which secret is shown")
NO_PROGRAMS = Text("这里不能运行程序。", "No programs are run here.")
RESTS = Text(
    "服务器改了工具「{name}」的说明或参数，在主人重新确认之前不会调用它。请告诉用户这件事现在做不了。",
    "The server changed what the tool {name!r} says of itself or takes, so it is not called until the owner "
    "accepts that. Tell the person that this cannot be done now.",
)
GONE = Text("服务器上没有工具「{name}」了。", "The server has no tool {name!r} any more.")
URL = Text("服务器的网址", "Address of the server")
COMMAND = Text("或者：本机程序的名称", "Or: name of a program on this machine")
COMMAND_HINT = Text(
    "管理员在 HONGYAN_MCP_COMMANDS 里允许的", "One that an operator allows in HONGYAN_MCP_COMMANDS"
)
SECRET = Text("密钥的名称", "Name of the secret")
SECRET_HINT = Text("它的值在「模型」页填写；不需要就留空", "Its value is set on the Models page; empty: none")


class Source(Strict):
    """Where tools are chosen from."""

    url: str = setting(
        "",
        title=URL,
        hint=Text(
            "streamable HTTP，例如 https://example.com/mcp", "Streamable HTTP, e.g. https://example.com/mcp"
        ),
        max_length=2000,
    )
    command: str = setting("", title=COMMAND, hint=COMMAND_HINT, pattern=PROGRAM)
    secret: str = setting("", title=SECRET, hint=SECRET_HINT, pattern=SECRET_NAME)
    auth_name: str = setting(
        "",
        title=Text("密钥放在哪个请求头", "Header of the secret"),
        hint=Text("留空是 Authorization: Bearer", "Empty: Authorization: Bearer"),
        pattern=r"^[A-Za-z0-9-]{0,80}$",
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        return fixed_address(url) if url else url

    @property
    def identity(self) -> str:
        return self.url or f"program:{self.command}"

    @property
    def way(self) -> dict[str, str]:
        """As settings of a tool."""
        if not self.secret:
            return {}
        header = {"auth": "header", "auth_name": self.auth_name} if self.auth_name else {"auth": "bearer"}
        return {**header, "secret": self.secret}


class Mcp(Imported, Tool):
    """Call a tool of an MCP server."""

    about: ClassVar[About] = About(
        Text("MCP 工具", "MCP tool"),
        Text("用 MCP 服务器提供的工具", "Tools that an MCP server offers"),
        "block",
    )
    Source: ClassVar[type[Strict]] = Source
    type: Literal["mcp"]
    tool: str = setting(
        title=Text("在服务器上叫", "Its name there"), widget="frozen", min_length=1, max_length=128
    )
    url: str = setting(
        "",
        title=URL,
        hint=Text("以 https:// 开头，由服务商给您", "Begins with https://; the provider tells you"),
        max_length=2000,
    )
    command: str = setting("", title=COMMAND, hint=COMMAND_HINT, pattern=PROGRAM)
    takes: dict[str, Any] = setting({}, title=Text("参数", "Arguments"), widget="frozen")
    digest: str = setting("", title=Text("当时的指纹", "As it was"), widget="frozen", max_length=64)
    auth: Way = setting(
        "none",
        title=Text("怎样证明身份", "Signing in"),
        hint=Text("密钥写成 {{ secret.名称 }}", "Keys are written {{ secret.name }}"),
        choices=lambda: {
            "none": Text("不需要", "None"),
            "bearer": Text("Bearer 令牌", "Bearer token"),
            "header": Text("请求头里的密钥", "Key in a header"),
        },
    )
    secret: str = setting("", title=SECRET, hint=SECRET_HINT, pattern=SECRET_NAME)
    auth_name: str = setting(
        "",
        title=Text("请求头的名称", "Name of the header"),
        hint=Text("例如 X-API-Key", "Such as X-API-Key"),
        pattern=r"^[A-Za-z0-9-]{0,80}$",
        when=("auth", "header"),
    )
    reads_only: bool = setting(
        False,
        title=Text("只读取，不改动任何东西", "It only reads"),
        hint=Text("断电后可以安全地再做一次", "After a crash it may safely be done again"),
    )
    timeout: int = setting(
        30,
        title=Text("最多等几秒", "Timeout (seconds)"),
        hint=Text("超过就算没做成", "Longer than that, it did not work"),
        ge=1,
        le=120,
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        return fixed_address(url) if url else url

    @field_validator("takes")
    @classmethod
    def _is_small(cls, takes: dict[str, Any]) -> dict[str, Any]:
        if not is_small(takes):
            raise Wrong(TOO_LARGE)
        return takes

    @model_validator(mode="after")
    def _has_one_place(self) -> "Mcp":
        if bool(self.url) == bool(self.command):
            raise Wrong(ONE_PLACE, "url")
        return self

    @property
    def repeatable(self) -> bool:
        return self.reads_only

    @property
    def powers(self) -> frozenset[Power]:
        # What a program of this machine may do is for an agent's new owner to allow, whatever its file says.
        only_reads = self.reads_only and not self.command
        return frozenset({Power.READS if only_reads else Power.CHANGES})

    @property
    def where(self) -> str:
        return urlsplit(self.url).netloc if self.url else self.command

    @property
    def origin(self) -> tuple[str, str, str]:
        return self.url or f"program:{self.command}", self.tool, self.digest

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return {"type": "object", "properties": {}, **self.takes}

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        if self.url and (text := private_address(self.url, allowed, TYPE)):
            yield Problem("url", text)
        if self.auth != "none" and not self.secret:
            yield Problem("secret", NO_SECRET)

    def secrets(self) -> dict[str, str]:
        return self._way_in.secrets(urlsplit(self.url).netloc) if self.url else {}

    @property
    def _way_in(self) -> WayIn:
        return WayIn(self.auth, self.secret, self.auth_name)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = fitted(self.parameters(), arguments)
        hidden: list[str] = []
        try:
            async with _opened(self.url, self.command, self._way_in, env, hidden) as peer:
                await self._refuse_another(peer)
                said = await peer.ask("tools/call", {"name": self.tool, "arguments": given}, self.timeout)
                result = told(said)
        except ToolFailed as e:
            raise Veil(hidden).over_error(e) from None
        return Veil(hidden).over(result)

    async def _refuse_another(self, peer: Peer) -> None:
        """Raises ToolFailed when the tool is not the one that was chosen."""
        now = next((one for one in await tools_of(peer, LISTING) if one.name == self.tool), None)
        if now is None:
            raise ToolFailed(GONE.fill(name=self.tool[:60]))
        if now.digest != self.digest:
            raise ToolFailed(RESTS.fill(name=self.tool[:60]))

    @classmethod
    async def offered(cls, source: Any, env: Env, known: Mapping[str, str]) -> Offer:
        found = await _listed(source, env)
        tools = [
            Offered(
                one.name,
                function_name(one.name),
                " ".join(one.told.split())[:300],
                why=NOTHING if is_small(one.schema) else TOO_LARGE,
                state="" if one.name not in known else "same" if one.digest == known[one.name] else "changed",
            )
            for one in found
        ]
        there = {one.name for one in found}
        return Offer(source.identity, tools, [name for name in known if name not in there])

    @classmethod
    async def taken(cls, source: Any, env: Env, keys: Collection[str]) -> list[dict[str, Any]]:
        place = {"url": source.url} if source.url else {"command": source.command}
        return [
            {
                "type": TYPE,
                "name": function_name(one.name),
                "description": one.told[:LONGEST_TOLD],
                "tool": one.name,
                **place,
                "takes": one.schema,
                "digest": one.digest,
                **source.way,
            }
            for one in await _listed(source, env)
            if one.name in keys and is_small(one.schema)
        ]


async def _listed(source: Source, env: Env) -> list[Remote]:
    """Raises Invalid, ToolFailed."""
    if bool(source.url) == bool(source.command):
        raise Invalid(ONE_PLACE, field="url")
    way = WayIn(source.way.get("auth", "none"), source.secret, source.auth_name)  # type: ignore[arg-type] # one of those
    hidden: list[str] = []
    try:
        async with _opened(source.url, source.command, way, env, hidden) as peer:
            return await tools_of(peer, LISTING)
    except ToolFailed as e:
        raise Veil(hidden).over_error(e) from None


@asynccontextmanager
async def _opened(url: str, command: str, way: WayIn, env: Env, hidden: list[str]) -> AsyncIterator[Peer]:
    """The server, introduced. `hidden` gets what of the request nobody else may see. Raises ToolFailed."""
    if command:
        if env.programs is None:
            raise ToolFailed(NO_PROGRAMS)
        yield await env.programs.peer(command, env.whose)
        return
    shown = await way.opened(env, urlsplit(url).netloc, TYPE)
    hidden += shown.hidden
    reach = Reach(chosen="owner", tool=TYPE, hosts=(host_of(url),))
    async with env.sessions.peer(env.whose, env.http, url, shown.headers, reach) as peer:
        yield peer


TOOL = Mcp
