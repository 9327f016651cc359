"""To which host a request goes: what a message says never leads anywhere else than to its platform."""

import re
from collections.abc import Mapping

from runtime.channels import ApiRequest, AsksPlatform, CallsOut, MediaIn, MediaOut
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
