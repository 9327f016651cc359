"""The address of a platform's interface, and the name of the key for it, as owners write them into tools."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.network import http_address


def _address(written: str) -> str:
    address = written.strip().rstrip("/")
    if not address:
        return ""
    try:
        parts = http_address.split(address if "://" in address else f"https://{address}")
        good = not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        good = False
    if not good:
        raise Wrong(
            Text(
                "应是网址，例如 https://api.example.com",
                "should be an address such as https://api.example.com",
            )
        )
    return parts.geturl().rstrip("/")


ApiAddress = Annotated[str, Field(max_length=300), AfterValidator(_address)]
"""Scheme, host and perhaps a path, without a slash at the end; "" for none."""

SecretName = Annotated[str, Field(pattern=r"^([a-z_][a-z0-9_]{0,63})?$")]
"""The name of a secret that the owner keeps; "" for none."""


def authority(url: str) -> str:
    """Host and port, as a secret is bound to them."""
    return urlsplit(url).netloc
