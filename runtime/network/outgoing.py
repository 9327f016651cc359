"""A request as a tool may send it: a whole address, no headers that say where or how it goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from yarl import URL

from runtime.errors import Blocked
from runtime.lang import Text

HARMLESS = frozenset({"accept", "accept-language", "user-agent"})
"""Headers that another site may see after a redirect; all others may be secrets."""
OURS = (
    "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
    "transfer-encoding", "upgrade",
)  # fmt: skip
"""Headers that say where and how a request goes; a caller must not."""


@dataclass(frozen=True)
class Outgoing:
    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None


def parsed(url: str) -> URL:
    try:
        found = URL(url)
        if (
            found.scheme not in ("http", "https")
            or not found.port
            or not re.fullmatch(r"\S+", found.host or "")
        ):
            raise bad_url()
    except ValueError:
        raise bad_url() from None
    if found.user is not None or found.password is not None:
        raise Blocked(
            Text("网址里不能带用户名和密码。", "The address must not hold a user name or password.")
        )
    return found


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        token = re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name)
        if not token or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
            raise Blocked(
                Text(
                    "请求头「{name}」含有不允许的字符。",
                    "The header {name!r} holds forbidden characters.",
                ).fill(name=name[:40])
            )
        if name.lower() in OURS or name.lower().startswith("proxy-"):
            raise Blocked(
                Text("不能设置请求头「{name}」。", "The header {name!r} may not be set.").fill(name=name)
            )
    return {name: value for name, value in headers.items() if name.lower() != "accept-encoding"}


def redirected(request: Outgoing, status: int, target: str) -> Outgoing:
    try:
        url = parsed(str(request.url.join(URL(target))))
    except ValueError:
        raise bad_url() from None
    following = replace(request, url=url)
    if status == 303 or (status in (301, 302) and request.method == "POST"):
        headers = {n: v for n, v in request.headers.items() if n.lower() != "content-type"}
        following = replace(following, method="GET", body=None, headers=headers)
    if url.origin() == request.url.origin():
        return following
    if following.body is not None:
        raise Blocked(
            Text(
                "对方要把内容转给另一个网站，已拒绝。",
                "The site asked to send the content on to another site; refused.",
            )
        )
    return replace(following, headers={n: v for n, v in request.headers.items() if n.lower() in HARMLESS})


def bad_url() -> Blocked:
    return Blocked(
        Text(
            "网址无效，要以 http:// 或 https:// 开头。",
            "The address is not valid; it should begin with http:// or https://.",
        )
    )
