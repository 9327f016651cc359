"""How many of the listed phrases are found, how many harmless ones are, and what that takes."""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.ground import Ground
from bench.table import Row
from runtime.safety.words.lists import WordLists
from runtime.safety.words.matching import Matcher

FILE = Path(__file__).parents[1] / "tests" / "runtime" / "safety" / "phrases.txt"
MADE_UP = ("蓝杉会", "灰塔运动", "Zorblat Front")
"""Names of nothing that there is, listed beside the given words."""
ROUNDS = 20
LONG = 100
"""Times that all harmless phrases stand in a long text."""


@dataclass(frozen=True)
class Phrase:
    """`is_meant`: it is to be found."""

    kind: str
    lang: str
    is_meant: bool
    text: str


def phrases() -> list[Phrase]:
    found, kind, lang = [], "", ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, lang = line.split()[1:]
        elif line[:2] in ("+ ", "- "):
            found.append(Phrase(kind, lang, line[0] == "+", line[2:]))
    return found


async def found(ground: Ground) -> list[Row]:
    known = phrases()
    with tempfile.TemporaryDirectory() as home:
        words = WordLists(Path(home)).matcher(["basic"], MADE_UP)
    meant = [one for one in known if one.is_meant]
    harmless = [one for one in known if not one.is_meant]
    blocked = _share(words, meant)
    wrongly = _share(words, harmless)
    each = [_micros(words, one.text) for _ in range(ROUNDS) for one in known]
    text = "。".join(one.text for one in harmless) * LONG
    began = time.process_time()
    words.find(text)
    long = (time.process_time() - began) * 1e6 / len(text)
    usual = statistics.median(each)
    return [
        Row("26a", f"found of {len(meant)} phrases", "", f"{blocked:.1%}", "≥ 97 %", blocked >= 0.97),
        Row("26b", f"found of {len(harmless)} harmless", "", f"{wrongly:.1%}", "≤ 1 %", wrongly <= 0.01),
        Row("26c", "µs to check a message", "", f"{usual:.0f}", "≤ 500", usual <= 500),
        Row("26d", "µs a character of a long text", "", f"{long:.1f}", "≤ 20", long <= 20),
    ]


def _share(words: Matcher, among: list[Phrase]) -> float:
    return sum(bool(words.find(one.text)) for one in among) / len(among)


def _micros(words: Matcher, text: str) -> float:
    began = time.process_time()
    words.find(text)
    return (time.process_time() - began) * 1e6
