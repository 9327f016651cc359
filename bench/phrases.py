"""How many of the listed phrases are found, how many harmless ones are, and what that takes."""

import re
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench.ground import Ground
from bench.table import Row
from runtime.message import Exchange
from runtime.safety.words.lists import WordLists
from runtime.safety.words.matching import Matcher
from runtime.turn.beside_text import written_before

FOLDER = Path(__file__).parents[1] / "tests" / "runtime" / "safety"
FILE = FOLDER / "phrases.txt"
BETWEEN = " | "
"""Between messages that one person wrote one after the other."""
MADE_UP = ("蓝杉会", "灰塔运动", "Zorblat Front")
"""Names of nothing that there is, listed beside the given words."""
ESCAPED = re.compile(r"\\(n|\\|u\{([0-9a-f]{2,6})\})")
ROUNDS = 20
LONG = 100
"""Times that all harmless phrases stand in a long text."""


@dataclass(frozen=True)
class Phrase:
    """`is_meant`: it is to be found."""

    kind: str
    is_meant: bool
    text: str


@dataclass(frozen=True)
class Unseen:
    """A set that was written by somebody who had not read the rules. `rows`: of what is found, and of what is
    found wrongly; `least`, `most`: shares of them."""

    file: str
    rows: tuple[str, str]
    least: float
    most: float
    escapes: bool = True
    """Signs that nobody sees are written as \\u{200b}, and a new line as \\n."""


SETS = (
    Unseen("unseen.txt", ("26e", "26f"), 0.85, 0.05, escapes=False),
    Unseen("unseen_second.txt", ("26g", "26h"), 0.85, 0.05),
    Unseen("unseen_third.txt", ("26i", "26j"), 0.85, 0.05),
)


def phrases() -> list[Phrase]:
    return _read(FILE)


def unseen(among: Unseen) -> list[Phrase]:
    """Of each, `kind` is the way of disguise."""
    found = _read(FOLDER / among.file)
    return [replace(one, text=ESCAPED.sub(_sign, one.text)) for one in found] if among.escapes else found


def _read(file: Path) -> list[Phrase]:
    found, kind = [], ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:]
        elif line[:2] in ("+ ", "- "):
            found.append(Phrase(kind, line[0] == "+", line[2:]))
    return found


def _sign(match: "re.Match[str]") -> str:
    return chr(int(match[2], 16)) if match[2] else {"n": "\n", "\\": "\\"}[match[1]]


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
    usual = statistics.median(each)
    return [
        Row("26a", f"found of {len(meant)} phrases", "", f"{blocked:.1%}", "≥ 97 %", blocked >= 0.97),
        Row("26b", f"found of {len(harmless)} harmless", "", f"{wrongly:.1%}", "≤ 1 %", wrongly <= 0.01),
        Row("26c", "µs to check a message", "", f"{usual:.0f}", "≤ 500", usual <= 500),
        *(row for one in SETS for row in _of_unseen(words, one)),
        Row("26d", "µs a character of a long text", "", f"{long:.1f}", "≤ 20", long <= 20),
    ]


def _of_unseen(words: Matcher, among: Unseen) -> list[Row]:
    known = unseen(among)
    hidden = [is_found(words, one.text) for one in known if one.is_meant]
    plain = [is_found(words, one.text) for one in known if not one.is_meant]
    hit, miss = sum(hidden) / len(hidden), sum(plain) / len(plain)
    title, wrong = f"found of {len(hidden)} in {among.file}", f"found of {len(plain)} harmless beside them"
    return [
        Row(among.rows[0], title, "", f"{hit:.1%}", f"≥ {among.least:.0%}", hit >= among.least),
        Row(among.rows[1], wrong, "", f"{miss:.1%}", f"≤ {among.most:.0%}", miss <= among.most),
    ]


def _share(words: Matcher, among: list[Phrase]) -> float:
    return sum(bool(words.find(one.text)) for one in among) / len(among)


def _micros(words: Matcher, text: str) -> float:
    began = time.process_time()
    words.find(text)
    return (time.process_time() - began) * 1e6
