"""Address and key of a model endpoint as people paste them: repaired where only one thing can be meant."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.network import http_address

ASK_PATHS = (
    "/chat/completions",
    "/completions",
    "/responses",
    "/embeddings",
    "/models",
    "/v1/messages",
    "/messages",
    "/api/chat",
    "/api/generate",
    "/api/tags",
)
"""What is added to an address to ask; some documentation shows it with them."""


def repaired(address: str, added: Sequence[str] = ()) -> str:
    """Scheme, host and path that requests are added to. Raises ValueError with both languages.

    `added`: endings that this provider's adapter adds itself.
    """
    text = address.strip().strip("\"'<>“”‘’").strip().translate(str.maketrans("：／．", ":/."))
    if not text:
        return ""
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise Wrong(
            Text(
                "地址里有空格或换行，只粘贴一个地址",
                "there is a space or line break in it; paste one address",
            )
        )
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        # Near us nobody has a certificate.
        text = f"{'http' if http_address.is_near(_host(text)) else 'https'}://{text.lstrip('/')}"
    try:
        parts = http_address.split(text)
    except ValueError:
        raise Wrong(
            Text(
                "应为完整的网址，例如 https://api.example.com/v1",
                "should be a full address such as https://api.example.com/v1",
            )
        ) from None
    if parts.username is not None or parts.password is not None:
        raise Wrong(Text("网址里不能带用户名和密码", "must not hold a user name or password"))
    if parts.query or parts.fragment:
        raise Wrong(Text("网址里不能有 ? 或 # 之后的部分", "must end before any ? or #"))
    return f"{parts.scheme}://{parts.netloc}{_base_path(parts.path, added)}"


def checked_key(key: str) -> str:
    """The key as it is sent. Raises ValueError with both languages."""
    key = re.sub(r"^[\s\ufeff\u200b-\u200f\u2060]+|[\s\ufeff\u200b-\u200f\u2060]+$", "", key)
    key = re.sub(r"^Bearer\s+", "", key, flags=re.IGNORECASE)
    if re.search(r"\s", key):
        raise Wrong(
            Text(
                "密钥中间有空格或换行，请只粘贴一个密钥",
                "there is a space or line break in it; paste one key",
            )
        )
    if not key.isascii() or not key.isprintable():
        raise Wrong(
            Text("密钥里有密钥不会有的字符，请重新复制", "it has characters that no key has; copy it again")
        )
    return key


def _base_path(path: str, added: Sequence[str]) -> str:
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    endings = (*ASK_PATHS, *added)
    # One's own path may end like one of ours: …/v1/models is taken off, …/my/api only where it is added.
    while ending := next((ending for ending in endings if path.lower().endswith(ending)), ""):
        path = path[: -len(ending)].rstrip("/")
    return path


def _host(text: str) -> str:
    try:
        return urlsplit(f"//{text.lstrip('/')}").hostname or ""
    except ValueError:
        return ""
