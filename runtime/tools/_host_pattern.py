"""A host, or all below it, as an owner writes it into a tool."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.network.reach import host_of

PATTERN = re.compile(r"(\*\.)?[^\s*/?#@:\\.]+(\.[^\s*/?#@:\\.]+)*|\[[0-9a-f:.]+\]")


def _pattern(written: str) -> str:
    """People paste addresses: of https://Example.com/ the host is meant."""
    host = re.sub(r"^https?://", "", written.strip().lower()).rstrip("/.")
    below = host.startswith("*.")
    ascii = host_of(f"http://{host[2:] if below else host}/")
    if not PATTERN.fullmatch(host) or not ascii:
        raise Wrong(
            Text(
                "应是主机名，例如 api.example.com 或 *.example.com",
                "should be a host such as api.example.com or *.example.com",
            )
        )
    return f"*.{ascii}" if below else ascii


HostPattern = Annotated[str, Field(max_length=253), AfterValidator(_pattern)]
"""`api.example.com`, or `*.example.com` for every host below it."""
