"""What a platform's call must hold, or it is refused as malformed: objects, texts, ids of a shape."""

import re
from collections.abc import Mapping
from typing import Any

from runtime.channels._border.refusals import refused

Body = Mapping[str, Any]


def inner_of(body: Body, name: str) -> Body:
    """The object under that name. Raises Refused."""
    inner = body.get(name)
    if not isinstance(inner, dict):
        raise refused("malformed")
    return inner


def text_of(body: Body, name: str) -> str:
    """The text under that name. Raises Refused."""
    value = body.get(name)
    if not isinstance(value, str):
        raise refused("malformed")
    return value


def matching(pattern: re.Pattern[str], value: str) -> str:
    """The value, which is wholly of that shape. Raises Refused."""
    if not pattern.fullmatch(value):
        raise refused("malformed")
    return value
