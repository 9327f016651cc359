"""What somebody answers who is asked for fields: in any order, with corrections, and more than was asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from runtime.turn.fields.field import Part
from runtime.turn.fields.spotted import one, spotted

LONGEST = 2000
"""Characters of an answer that are read."""
CORRECTS = re.compile(
    r"不对|不是|(?<!没)错了|改成|改为|改到|换成|换到|更正|\b(?:no,|wrong|actually|change|make it|instead)",
    re.I,
)
SKIPS = re.compile(r"\s*(?:跳过|略过|没有|不用|不需要|无|skip|none|nothing|no)[\s。.!！]*", re.IGNORECASE)
SEPARATORS = re.compile(r"[,，;；\n]")
SURE = ("email", "phone", "date", "time", "choice")
"""Types that are known by how they are written, asked for or not."""


@dataclass
class Asked:
    """How far the asking came. `asked`: the field that was asked for last; `tries`: answers in a row that
    helped nothing; `wrong`: of a field, why its value was not taken."""

    values: dict[str, Any] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    asked: str = ""
    last: str = ""
    tries: int = 0
    wrong: str = ""
    confirming: bool = False
    done: bool = False
    left: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Asked":
        return cls(**data)

    def lacks(self, name: str) -> bool:
        return name not in self.values and name not in self.skipped


def by_words(
    fields: Sequence[Part], state: Asked, text: str, now: datetime, offered: Sequence[str] = ()
) -> dict[str, Any]:
    """What is found by patterns. A text is what was asked for, or stands behind its name and a colon.

    `offered`: of what is asked for, what may be chosen by its number.
    """
    said = text[:LONGEST].strip()
    corrects = bool(CORRECTS.search(said))
    asked = next((one for one in fields if one.name == state.asked), None)
    found = spotted(_likely(fields, state, said, corrects), said, now)
    if asked is None or asked.name in found:
        return found
    if asked.type == "choice" and (chosen := _by_number(offered, said)):
        return {**found, asked.name: chosen}
    # Whoever counts it in another unit is asked once more; who does so again means it.
    means_it = asked.type == "number" and not found and state.tries > 0
    if (means_it or asked.type == "yes_no") and (answer := one(asked, said, now)) is not None:
        return {**found, asked.name: answer}
    if asked.type == "text" and not (corrects and found):
        rest = [part for part in SEPARATORS.split(said) if part.strip() and not spotted(fields, part, now)]
        if words := (said if not found else "，".join(part.strip() for part in rest)):
            found[asked.name] = words
    return found


def is_skip(text: str) -> bool:
    return bool(SKIPS.fullmatch(text))


def _likely(fields: Sequence[Part], state: Asked, said: str, corrects: bool) -> list[Part]:
    """Those that may be meant, the likeliest first."""
    numbers = [part for part in fields if part.type == "number"]
    found = []
    for part in sorted(fields, key=lambda part: (part.name != state.asked, part.name != state.last)):
        named = any(word and word in said for word in (part.title, part.name))
        meant = part.type in SURE or (part.type == "number" and _is_meant(part, state, numbers))
        corrected = corrects and part.type not in ("text", "yes_no")
        if named or corrected or (meant and state.lacks(part.name)):
            found.append(part)
    if corrects and state.confirming is False and state.last:
        # "No, three": what was said last, and not what is asked now.
        found.sort(key=lambda part: state.lacks(part.name))
    return found


def _is_meant(part: Part, state: Asked, numbers: Sequence[Part]) -> bool:
    """A number that nobody names is the one that was asked for, or the only one that there is."""
    return part.name == state.asked or (not state.asked and len(numbers) == 1)


def _by_number(offered: Sequence[str], said: str) -> str:
    match = re.fullmatch(r"(\d{1,2})[.、)）]?", said)
    place = int(match[1]) - 1 if match else -1
    return offered[place] if 0 <= place < len(offered) else ""
