"""Answers that an operator gave, kept as a table in the base: the next who asks so is answered at once."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runtime.errors import BadSettings, Unreadable
from runtime.files import write_whole
from runtime.knowledge.reading import NotRead
from runtime.knowledge.reading._decoded import decoded
from runtime.knowledge.reading._tables import FORMULA, SPLITS, Row, asked_in, opened, pairs_of, rows_of
from runtime.knowledge.sources.base import Source
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleted_sources import replaced
from runtime.lang import Text

FILE = "answers.csv"
HEAD = ("问题", "答案")
SEVERAL = re.compile("[|｜]")
"""What stands between the wordings of a question in a table."""
LONGEST_QUESTION = 1000
LONGEST_ANSWER = 20_000
MOST = 20_000
"""Rows."""
LARGEST = 60 << 20
"""Bytes of the table."""
NO_TABLE = Text(
    "{file} 不是能读的问答表：第一行要有「问题」和「答案」两列，请在资料库里改好或删掉它。",
    "{file} is no table of questions and answers that can be read: its first row must have the columns"
    " 问题 and 答案 (question, answer). Mend it, or remove it from the base.",
)


def learn(bases: Bases, id: str, question: str, answer: str) -> Source:
    """What is to be answered to that question from now on, in place of what was before; an answer of nothing
    takes it out. It counts once the base is indexed, which a running program does by itself.

    Raises NotFound, Unreadable (also of a table that is none: it stays as it is), BadSettings (empty or too
    long), NotSaved.
    """
    question, answer = " ".join(SEVERAL.sub("／", question).split()), answer.strip()
    if not question or len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
        raise BadSettings(
            Text(
                "问题要有 1 到 {question} 个字，答案最多 {answer} 个字。",
                "A question has 1 to {question} characters, an answer {answer} at most.",
            ).fill(question=LONGEST_QUESTION, answer=LONGEST_ANSWER),
            field="answer" if question and len(question) <= LONGEST_QUESTION else "question",
        )
    source = Source(file=FILE, title=FILE)
    with bases.locked(id):
        base = bases.get(id)
        path = bases.file(id, source)
        table = _read(path).without(question)
        if answer:
            table = table.with_row(question, answer)
        if len(table.rows) > MOST:
            text = Text("{file} 已经有 {most} 条，请先整理。", "{file} has {most} rows: tidy it up first.")
            raise BadSettings(text.fill(file=FILE, most=MOST), field="question")
        write_whole(path, table.written())
        there = base.source(FILE)
        bases.save(replaced(base, there.model_copy(update={"going": False}) if there else source))
    return source


def known(path: Path) -> list[tuple[str, str]]:
    """Wordings and answers that the table has; what a person wrote in it by hand counts as well.

    Raises Unreadable for one that is none.
    """
    pairs = pairs_of(_read(path).whole)
    return [(question, pair.answer) for pair in pairs for question in pair.questions]


@dataclass(frozen=True)
class _Table:
    """As it stands in the file: a person may have given it other columns, in another order."""

    head: Row
    rows: Sequence[Row] = ()

    @property
    def whole(self) -> Sequence[Row]:
        return [self.head, *self.rows]

    def without(self, question: str) -> "_Table":
        """Without that wording, and without a row that has no other."""
        return replace(self, rows=[kept for row in self.rows if (kept := self._less(row, alike(question)))])

    def with_row(self, question: str, answer: str) -> "_Table":
        asks, answers = asked_in(self.head)
        cells = [""] * len(self.head)
        cells[asks[0]], cells[answers[0]] = _closed(question), _closed(answer)
        return replace(self, rows=[*self.rows, cells])

    def written(self) -> bytes:
        """With the mark by which Excel knows UTF-8."""
        made = io.StringIO(newline="")
        csv.writer(made).writerows(self.whole)
        return made.getvalue().encode("utf-8-sig")

    def _less(self, row: Row, key: str) -> Row | None:
        cells, found = list(row), False
        for at in asked_in(self.head)[0]:
            wordings = SPLITS.split(cells[at]) if at < len(cells) else []
            left = [one for one in wordings if alike(opened(one)) != key]
            if len(left) < len(wordings):
                cells[at], found = "|".join(left), True
        asks = "".join(cells[at] for at in asked_in(self.head)[0] if at < len(cells))
        return None if found and not asks.strip() else cells


def _read(path: Path) -> _Table:
    """In whatever encoding a spreadsheet saved it. Raises Unreadable: what is not understood is not
    overwritten."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise NotRead("too_long")
        rows = [row for row in rows_of(decoded(content)) if any(map(str.strip, row))] or [list(HEAD)]
    except FileNotFoundError:
        rows = [list(HEAD)]
    except (OSError, NotRead, csv.Error):
        raise Unreadable(NO_TABLE.fill(file=FILE)) from None
    if not all(asked_in(rows[0])):
        raise Unreadable(NO_TABLE.fill(file=FILE))
    return _Table(rows[0], rows[1:])


def _closed(cell: str) -> str:
    """A text that a spreadsheet would run is kept from it: it may be anybody's question."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def alike(question: str) -> str:
    """Without what does not count: width, case, space and punctuation."""
    plain = unicodedata.normalize("NFKC", question).lower()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")
