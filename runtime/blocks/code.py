"""Compute something in Python."""

import json
import keyword
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import field_validator

from runtime.blocks import Block, Tries
from runtime.blocks._groups import ACT, Group
from runtime.code.running import LONGEST, MOST_SECONDS
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import About, Name, setting
from runtime.turn.turn import Services, Turn


class Code(Tries, Block):
    """Sees the values it is given and nothing else: no files, no network, no secrets, no other modules."""

    about: ClassVar[About] = About(
        Text("代码", "Code"),
        Text(
            "用 Python 算一算、整理数据；碰不到文件和网络",
            "Computes in Python; reaches no file and no network",
        ),
        "code",
        "#475569",
    )
    group: ClassVar[Group] = ACT
    type: Literal["code"]
    values: dict[Name, str] = setting(
        {},
        title=Text("给它的值", "Values it is given"),
        hint=Text(
            "代码里用这些名字；整格只写一个 {{ … }} 时，列表和数字保持原样",
            "Variables of the code. One {{ … }} and nothing else keeps lists and numbers as they are",
        ),
        widget="pairs",
        max_length=50,
    )
    code: str = setting(
        "result = 1 + 1",
        title=Text("Python 代码", "Python"),
        hint=Text(
            "把结果放进 result：文字、数字、列表或字典。可以用 math、re、json、datetime",
            "Leave it in “result”: text, number, list or dict. There are math, re, json, datetime",
        ),
        widget="code",
        min_length=1,
        max_length=LONGEST,
    )
    seconds: float = setting(
        1.0,
        title=Text("最长几秒", "Seconds at most"),
        hint=Text("算得更久就停下，走「没做成时」", "What takes longer is stopped, and takes the other way"),
        ge=0.1,
        le=MOST_SECONDS,
    )

    @field_validator("values")
    @classmethod
    def _are_variables(cls, values: dict[str, str]) -> dict[str, str]:
        for name in values:
            if keyword.iskeyword(name) or name == "result":
                raise Wrong(
                    Text("「{name}」另有用途，请换一个名称", "{name!r} is reserved; take another name").fill(
                        name=name
                    )
                )
        return values

    @property
    def takes_time(self) -> bool:
        return True

    async def run(self, turn: Turn) -> dict[str, Any]:
        async def work() -> dict[str, Any]:
            values = {name: turn.data(template) for name, template in self.values.items()}
            ran = await turn.services.code.run(self.code, values, now=turn.now(), seconds=self.seconds)
            return vars(ran)

        return dict(await turn.step(f"{self.id}.ran", work))

    async def tried(self, values: Mapping[str, Any], services: Services, now: datetime) -> str:
        given = {name: values.get(name) for name in self.values}
        ran = await services.code.run(self.code, given, now=now, seconds=self.seconds)
        return "\n\n".join(filter(None, (json.dumps(ran.result, ensure_ascii=False, indent=1), ran.printed)))

    def outputs(self) -> dict[str, Text]:
        return {
            "result": Text("结果", "the result"),
            "printed": Text("print 出来的文字", "what was printed"),
        }


BLOCK = Code
