"""Pictures, files and videos that people send to a bot: for five minutes at an address, encrypted."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from runtime.channels import ApiRequest, Attached, MediaLimits, Steps
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.message import Message

MB = 1024 * 1024
LIMITS: Mapping[Any, MediaLimits] = {
    "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})),
    "file": MediaLimits(20 * MB),
    "video": MediaLimits(20 * MB),
}
HOSTS = frozenset({"*.qpic.cn", "*.weixin.qq.com", "*.myqcloud.com", "*.tencentcos.cn"})


def attached(message: Message) -> Sequence[Attached]:
    """As messages.py wrote them into the message's handle: kind, key, address."""
    found = []
    for name, told in sorted(message.handle.items()):
        kind, _, rest = told.partition(" ")
        key, _, url = rest.partition(" ")
        if name.startswith("file") and kind in ("image", "file", "video") and url:
            found.append(Attached(kind, {"url": url, "key": key}))  # type: ignore[arg-type] # one of the three
    return found


def get(file: Attached) -> Steps[bytes]:
    try:
        parts = urlsplit(file.place["url"])
    except ValueError:
        raise ANSWERS.failure({}) from None
    host = f"{parts.scheme}://{parts.netloc}"
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    answer = yield ApiRequest(parts.path, None, query, host=host, most=LIMITS[file.kind].most)
    if answer.status != 200 or not answer.content:
        raise ANSWERS.failure(answer.data)
    return answer.content
