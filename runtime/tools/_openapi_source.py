"""Where operations of an interface are chosen from: a description that is kept here, fetched or pasted."""

from pydantic import Field, field_validator

from runtime.errors import Invalid, Wrong
from runtime.lang import Text
from runtime.network.http_address import split
from runtime.network.reach import Reach
from runtime.openapi import process
from runtime.openapi.kept import KeptName, kept, kept_text
from runtime.schema import Labels, Strict, setting
from runtime.tools import Env

TYPE = "openapi"
SECRET_NAME = r"^([a-z_][a-z0-9_]{0,63})?$"

NOT_AN_ADDRESS = Text(
    "应是 https:// 开头的网址，里面不能有变量", "should be an address that begins with https://, no variables"
)
NOWHERE = Text("请填描述的网址，或粘贴描述的内容。", "Give the description's address, or paste it.")
NOT_FETCHED = Text("描述的网址返回 {status}。", "The description's address answered {status}.")


def fixed_address(url: str) -> str:
    """Of a server, without what a request puts behind it. Raises Wrong."""
    try:
        split(url)
    except ValueError:
        raise Wrong(NOT_AN_ADDRESS) from None
    if set("{?#") & set(url):
        raise Wrong(NOT_AN_ADDRESS)
    return url.rstrip("/")


class Source(Strict):
    """Where operations are chosen from."""

    kept: KeptName = setting(
        "",
        title=Text("常用接口", "Well known"),
        hint=Text("没有的话填下面的网址，或粘贴描述", "Else give an address below, or paste the description"),
        choices=lambda: {"": Text("都不是", "None of these"), **kept()},
    )
    url: str = setting(
        "",
        title=Text("描述的网址", "Address of the description"),
        hint=Text(
            "OpenAPI 3.0、3.1 或 Swagger 2，JSON 或 YAML", "OpenAPI 3.0, 3.1 or Swagger 2, JSON or YAML"
        ),
        max_length=2000,
        when=("kept", ""),
    )
    text: str = Field(
        "",
        json_schema_extra=Labels(
            Text("或者粘贴描述", "Or paste it"), Text("最大 5 MB", "5 MB at most"), "area", when=("kept", "")
        ),
        max_length=process.LARGEST,
    )
    server: str = setting(
        "",
        title=Text("接口的网址", "Address of the interface"),
        hint=Text("留空用描述里写的", "Empty: the one in the description"),
        max_length=500,
    )
    secret: str = setting(
        "",
        title=Text("密钥的名称", "Name of the secret"),
        hint=Text("在「模型」页填写它的值；不需要就留空", "Its value is set on the Models page; empty: none"),
        pattern=SECRET_NAME,
    )

    @field_validator("server", "url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        try:
            split(url or "https://x")
        except ValueError:
            raise Wrong(NOT_AN_ADDRESS) from None
        return url

    @property
    def identity(self) -> str:
        return self.kept or self.url

    async def description(self, env: Env) -> str:
        """Raises Invalid, ToolFailed."""
        if self.kept:
            return kept_text(self.kept)
        if self.text.strip():
            return self.text
        if not self.url:
            raise Invalid(NOWHERE, field="url")
        reach = Reach(chosen="owner", tool=TYPE)
        found = await env.http.fetch("GET", self.url, seconds=30, max_bytes=process.LARGEST, reach=reach)
        if found.status != 200 or found.cut:
            raise Invalid(
                process.TOO_LARGE.fill(most=process.LARGEST >> 20)
                if found.cut
                else NOT_FETCHED.fill(status=found.status),
                field="url",
            )
        return found.text
