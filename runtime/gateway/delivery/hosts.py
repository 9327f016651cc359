"""To which host a request goes: what a message says never leads anywhere else than to its platform."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from runtime.channels import ApiRequest, AsksPlatform, CallsOut, Connects, MediaIn, MediaOut
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.network.reach import matches

HOST = re.compile(r"https://([a-z0-9.-]{1,253})")
OTHER_HOST = Text(
    "文件不在平台自己的服务器上（{host}），没有去取。",
    "The file is not on a server of the platform's ({host}) and was not fetched.",
)


def api_host(channel: AsksPlatform, hosts: Mapping[str, str]) -> str:
    """Of the platform's API; `hosts` replaces it by the name of the environment variable."""
    own = channel.own_host if isinstance(channel, CallsOut) else ""
    return hosts.get(channel.api_host_setting) or own or channel.api_host


def host_of(channel: AsksPlatform, request: ApiRequest, hosts: Mapping[str, str]) -> str:
    """Where it goes. Raises SendFailed (`other_host`) for one that is not the platform's."""
    if not request.host or channel.api_host_setting in hosts:
        return api_host(channel, hosts)
    if not is_of_platform(channel, request.host):
        raise SendFailed(OTHER_HOST.fill(host=request.host[:80]), code="other_host")
    return request.host


def is_of_platform(channel: AsksPlatform, host: str) -> bool:
    """Whether a file may be there: what a message says never leads anywhere else."""
    names = set(channel.api_hosts)
    if isinstance(channel, MediaIn):
        names |= channel.media_hosts
    if isinstance(channel, MediaOut):
        names |= channel.media_out_hosts
    found = HOST.fullmatch(host)
    return found is not None and any(matches(found[1], name) for name in names)


LINK = re.compile(r"wss://([a-z0-9.-]{1,253})(?::443)?(/[!-~]{0,4096})?")
OTHER_LINK = Text(
    "平台给的连接地址不是它自己的服务器（{host}），没有连接。请检查 API 地址和中间的代理。",
    "The platform sent us to a server that is none of its own ({host}); nothing was connected. Check the "
    "API host and any proxy in between.",
)


def link_address(channel: Connects, told: str, hosts: Mapping[str, str]) -> str:
    """Where to connect: `told` by the platform, or "". Raises SendFailed (`other_host`) for a server that is
    not the platform's: the address has what proves that it is us."""
    replaced = hosts.get(channel.link_host_setting)
    if not told:
        return replaced or channel.link_host
    found = LINK.fullmatch(told)
    if found is None or not any(matches(found[1], name) for name in channel.link_hosts):
        host = told.partition("://")[2].partition("/")[0]
        raise SendFailed(OTHER_LINK.fill(host=host[:80]), code="other_host")
    if not replaced:
        return told
    parts = urlsplit(told)
    return f"{replaced.rstrip('/')}{parts.path}" + (f"?{parts.query}" if parts.query else "")
