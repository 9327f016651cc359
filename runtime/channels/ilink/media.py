"""Files, both ways: they lie on the platform's CDN, encrypted with a key that the message carries.

AES-128-ECB is the platform's choice, and hides little; the way there is TLS.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    ApiRequest,
    Attached,
    Media,
    MediaIn,
    MediaLimits,
    PushesMedia,
    Shown,
    Steps,
    Uploaded,
    at_address,
)
from runtime.channels._tencent.ecb import decrypted, encrypted
from runtime.channels.ilink.account import Account
from runtime.channels.ilink.codes import UNREADABLE, check
from runtime.errors import SendFailed
from runtime.message import Message

MB = 1024 * 1024
CDN = "https://novac2c.cdn.weixin.qq.com"
DOWNLOAD, UPLOAD = "/c2c/download", "/c2c/upload"
TYPES: Mapping[MediaKind, int] = {"image": 1, "video": 2, "file": 3}
"""`media_type`; a bot cannot send voice."""
ITEMS: Mapping[MediaKind, int] = {"image": 2, "file": 4, "video": 5}
HEX_KEY = re.compile(r"[0-9A-Fa-f]{32}")
PARAM = re.compile(r"[!-~]{1,8192}")
KEPT = 3600.0
"""Seconds that what was uploaded is used again; how long the CDN keeps it is not said."""


class PersonMedia(MediaIn, PushesMedia):
    """Nothing here waits."""

    settings: Account
    media_in: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB),
        "voice": MediaLimits(5 * MB),
        "video": MediaLimits(25 * MB),
        "file": MediaLimits(25 * MB),
    }
    media_hosts: ClassVar[frozenset[str]] = frozenset({"*.weixin.qq.com", "*.qpic.cn"})
    media_out: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, frozenset({"image/jpeg", "image/png", "image/gif"})),
        "video": MediaLimits(25 * MB, frozenset({"video/mp4"})),
        "file": MediaLimits(25 * MB),
    }
    media_out_hosts: ClassVar[frozenset[str]] = frozenset({"*.weixin.qq.com"})

    def attached(self, message: Message) -> Sequence[Attached]:
        files = message.data.get("attached")
        found = [one for one in files if isinstance(one, dict)] if isinstance(files, list) else []
        # what was spoken and understood needs no file
        spoken = message.kind == "voice" and bool(message.text)
        return [
            Attached(
                one["kind"], {n: str(v) for n, v in one.items() if n != "kind"}, str(one.get("name", ""))
            )
            for one in found
            if one.get("kind") in self.media_in and not (spoken and one["kind"] == "voice")
        ]

    def get(self, file: Attached) -> Steps[bytes]:
        most = self.media_in[file.kind].most + 16
        if url := file.place.get("url"):
            answer = yield _address(url, most)
        else:
            query = {"encrypted_query_param": file.place.get("param", "")}
            answer = yield ApiRequest(DOWNLOAD, query=query, host=CDN, most=most)
        if not answer.content:
            check(answer)
            raise SendFailed(UNREADABLE, code="unreadable")
        return answer.content

    def open(self, file: Attached, content: bytes) -> bytes:
        return decrypted(content, _key(file.place))

    def put(self, media: Media) -> Steps[Uploaded]:
        key = secrets.token_bytes(16)
        size, sealed = len(media.content), encrypted(media.content, key)
        name = secrets.token_hex(16)
        asked = {
            "filekey": name,
            "media_type": TYPES[media.kind],
            "to_user_id": self.settings.user_id,
            "rawsize": size,
            "rawfilemd5": hashlib.md5(media.content, usedforsecurity=False).hexdigest(),
            "filesize": len(sealed),
            "no_need_thumb": True,
            "aeskey": key.hex(),
        }
        answer = yield ApiRequest("/ilink/bot/getuploadurl", asked)
        check(answer)
        answer = yield _upload_to(answer.data, name, sealed)
        param = answer.headers.get("x-encrypted-param", "")
        if answer.status != 200 or not PARAM.fullmatch(param):
            raise SendFailed(UNREADABLE, code="unreadable")
        data = {"param": param, "key": key.hex(), "size": size, "sealed": len(sealed), "name": media.name}
        return Uploaded(data, KEPT)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        kind, data = shown.kind, shown.data
        media = {
            "encrypt_query_param": data["param"],
            "aes_key": base64.b64encode(str(data["key"]).encode()).decode(),
            "encrypt_type": 1,
        }
        inner: dict[str, Any] = {"media": media}
        if kind == "image":
            inner["mid_size"] = data["sealed"]
        elif kind == "video":
            inner["video_size"] = data["sealed"]
        else:
            inner |= {"file_name": shown.title or data["name"], "len": str(data["size"])}
        return sent(to, key, {"type": ITEMS[_media_kind(kind)], f"{kind}_item": inner})


def _media_kind(kind: str) -> MediaKind:
    assert kind in ("image", "video", "file")
    return kind  # type: ignore[return-value] # just looked at


def sent(to: str, key: str, item: Mapping[str, Any]) -> ApiRequest:
    """One item to one person; `client_id` stays the same however often it is tried."""
    message = {
        "from_user_id": "",
        "to_user_id": to,
        "client_id": f"hongyan-{key}",
        "message_type": 2,
        "message_state": 2,
        "item_list": [item],
    }
    return ApiRequest("/ilink/bot/sendmessage", {"msg": message})


def _key(place: Mapping[str, str]) -> bytes:
    """In hex; or base64 of 16 bytes, or of 32 hexadecimal letters. Raises ValueError."""
    given = place.get("hex", "")
    if not HEX_KEY.fullmatch(given):
        try:
            raw = base64.b64decode(place.get("key", ""), validate=True)
        except binascii.Error:
            raise ValueError("no key") from None
        if len(raw) == 16:
            return raw
        given = raw.decode("ascii", "replace")
    if not HEX_KEY.fullmatch(given):
        raise ValueError("no key")
    return bytes.fromhex(given)


def _address(url: str, most: int = 0, upload: bytes | None = None) -> ApiRequest:
    """Raises SendFailed for what is no address."""
    request = at_address(url, most, upload)
    if request is None:
        raise SendFailed(UNREADABLE, code="unreadable")
    return request


def _upload_to(data: Mapping[str, Any], name: str, sealed: bytes) -> ApiRequest:
    """An upload answers with a header; its body is nothing to read."""
    url, param = data.get("upload_full_url"), data.get("upload_param")
    if isinstance(url, str) and url:
        return _address(url, 1024, sealed)
    if not isinstance(param, str) or not PARAM.fullmatch(param):
        raise SendFailed(UNREADABLE, code="unreadable")
    query = {"encrypted_query_param": param, "filekey": name}
    return ApiRequest(UPLOAD, query=query, host=CDN, most=1024, upload=sealed)
