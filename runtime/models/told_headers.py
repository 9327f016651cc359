"""What every provider is told with every question: what it is for, and how long it may be kept.

Whether a provider heeds it is between it and the owner: it is what a contract refers to.
"""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict

TAG, PERIOD = "X-Compliance-Tag", "Data-Retention-Period"
VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")
"""A header's value that no proxy reads otherwise: printable ASCII, no line end, nothing around it."""
WRONG = Text(
    "只能用英文字母、数字和符号，最多 200 个，不能换行",
    "should be letters, digits and signs of ASCII, 200 at most, on one line",
)


class ToldHeaders(Strict):
    """ "" is not sent."""

    id: Literal["told_headers"] = "told_headers"
    tag: str = ""
    period: str = ""
    by: str = ""

    @field_validator("tag", "period")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if value and not VALUE.fullmatch(value):
            raise Wrong(WRONG)
        return value

    def headers(self) -> Mapping[str, str]:
        return {name: value for name, value in ((TAG, self.tag), (PERIOD, self.period)) if value}
