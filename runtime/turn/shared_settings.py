"""Places that an agent gives to everybody it talks with, each to one person, as its owner declares them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Name, Strict, setting

LONGEST_KEY = 100
"""Characters."""
MANY = 1_000_000


class SharedPlaces(Strict):
    """One thing that is shared: slots, a queue, stock, a list. Each of its keys has so many places."""

    name: Name = setting(title=Text("名称", "Name"))
    title: str = setting("", title=Text("显示名", "Label"), max_length=60)
    places: int | None = setting(
        1,
        title=Text("每一项有几个名额", "Places of each"),
        hint=Text(
            "一个时段接待几位、一件货有几份；留空不限（只排号）",
            "People a slot takes, pieces of a thing; empty: without end, as for numbers",
        ),
        ge=0,
        le=MANY,
    )
    each: int | None = setting(
        1,
        title=Text("一个人同一项最多占几个", "Of one, for one person"),
        hint=Text("再来占同一项，还是原来那个；留空不限", "Who claims it again has it already; empty: any"),
        ge=1,
        le=MANY,
    )
    most: int | None = setting(
        None,
        title=Text("一个人一共最多占几个", "Of all, for one person"),
        hint=Text("留空就是 200", "Empty: 200"),
        ge=1,
        le=200,
    )
    keys: list[Annotated[str, Field(max_length=LONGEST_KEY)]] = setting(
        [],
        title=Text("有哪些", "Which there are"),
        hint=Text(
            "例如 10:00，11:30，15:00；留空就是什么都行，例如一天一个号",
            "Such as 10:00, 11:30, 15:00; empty: whatever is asked for, such as a number a day",
        ),
        widget="words",
        max_length=200,
    )

    @field_validator("keys")
    @classmethod
    def _each_once(cls, keys: Sequence[str]) -> list[str]:
        found = [" ".join(key.split()) for key in keys]
        if "" in found or len(set(found)) < len(found):
            raise Wrong(Text("每一项要有名称，而且不重复", "each needs a name, and only once"))
        return found
