"""Tables as lines that can be understood alone, and tables that are questions with their answers."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from runtime.knowledge.reading import Item, Pair, Section

Row = Sequence[str]

QUESTIONS = frozenset((
    "问题", "标准问题", "标准问", "问", "提问", "常见问题", "问法", "相似问", "相似问题",
    "相似问法", "其他问法", "别的问法", "扩展问", "扩展问题", "question", "questions", "q",
    "standardquestion", "similarquestion", "similarquestions", "alternatives",
))  # fmt: skip
ANSWERS = frozenset((
    "答案", "回答", "答", "标准答案", "回复", "答复", "answer", "answers", "a", "reply", "response",
))  # fmt: skip
FIRSTS = frozenset((
    "参数", "项目", "名称", "品名", "姓名", "型号", "类型", "类别", "指标", "字段", "属性",
    "编号", "序号", "日期", "时间", "地区", "城市", "部门", "产品", "商品", "name", "item", "parameter",
    "field", "type", "model", "date", "city", "product", "key", "property",
))  # fmt: skip
"""How the head of a table of two columns begins: without one, each row says what its first cell is."""
DIGITS = re.compile(r"\d")
YEARS = re.compile(r"(19|20)\d\d\s*(年|$)|Q[1-4]|第?[一二三四1-4]季度|\d{1,2}\s*月")
LONGEST_HEAD = 40
LONGEST_CELL = 1_000_000
BETWEEN = (",", "\t", ";", "|", "，")
SPLITS = re.compile(r"[\n|｜]+")
"""Between several wordings in one cell."""


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """A line a row: under a head `name：cell；…`, else its cells."""
    head: Row | None = None
    held: list[str] = []
    for number, row in enumerate(filter(any, map(_tidied, rows))):
        if number == 0 and is_head(row):
            head, held = row, list(row)
        elif line := (_under(head, row) if head else _plain(row)):
            held = []
            yield line
    if held:  # nothing was below it
        yield _plain(held)


def items(rows: Iterable[Row], headings: tuple[str, ...]) -> Iterator[Item]:
    """Pairs where the first row says that it is such a table, else sections of lines."""
    rest = iter(rows)
    first = next((tidied for row in rest if any(tidied := _tidied(row))), None)
    if first is None:
        return
    asks, answers = asked_in(first)
    if asks and answers:
        yield from _pairs(rest, asks, answers)
        return
    yield from _sections(lines(_chained(first, rest)), headings)


def asked_in(head: Row) -> tuple[list[int], list[int]]:
    """The columns of questions and of answers; a table that lacks either is no such table."""
    return _columns(head, QUESTIONS), _columns(head, ANSWERS)


def pairs_of(rows: Iterable[Row]) -> Iterator[Pair]:
    """Of a table whose first row says that it is such a one."""
    rest = iter(rows)
    asks, answers = asked_in(next(rest, ()))
    return _pairs(rest, asks, answers)


def rows_of(text: str) -> Iterator[list[str]]:
    """Of a text, whatever stands between its cells. Raises csv.Error."""
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(text.splitlines(keepends=True), delimiter=_between(text))


def _between(text: str) -> str:
    """What stands in most of the first lines, and about as often in each."""
    first = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    return max(BETWEEN, key=lambda sign: sum(min(line.count(sign), 3) for line in first))


def _sections(found: Iterable[str], headings: tuple[str, ...]) -> Iterator[Section]:
    """Some lines at a time, so that a table of any length is never in memory whole."""
    held: list[str] = []
    for line in found:
        held.append(line)
        if len(held) == 500:
            yield Section("\n".join(held), headings)
            held = []
    if held:
        yield Section("\n".join(held), headings)


def _chained(first: Row, rest: Iterable[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _pairs(rows: Iterable[Row], asks: Sequence[int], answers: Sequence[int]) -> Iterator[Pair]:
    for row in rows:
        cells = [str(cell).strip() for cell in row]
        wordings = [
            opened(wording)
            for at in asks
            if at < len(cells)
            for wording in SPLITS.split(cells[at])
            if wording.strip()
        ]
        answer = "\n".join(opened(cells[at]) for at in answers if at < len(cells) and cells[at])
        if wordings and answer:
            yield Pair(tuple(dict.fromkeys(wordings)), answer)


def opened(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from running a text as a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


FORMULA = tuple("=+-@\t\r")
"""How a cell begins that a spreadsheet runs: https://owasp.org/www-community/attacks/CSV_Injection"""


def _columns(row: Row, names: frozenset[str]) -> list[int]:
    return [at for at, cell in enumerate(row) if _name(cell) in names]


def _name(cell: str) -> str:
    return re.sub(r"[\s_\-*:：\d]+|[（(].*?[)）]", "", cell).lower()


def _tidied(row: Row) -> list[str]:
    cells = [" ".join(str(cell).split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def is_head(row: Row) -> bool:
    """Whether it names what stands below it."""
    filled = [cell for cell in row if cell]
    if len(row) < 2 or len(filled) < len(row) or len(set(row)) < len(row):
        return False
    if len(row) == 2 and _name(row[0]) not in FIRSTS:
        return False
    return all(len(cell) <= LONGEST_HEAD and (YEARS.search(cell) or not DIGITS.search(cell)) for cell in row)


def _under(head: Row, row: Row) -> str:
    named = [*head, *[""] * (len(row) - len(head))]
    return "；".join(
        f"{name}：{cell}" if name else cell for name, cell in zip(named, row, strict=False) if cell
    )


def _plain(row: Row) -> str:
    cells = [cell for cell in row if cell]
    return "：".join(cells) if len(cells) == 2 and len(cells[0]) <= LONGEST_HEAD else " | ".join(cells)
