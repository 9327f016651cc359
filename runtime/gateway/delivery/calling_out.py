"""Calls to addresses that a channel's owner entered, or that came with a message, each judged."""

import contextlib
from typing import Any

from runtime import wellformed
from runtime.channels import ApiAnswer, ApiRequest, CallsOut
from runtime.errors import Blocked, SendFailed, ToolFailed
from runtime.lang import Text
from runtime.network.fetched import Http
from runtime.network.platform_answer import wait_of
from runtime.network.reach import Reach, host_of

SECONDS = 10.0
FILE_SECONDS = 30.0
MOST = 64 * 1024
"""Bytes of an answer that is no file."""
NO_ADDRESS = Text("没有填写发到哪里的地址。", "No address to send to was entered.")


async def call(http: Http, channel: CallsOut, request: ApiRequest) -> ApiAnswer:
    """One that is not followed to another host. Raises SendFailed: `blocked`, `unreachable`, or `uncertain`
    where it may have arrived."""
    host = request.host or channel.own_host
    if not host:
        raise SendFailed(NO_ADDRESS, code="unreachable")
    # an owner's may be of the own network where an operator says so, one that came with a message never
    reach = Reach("owner" if not request.host else "model", channel.permitted_as, (host_of(host),))
    body = request.upload if isinstance(request.upload, bytes) else None
    try:
        came = await http.fetch(
            "POST" if body is not None else "GET",
            host + request.path,
            headers=dict(request.headers),
            body=body,
            seconds=FILE_SECONDS if request.most else SECONDS,
            max_bytes=request.most or MOST,
            reach=reach,
        )
    except Blocked as e:
        raise SendFailed(e.text, code="blocked") from None
    except ToolFailed as e:
        raise SendFailed(e.text, code="uncertain" if body is not None else "unreachable") from None
    if request.most and came.cut:
        raise SendFailed(TOO_LARGE, code="too_large")
    found: Any = None
    if not request.most:
        with contextlib.suppress(ValueError):
            found = await wellformed.read(came.body, largest=MOST, deepest=20)
    data = found if isinstance(found, dict) else {}
    content = came.body if request.most else b""
    return ApiAnswer(came.status, data, content, came.headers, wait_of(came.headers))


TOO_LARGE = Text("文件太大，没有取。", "The file is too large and was not taken.")
