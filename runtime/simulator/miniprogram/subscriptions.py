"""Subscription messages: each yes that a person taps lets one message of that template come.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NO_TEMPLATE, NO_PAGE, REFUSED, BAD_FIELDS = 40037, 41030, 43101, 47003
TIME = re.compile(r"\d{4}[-年]\d{1,2}[-月]\d{1,2}日?( \d{1,2}:\d{2}(:\d{2})?)?")
LONGEST = {"thing": 20, "phrase": 5, "name": 10}
OTHERWISE = 32
"""Characters of any other field."""


@dataclass
class Subscriptions:
    """`templates`: the fields of each. `pages`: those of the Mini Program that is online."""

    templates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pages: tuple[str, ...] = ("pages/chat/chat",)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Yeses that are not used, by person and template."""

    def agree(self, openid: str, template: str) -> None:
        self.left[openid, template] += 1

    def send(self, body: Mapping[str, Any]) -> str | int:
        """What the person reads, or the errcode."""
        template, to = str(body.get("template_id", "")), str(body.get("touser", ""))
        names = self.templates.get(template)
        if names is None:
            return NO_TEMPLATE
        if (page := str(body.get("page", ""))) and page.partition("?")[0] not in self.pages:
            return NO_PAGE
        data = body.get("data")
        if not isinstance(data, dict) or set(data) != set(names):
            return BAD_FIELDS
        values = {name: one.get("value") if isinstance(one, dict) else None for name, one in data.items()}
        if not all(_fits(name, value) for name, value in values.items()):
            return BAD_FIELDS
        if self.left[to, template] <= 0:
            return REFUSED
        self.left[to, template] -= 1
        return " ".join(str(values[name]) for name in names)


def _fits(name: str, value: object) -> bool:
    kind = name.rstrip("0123456789")
    if not isinstance(value, str) or not value.strip():
        return False
    if kind in ("time", "date"):
        return TIME.fullmatch(value) is not None
    return len(value) <= LONGEST.get(kind, OTHERWISE) and "\n" not in value
