"""The check of the platform on which people write, where it has one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from runtime.errors import Wrong
from runtime.inspected import PASSED, Inspected, Sort
from runtime.lang import Text
from runtime.safety.checks import (
    ACTIONS,
    ASKS_OUT,
    MARKED,
    PLACES,
    PLACES_HINT,
    WHOLE,
    Action,
    Check,
    Finding,
    Place,
    Uses,
)
from runtime.schema import About, setting

SORTS: Mapping[Sort, Text] = {
    "comment": Text("评论、留言", "A comment"),
    "log": Text("日常动态", "What one shares of a day"),
    "forum": Text("论坛", "A forum"),
    "profile": Text("个人资料", "A profile"),
}
JUDGED = frozenset({"image", "voice"})


class Platform(Check):
    """Where the surface has no such check, or nobody writes there, nothing is asked and nothing found."""

    about: ClassVar[About] = About(
        Text("平台的检查", "The platform's check"),
        Text(
            "发布在有内容检查接口的平台上时，让平台来判断；别处和试用里不做",
            "Where the platform has a content check, it judges; not elsewhere, nor while trying out",
        ),
        "globe",
    )
    fits: ClassVar[frozenset[str]] = frozenset({"in", "out"})
    does: ClassVar[frozenset[str]] = WHOLE
    type: Literal["platform"]
    places: list[Place] = setting(
        ["in", "out"],
        title=Text("查哪里", "Where"),
        hint=PLACES_HINT,
        choices=lambda: {one: title for one, title in PLACES.items() if one in Platform.fits},
        min_length=1,
        max_length=2,
    )
    action: Action = setting(
        "block",
        title=Text("判为违规就", "When it finds it risky"),
        hint=MARKED,
        choices=lambda: {one: title for one, title in ACTIONS.items() if one in WHOLE},
    )
    on_review: Literal["mark", "ask", "block"] = setting(
        "mark",
        title=Text("判为需要人看就", "When it wants a person to look"),
        hint=MARKED,
        choices=lambda: {one: title for one, title in ACTIONS.items() if one in WHOLE},
    )
    sort: Sort = setting(
        "comment",
        title=Text("当作什么来查", "Judged as"),
        hint=Text("平台对每一类的尺度不同", "The platform has a measure for each"),
        choices=lambda: {str(one): title for one, title in SORTS.items()},
    )
    media: bool = setting(
        False,
        title=Text("图片和语音也查", "Pictures and voice too"),
        hint=Text(
            "平台要能从公网取到文件；回答要等它的结果",
            "The platform gets the file from our public address; the answer waits for what it says",
        ),
    )
    media_seconds: float = setting(
        10,
        title=Text("等文件的结果几秒", "Seconds for a file"),
        hint=Text(
            "平台最多要半小时；等不到就按「查不成的时候」，迟来的结果仍会记下来",
            "It may take half an hour; then “cannot check” counts, and what comes late is noted",
        ),
        when=("media", True),
        ge=1,
        le=60,
    )

    @model_validator(mode="after")
    def _review_can_be_done(self) -> "Platform":
        if self.on_review == "ask" and self.places != ["out"]:
            raise Wrong(ASKS_OUT, "on_review")
        return self

    @property
    def file_seconds(self) -> float:
        return self.media_seconds if self.media else 0.0

    def is_there(self, uses: Uses) -> bool:
        return uses.inspects is not None

    async def find(self, text: str, uses: Uses) -> Sequence[Finding]:
        said = await uses.inspects.text(text, self.sort) if uses.inspects else PASSED
        return self._found(said, len(text))

    async def find_file(self, file: Mapping[str, Any], place: Place, uses: Uses) -> Sequence[Finding]:
        if uses.inspects is None or file.get("kind") not in JUDGED:
            return ()
        return self._found(await uses.inspects.file(file, place, self.sort, self.media_seconds), 0)

    def _found(self, said: Inspected, end: int) -> Sequence[Finding]:
        if said.suggestion == "pass":
            return ()
        return [Finding(0, end, said.what, self.on_review if said.suggestion == "review" else self.action)]


CHECK = Platform
