"""Read a public web page."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import Blocked, ToolFailed
from runtime.lang import Text
from runtime.network.reach import Reach
from runtime.off_loop import off_loop
from runtime.schema import About, Strict, setting
from runtime.tools import Env, Power, Tool, checked, schema_of
from runtime.tools._host_pattern import HostPattern
from runtime.tools._readable import readable


class _Arguments(Strict):
    url: str = Field(description="Full address, beginning with https:// or http://", max_length=2000)


class WebPage(Tool):
    """Read a public web page and return its title and text. Use it when the user gives a link."""

    about: ClassVar[About] = About(
        Text("读网页", "Web page"),
        Text("打开一个公开网页，读出正文", "Opens a public page and reads its text"),
        "globe",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "url": Text("网址", "Address"),
    }
    type: Literal["web_page"]
    any_address: bool = setting(
        False,
        title=Text("可以自己决定打开哪些网址", "May choose addresses itself"),
        hint=Text(
            "关闭时只打开用户发来的、您写进智能体的、和搜索给出的网址，对话内容就不会被编进网址带走",
            "Off: only addresses that the person sent, that you wrote into the agent or that a search gave, "
            "so that nothing of the conversation is carried out inside an address",
        ),
    )
    hosts: list[HostPattern] = setting(
        [],
        title=Text("只能打开这些主机", "Only these hosts"),
        hint=Text(
            "每行一个，例如 docs.example.com 或 *.example.com；留空时不限",
            "One a line, e.g. docs.example.com or *.example.com; empty: any",
        ),
        max_length=32,
    )
    length: int = setting(
        4000,
        title=Text("最多读多少字", "Longest text (characters)"),
        hint=Text("长了模型看得久、更贵", "A long one takes the model longer and costs more"),
        ge=200,
        le=20_000,
    )

    @property
    def repeatable(self) -> bool:
        return True

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.READS})

    @property
    def where(self) -> str:
        return ", ".join(self.hosts)

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(_Arguments)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        url = checked(_Arguments, arguments).url
        given = url in env.addresses
        if not given:
            self._make_up(url, env)
        page = await env.http.fetch(
            "GET",
            url,
            headers={"Accept": "text/html, text/plain"},
            seconds=20,
            max_bytes=500_000,
            reach=Reach(chosen="person" if given else "model", tool=self.type, hosts=tuple(self.hosts)),
        )
        if page.status >= 400:
            raise ToolFailed(
                Text("网页打不开，对方返回 {status}。", "The page cannot be read: status {status}.").fill(
                    status=page.status
                )
            )
        # A large page takes half a second, and other turns go on meanwhile.
        title, text = await off_loop(self._read, page.content_type.lower(), page.text)
        more = {"cut": True} if len(text) > self.length or page.cut else {}
        return {"url": page.url, "title": title, "text": text[: self.length], **more}

    def _make_up(self, url: str, env: Env) -> None:
        """Raises Blocked when it may not open what nobody gave."""
        if not self.any_address:
            raise Blocked(
                Text(
                    "只能打开用户发来的网址，或搜索结果里的网址；这个网址没有人给过。"
                    "请用户把完整的网址发过来。",
                    "Only addresses that the person sent or a search gave are opened; nobody gave this one. "
                    "Ask the person to send the full address.",
                )
            )
        env.addresses.make_up(url)

    def _read(self, kind: str, text: str) -> tuple[str, str]:
        if "html" in kind or (not kind and "<html" in text[:1000].lower()):
            return readable(text)
        if kind.startswith("text/") or "json" in kind:
            return "", text.strip()
        no_page = Text("这不是网页，而是 {kind} 文件。", "This is not a web page but {kind}.")
        raise ToolFailed(no_page.fill(kind=kind[:60] or Text("未知类型", "unknown")))


TOOL = WebPage
