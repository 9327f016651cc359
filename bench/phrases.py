"""How many of the listed phrases are found, how many harmless ones are, and what that takes."""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.ground import Ground
from bench.table import Row
from runtime.message import Exchange
from runtime.safety.words.lists import WordLists
from runtime.safety.words.matching import Matcher
from runtime.turn.beside_text import written_before

FOLDER = Path(__file__).parents[1] / "tests" / "runtime" / "safety"
FILE, UNSEEN = FOLDER / "phrases.txt", FOLDER / "unseen.txt"
BETWEEN = " | "
"""Between messages that one person wrote one after the other."""
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


def unseen() -> list[Phrase]:
    """Written by somebody who had not read the rules. Of each `kind` is the way of disguise."""
    found, kind = [], ""
    for line in UNSEEN.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:]
        elif line[:2] in ("+ ", "- "):
            found.append(Phrase(kind, "", line[0] == "+", line[2:]))
    return found


def is_found(words: Matcher, text: str) -> bool:
    """In one of its messages, or over several of them."""
    messages = text.split(BETWEEN)
    if any(words.find(one) for one in messages):
        return True
    said = [Exchange(one, "") for one in messages]
    for place, one in enumerate(messages):
        head = "".join(written_before(said[:place], one, 0.0))
        if any(match.start < len(head) < match.end for match in words.find(head + one)):
            return True
    return False


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
    hidden = [is_found(words, one.text) for one in unseen() if one.is_meant]
    plain = [is_found(words, one.text) for one in unseen() if not one.is_meant]
    hit, miss = sum(hidden) / len(hidden), sum(plain) / len(plain)
    usual = statistics.median(each)
    return [
        Row("26a", f"found of {len(meant)} phrases", "", f"{blocked:.1%}", "≥ 97 %", blocked >= 0.97),
        Row("26b", f"found of {len(harmless)} harmless", "", f"{wrongly:.1%}", "≤ 1 %", wrongly <= 0.01),
        Row("26c", "µs to check a message", "", f"{usual:.0f}", "≤ 500", usual <= 500),
        Row(
            "26e",
            f"found of {len(hidden)} that the rules were not made by",
            "",
            f"{hit:.1%}",
            "≥ 85 %",
            hit >= 0.85,
        ),
        Row("26f", f"found of {len(plain)} harmless beside them", "", f"{miss:.1%}", "≤ 5 %", miss <= 0.05),
        Row("26d", "µs a character of a long text", "", f"{long:.1f}", "≤ 20", long <= 20),
    ]


def _share(words: Matcher, among: list[Phrase]) -> float:
    return sum(bool(words.find(one.text)) for one in among) / len(among)


def _micros(words: Matcher, text: str) -> float:
    began = time.process_time()
    words.find(text)
    return (time.process_time() - began) * 1e6
