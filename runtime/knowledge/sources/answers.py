"""Answers that an operator gave, kept as a table in the base: the next who asks so is answered at once."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from runtime.errors import BadSettings
from runtime.files import write_whole
from runtime.knowledge.sources.base import Source
from runtime.knowledge.sources.bases import Bases, replaced
from runtime.lang import Text

FILE = "answers.csv"
HEAD = ("问题", "答案")
SEVERAL = re.compile("[|｜]")
"""What stands between the wordings of a question in a table."""
FORMULA = tuple("=+-@\t\r")
LONGEST_QUESTION = 1000
LONGEST_ANSWER = 20_000
MOST = 20_000
"""Rows."""


def learn(bases: Bases, id: str, question: str, answer: str) -> Source:
    """What is to be answered to that question from now on, in place of what was before; an answer of nothing
    takes it out. It counts once the base is indexed, which a running program does by itself.

    Raises NotFound, Unreadable, BadSettings (empty or too long), NotSaved.
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
        rows = [row for row in known(path) if alike(row[0]) != alike(question)]
        if len(rows) >= MOST:
            text = Text("{file} 已经有 {most} 条，请先整理。", "{file} has {most} rows: tidy it up first.")
            raise BadSettings(text.fill(file=FILE, most=MOST), field="question")
        write_whole(path, _written([*rows, *([(question, answer)] if answer else [])]))
        there = base.source(FILE)
        bases.save(replaced(base, there.model_copy(update={"going": False}) if there else source))
    return source


def known(path: Path) -> list[tuple[str, str]]:
    """Questions and answers that the table has; what a person wrote in it by hand counts as well."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return []
    csv.field_size_limit(LONGEST_ANSWER * 4)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return [(_opened(row[0]), _opened(row[1])) for row in rows[1:] if len(row) > 1 and row[0].strip()]


def _written(rows: Sequence[tuple[str, str]]) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerows([HEAD, *([_closed(question), _closed(answer)] for question, answer in rows)])
    return made.getvalue().encode("utf-8-sig")


def _closed(cell: str) -> str:
    """A text that a spreadsheet would run is kept from it: it may be anybody's question."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _opened(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def alike(question: str) -> str:
    """Without what does not count: width, case, space and punctuation."""
    plain = unicodedata.normalize("NFKC", question).lower()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")
