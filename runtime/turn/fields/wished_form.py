"""The form of a model's answer: the owner's fields, or the JSON schema of the program that asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runtime import wellformed
from runtime.off_loop import off_loop
from runtime.turn.fields.asking import SHAPE, shape
from runtime.turn.fields.field import Field, schema_of
from runtime.turn.fields.json_schema import misfits
from runtime.turn.fields.reading import DEEPEST, read

ANY_OBJECT = "Answer with one JSON object and nothing else."
OBJECT: Mapping[str, Any] = {"type": "object"}
NO_JSON = "There is no JSON object in the answer."
QUICK = 4000
"""Characters that are checked on the loop."""


@dataclass(frozen=True)
class Formed:
    """`text`: the answer as JSON; `fields`: the owner's, which later blocks refer to; `wrong`: what does not
    fit."""

    text: str = ""
    fields: Mapping[str, Any] | None = None
    wrong: Sequence[str] = ()


@dataclass(frozen=True)
class Form:
    fields: Sequence[Field]
    wished: Mapping[str, Any] | None

    @classmethod
    def of(cls, fields: Sequence[Field], wished: Mapping[str, Any] | None) -> "Form | None":
        """The owner's comes first; None where the answer may have any form."""
        return cls(fields, wished) if fields or wished is not None else None

    @property
    def schema(self) -> Mapping[str, Any]:
        return schema_of(self.fields) if self.fields else self.wished or OBJECT

    @property
    def told(self) -> str:
        """What the model is told, besides what its server is told."""
        if self.fields:
            return shape(self.fields)
        return SHAPE.format(schema=json.dumps(self.wished, ensure_ascii=False)) if self.wished else ANY_OBJECT

    async def read(self, text: str, now: datetime) -> Formed:
        if self.fields:
            found = await read(self.fields, text, now)
            return Formed(json.dumps(found.values, ensure_ascii=False), found.values, found.wrong)
        if len(text) <= QUICK:
            return _fitted(self.wished or {}, text)
        return await off_loop(_fitted, self.wished or {}, text)


def _fitted(schema: Mapping[str, Any], text: str) -> Formed:
    try:
        value = wellformed.load(_bare(text), deepest=DEEPEST)
    except ValueError:
        return Formed(wrong=[NO_JSON])
    if not schema and not isinstance(value, dict):
        return Formed(wrong=[NO_JSON])
    return Formed(json.dumps(value, ensure_ascii=False), wrong=misfits(schema, value))


def _bare(text: str) -> str:
    """Without the fence that models put around JSON."""
    lines = text.strip().split("\n")
    fenced = len(lines) > 2 and lines[0].startswith("```") and lines[-1].strip() == "```"
    return "\n".join(lines[1:-1]) if fenced else text
