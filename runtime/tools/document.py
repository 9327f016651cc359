"""Write a document for the person: a spreadsheet, a Word file or a PDF, given as a file or a link."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, create_model

from runtime.errors import HongyanError, ToolFailed
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.schema import About, Strict, setting
from runtime.tools import Env, Tool, checked, schema_of
from runtime.writing import LONGEST, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Written

Format = Literal["xlsx", "docx", "pdf"]
FORMATS: dict[str, Text] = {
    "xlsx": Text("表格（.xlsx）", "Spreadsheet (.xlsx)"),
    "docx": Text("Word（.docx）", "Word (.docx)"),
    "pdf": Text("PDF", "PDF"),
}
Cell = str | int | float | bool | None

NO_ROWS = Text("表格要有 rows，至少一行。", "A spreadsheet needs rows, one at least.")
NO_TEXT = Text("文档要有 text。", "A document needs text.")
TOO_LARGE = Text(
    "表格太大：最多 {rows} 行、{columns} 列，每格 {cell} 个字。",
    "Too large: {rows} rows, {columns} columns and {cell} characters in a cell at most.",
)
NOWHERE = Text("这里不能给出文件。", "No file can be given here.")
NOT_MADE = Text("这份文档做不出来，请写得简单些。", "The document could not be made; write it more simply.")
LINK = "Give the person `markdown` on a line of its own; it becomes the file where the surface shows files."
NO_LINK = "The address is not public yet, so only surfaces that show files can give it to the person."


class Document(Tool):
    """Write a file for the person: a spreadsheet from rows, or a Word file or PDF from Markdown."""

    about: ClassVar[About] = About(
        Text("写文档", "Document"),
        Text("生成表格、Word 或 PDF，发给用户", "Makes a spreadsheet, Word file or PDF for the person"),
        "book",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "format": Text("哪种文件", "Kind of file"),
        "name": Text("文件名", "File's name"),
        "rows": Text("表格的行（JSON）", "Rows of the table, as JSON"),
        "text": Text("文字（Markdown）", "Text, as Markdown"),
    }
    type: Literal["document"]
    only: Literal["", "xlsx", "docx", "pdf"] = setting(
        "",
        title=Text("只做哪一种", "Only this kind"),
        hint=Text("留空由模型决定", "Empty: the model decides"),
        choices=lambda: {"": Text("都可以", "Any"), **FORMATS},
    )

    @property
    def repeatable(self) -> bool:
        """The same words are the same file."""
        return True

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(ARGUMENTS[self.only])

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        given: dict[str, Any] = checked(ARGUMENTS[self.only], arguments).model_dump()
        if env.makes is None:
            raise ToolFailed(NOWHERE)
        ending = self.only or given["format"]
        written = await off_loop(_written, ending, given)
        try:
            made = await env.makes.make(given["name"], ending, written.content)
        except HongyanError as e:
            raise ToolFailed(e.text) from None
        return {
            "file": made.name,
            "bytes": made.bytes,
            "url": made.address,
            "markdown": f"![{made.name}]({made.address})",
            "note": LINK if made.reaches else f"{LINK} {NO_LINK}",
            **({"missing_letters": written.lost} if written.lost else {}),
        }


def _written(ending: str, given: Mapping[str, Any]) -> Written:
    """Off the loop. Raises ToolFailed."""
    # Here, because each takes a tenth of a second to load and most turns need none of them.
    from runtime.writing import pdf, sheet, word

    rows, text = given["rows"] or [], given["text"] or ""
    if ending == "xlsx":
        if not rows:
            raise ToolFailed(NO_ROWS)
        _check(rows)
        return sheet.written(given["name"], rows, headed=len(rows) > 1)
    if not text.strip():
        raise ToolFailed(NO_TEXT)
    try:
        return word.written(given["name"], text) if ending == "docx" else pdf.written(given["name"], text)
    except Exception:  # noqa: BLE001 # whatever the layout of somebody's text makes of a library
        raise ToolFailed(NOT_MADE) from None


def _check(rows: list[list[Cell]]) -> None:
    cells = (cell for row in rows for cell in row if isinstance(cell, str))
    if (
        len(rows) > MOST_ROWS
        or max(map(len, rows)) > MOST_COLUMNS
        or any(len(c) > LONGEST_CELL for c in cells)
    ):
        raise ToolFailed(TOO_LARGE.fill(rows=MOST_ROWS, columns=MOST_COLUMNS, cell=LONGEST_CELL))


def _arguments(only: str) -> type[Strict]:
    fields: dict[str, Any] = {}
    if not only:
        fields["format"] = (Format, Field(description="xlsx for a table, docx or pdf for a text."))
    fields["name"] = (str, Field(description="What the file is called.", min_length=1, max_length=80))
    rows = Field(None, description="Of xlsx: rows of cells; the first row names the columns.")
    fields["rows"] = (list[list[Cell]] | None, rows)
    fields["text"] = (str | None, Field(None, description="Of docx and pdf: Markdown.", max_length=LONGEST))
    return create_model("Arguments", __base__=Strict, **fields)


ARGUMENTS = {only: _arguments(only) for only in ("", *FORMATS)}

TOOL = Document
