"""What WeCom and WeChat answer when somebody signs in and it does not go well, by their error codes."""

from collections.abc import Mapping
from typing import Any

from runtime.access.sso.asking.way import stranger, trouble
from runtime.errors import HongyanError, SendFailed
from runtime.lang import Text
from runtime.network.platform_api import PlatformApi

OVER = Text("二维码过期了，请重新扫码。", "The code has expired. Scan again.")
USED = Text("这次扫码已经用过了，请重新扫码。", "That scan was used before. Scan again.")
NO_CODE = Text("登录没有完成，请重新扫码。", "The sign-in was not finished. Scan again.")
BAD_ID = Text("平台不认这个 {client}，请核对。", "The platform does not know this {client}: check it.")
BAD_SECRET = Text(
    "平台不认这个 Secret（{code}）。请在后台重新复制，或重置后再填。",
    "The platform refuses this secret ({code}). Copy it again there, or reset it and enter the new one.",
)
BAD_ADDRESS = Text(
    "平台不让这台服务器的 IP 调用（{code}）。请把出口 IP 加进后台的「企业可信 IP」或白名单。",
    "The platform does not let this server's address in ({code}): add it to the trusted addresses there.",
)
NO_RIGHT = Text(
    "应用没有这个权限，或您不在它的可见范围里（{code}）。",
    "The application lacks that right, or you are outside of its visible range ({code}).",
)
BUSY = Text(
    "平台正忙（{code}），请过几秒再试。", "The platform is busy ({code}). Try again in a few seconds."
)
OTHER = Text("平台拒绝了（{code}）：{why}", "The platform refused ({code}): {why}")

OF_THE_CODE = {40029: OVER, 40163: USED, 41008: NO_CODE, 42003: OVER}
"""The browser's code: wrong or over, used, missing, over. Whoever scans again may come in."""
OF_US: Mapping[int, Text] = {
    **dict.fromkeys((40001, 40091, 40125, 41004, 42009), BAD_SECRET),
    **dict.fromkeys((40013, 41001, 41002, 40056, 301002), BAD_ID),
    **dict.fromkeys((40164, 60020), BAD_ADDRESS),
    **dict.fromkeys((48001, 48002, 50001, 50003, 60011, 60111), NO_RIGHT),
    **dict.fromkeys((-1, 45009, 45011, 45033), BUSY),
}
"""41001 is a missing token: none is given to whom they do not know."""


async def asked(api: PlatformApi, path: str, query: Mapping[str, str], client: str) -> dict[str, Any]:
    """What they answer. Raises Refused."""
    try:
        _, said = await api.call(path, None, query)
    except SendFailed as e:
        raise trouble(e.text) from None
    code = said.get("errcode", 0)
    if code != 0:
        raise refused(code if isinstance(code, int) else -1, str(said.get("errmsg", "")), client)
    return said


def refused(code: int, why: str, client: str) -> HongyanError:
    """`client`: what they call whom we are there."""
    if text := OF_THE_CODE.get(code):
        return stranger(text)
    text = OF_US.get(code, OTHER)
    error = trouble(text.fill(code=code, client=client, why=" ".join(why.split())[:100]))
    error.field = str(code)
    return error


def text_of(said: Mapping[str, Any], name: str, most: int = 200) -> str:
    value = said.get(name)
    return "".join(c for c in value if c.isprintable())[:most] if isinstance(value, str) else ""
