"""How well questions whose passages are known find them: hit@1, hit@3, the mean reciprocal rank."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from runtime.errors import BadSettings
from runtime.knowledge.index.terms import folded
from runtime.knowledge.search.found import ANY, Found, Searches, Wanted
from runtime.lang import Text

LOOKED_AT = 10
"""Passages of each question."""
MOST = 5000
NAMES = {
    "question": ("question", "query", "问题", "提问"),
    "expected": ("expected", "answer", "passage", "期望", "期望段落", "答案", "出处"),
}
EITHER = "|"
BAD_TABLE = Text(
    "表里要有「问题」和「期望」两列（期望：标题、来源或段落里的一段文字，几处都要就用 | 分开；"
    "留空表示资料里没有）",
    "the table needs the columns “question” and “expected” (a part of a title, heading or passage; several "
    "that are all needed with | between them; empty: there is no answer)",
)


@dataclass(frozen=True)
class Question:
    """`expected`: parts of titles, headings or texts of the passages that answer it, all of them needed."""

    text: str
    expected: tuple[str, ...] = ()


@dataclass
class Measured:
    """`told`: of those without an answer, how many were told to have none. `missed`: not among three."""

    questions: int = 0
    hit_1: int = 0
    hit_3: int = 0
    reciprocal: float = 0.0
    without: int = 0
    told: int = 0
    missed: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, object]:
        return {
            "questions": self.questions,
            "hit@1": _share(self.hit_1, self.questions),
            "hit@3": _share(self.hit_3, self.questions),
            "mrr": _share(self.reciprocal, self.questions),
            "not_answerable": self.without,
            "told": _share(self.told, self.without),
            "missed": self.missed,
        }


def table(content: bytes) -> list[Question]:
    """Of a CSV file, with a header. Raises BadSettings."""
    text = (
        content.decode("utf-8-sig", "replace") if _is_utf8(content) else content.decode("gb18030", "replace")
    )
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        columns = {
            name: next(i for i, cell in enumerate(header) if cell in known) for name, known in NAMES.items()
        }
        found = [
            Question(
                row[columns["question"]].strip(),
                tuple(part.strip() for part in row[columns["expected"]].split(EITHER) if part.strip()),
            )
            for row, _ in zip(rows, range(MOST), strict=False)
            if len(row) > max(columns.values()) and row[columns["question"]].strip()
        ]
    except (StopIteration, csv.Error):
        raise BadSettings(BAD_TABLE, field="QUESTIONS") from None
    return found


async def measure(
    searching: Searches, bases: Sequence[str], asked: Iterable[Question], wanted: Wanted = ANY
) -> Measured:
    measured = Measured()
    wanted = replace(wanted, top=LOOKED_AT, tokens=100_000, around=0)
    for one in asked:
        result = await searching.search(one.text, bases, wanted)
        if not one.expected:
            measured.without += 1
            measured.told += not result.fits
            continue
        measured.questions += 1
        rank = _rank(result.passages, one.expected)
        measured.hit_1 += rank == len(one.expected)
        measured.hit_3 += 0 < rank <= max(3, len(one.expected))
        measured.reciprocal += (len(one.expected) / rank) if rank else 0
        if not 0 < rank <= max(3, len(one.expected)):
            measured.missed.append(one.text)
    return measured


def _rank(found: Sequence[Found], expected: Sequence[str]) -> int:
    """The place, from 1, by which all that is needed was found; 0: it was not."""
    left = {folded(part) for part in expected}
    for rank, one in enumerate(found, 1):
        said = folded("\n".join(filter(None, (one.title, one.heading, one.text, one.answer))))
        left -= {part for part in left if part in said}
        if not left:
            return rank
    return 0


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
