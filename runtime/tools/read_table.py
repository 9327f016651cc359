"""Look into the tables that the person sent: rows by what stands in them, without all of it in the prompt."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.schema import About, Strict
from runtime.templating.sandbox import Listed
from runtime.tools import Env, Tool, checked, schema_of

MOST = 100
"""Rows of one look."""
LONGEST = 6000
"""Characters of all rows of one look."""
NAMED = re.compile(r"(?:^|；)([^；：\n]{1,40})：")
"""As the readers of spreadsheets write a cell under a head: `name：cell；name：cell`."""

NO_FILE = Text("对方还没有发过能读的文件。", "The person has sent no file that can be read.")
UNKNOWN = Text("没有「{name}」这个文件，有：{names}", "There is no file {name!r}; there are: {names}")
UNREAD = Text("这个文件读不出内容：{why}", "Nothing can be read in this file: {why}")


class Arguments(Strict):
    file: str = Field("", description="The file's name; empty: the newest.", max_length=200)
    contains: str = Field("", description="Only rows in which this stands.", max_length=200)
    columns: list[str] = Field([], description="Only these columns; empty: all.", max_length=40)
    start: int = Field(0, description="The first row, from 0 on, of those that fit.", ge=0, le=1_000_000)
    count: int = Field(20, description="Rows at most.", ge=1, le=MOST)


class ReadTable(Tool):
    """Read rows of a spreadsheet or another file that the person sent in this conversation."""

    about: ClassVar[About] = About(
        Text("查发来的表格", "Read a table"),
        Text("在用户发来的表格、文件里按条件查找", "Finds rows in what the person sent"),
        "book",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "file": Text("哪个文件", "Which file"),
        "contains": Text("要包含的字", "Words that it has"),
        "columns": Text("要哪几列", "Which columns"),
        "start": Text("从第几行起", "From which row"),
        "count": Text("最多几行", "Rows at most"),
    }
    type: Literal["read_table"]

    @property
    def repeatable(self) -> bool:
        return True

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Arguments)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        given = checked(Arguments, arguments)
        file = _chosen(_files(env.values), given.file)
        text = str(file.get("text") or "")
        if not text.strip():
            raise ToolFailed(UNREAD.fill(why=str(file.get("reason") or "?")[:200]))
        word = given.contains.casefold()
        lines = [line for line in text.splitlines() if line.strip() and word in line.casefold()]
        rows: list[Any] = []
        left = LONGEST
        for line in lines[given.start : given.start + given.count]:
            row = _row(line, given.columns)
            left -= len(line)
            if left < 0 and rows:
                break
            rows.append(row)
        after = given.start + len(rows)
        more = {"next": after} if after < len(lines) else {}
        return {"file": str(file.get("name", ""))[:200], "fitting_rows": len(lines), "rows": rows, **more}


def _files(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those of the conversation, the newest last."""
    message = values.get("message")
    now = message.get("files") if isinstance(message, Mapping) else None
    said = values.get("conversation")
    all_of_them = said.named.get("files") if isinstance(said, Listed) else None
    found: Sequence[Any] = all_of_them or now or []
    return [one for one in found if isinstance(one, Mapping) and one.get("kind") == "file"]


def _chosen(files: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Raises ToolFailed."""
    if not files:
        raise ToolFailed(NO_FILE)
    if not name:
        return files[-1]
    found: Mapping[str, Any] | None = next((one for one in reversed(files) if one.get("name") == name), None)
    if found is None:
        names = ", ".join(str(one.get("name", ""))[:60] for one in files[-10:])
        raise ToolFailed(UNKNOWN.fill(name=name[:60], names=names))
    return found


def _row(line: str, columns: Sequence[str]) -> Any:
    """Cells by the names that stand before them; a line that has none as it is."""
    found = list(NAMED.finditer(line))
    if not found or found[0].start() != 0:
        return line[:2000]
    ends = [*(one.start() for one in found[1:]), len(line)]
    row = {one[1]: line[one.end() : end] for one, end in zip(found, ends, strict=True)}
    return {name: cell for name, cell in row.items() if not columns or name in columns} or row


TOOL = ReadTable
