"""For how many days what is kept, as the owner says."""

from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator

from runtime.errors import Wrong
from runtime.lang import Text, listed
from runtime.schema import Strict

Days = Annotated[int, Field(ge=1, le=36_500)]
KindName = Literal["messages", "traces", "media", "memory", "said", "decisions", "consents"]
"""See store/messages/retention.py."""


class RetentionDays(Strict):
    """`days`: what is not there is kept without end."""

    id: Literal["retention"] = "retention"
    days: dict[str, Days] = Field({})
    by: str = ""

    @field_validator("days")
    @classmethod
    def _are_kinds(cls, value: dict[str, int]) -> dict[str, int]:
        if not set(value) <= set(get_args(KindName)):
            kinds = listed(get_args(KindName))
            raise Wrong(Text("只能是 {kinds}", "should be one of {kinds}").fill(kinds=kinds))
        return value
