"""Documents for the person: what stands in them is data, and the file is what its readers open."""

import hashlib
import io
import zipfile

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from cost import cpu_seconds
from runtime.errors import ToolFailed
from runtime.media.kept import KeptMedia
from runtime.media.made import MadeFiles
from runtime.tools.document import TOOL
from runtime.writing import pdf, sheet, word
from tool_fakes import env

TEXT = """# 一、价目

你好，**world** *it* `code` 한국어 Straße 😀

- 甲
  1. 乙
  2. 丙

| 名 | 价 |
|---|---|
| 龙井 | 200 |

[链接](https://a.example/) <script>alert(1)</script> ![图](http://169.254.169.254/x.png) <img src="file:///etc/passwd"/>
"""
RUNS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+86 138",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    '=HYPERLINK("http://e.example")',
]


def made(tmp_path, url="https://bot.example"):
    def marked(what):
        return hashlib.sha256(what.encode()).hexdigest()

    return MadeFiles(KeptMedia(tmp_path / "media"), marked, lambda: url, "http://127.0.0.1:1")


async def write(tmp_path, url="https://bot.example", tool=None, **asked):
    files = made(tmp_path, url)
    tool = tool or TOOL(type="document")
    got = await tool.call(asked, env(None, makes=files))
    found = files.find(got["url"].removeprefix(url or "http://127.0.0.1:1"))
    return got, await files.read(found.hash)


async def test_a_table_is_a_spreadsheet_with_its_types(tmp_path):
    rows = [["名称", "价格", "有货"], ["龙井", 200.5, True], ["＝空", None, 3]]
    got, content = await write(tmp_path, format="xlsx", name="价目/表", rows=rows)
    assert got["file"] == "价目_表.xlsx"
    assert got["markdown"] == f"![价目_表.xlsx]({got['url']})"
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_index(0).to_python() == [
        ["名称", "价格", "有货"], ["龙井", 200.5, True], ["＝空", "", 3.0],
    ]  # fmt: skip


@pytest.mark.parametrize("text", RUNS)
def test_no_text_becomes_a_formula_a_link_or_a_command(text):
    written = sheet.written("x", [["a"], [text]], headed=True).content
    with zipfile.ZipFile(io.BytesIO(written)) as zipped:
        inside = {name: zipped.read(name).decode() for name in zipped.namelist()}
    assert "<f>" not in inside["xl/worksheets/sheet1.xml"]
    assert "hyperlink" not in inside["xl/worksheets/sheet1.xml"]
    assert 'quotePrefix="1"' in inside["xl/styles.xml"]
    assert not [name for name in inside if "externalLink" in name or "vba" in name]
    book = CalamineWorkbook.from_filelike(io.BytesIO(written))
    assert book.get_sheet_by_index(0).to_python()[1] == [text.replace("\r", "")]


async def test_a_text_is_a_pdf_that_is_read_in_chinese_and_tells_what_it_lacks(tmp_path):
    got, content = await write(tmp_path, format="pdf", name="报告", text=TEXT)
    document = pypdfium2.PdfDocument(content)
    shown = document[0].get_textpage().get_text_range()
    for words in ("报告", "一、价目", "你好，world it code 한국어 Straße □", "• 甲", "2. 丙", "龙井"):
        assert words in shown, words
    assert "<script>alert(1)</script>" in shown
    assert '<img src="file:///etc/passwd"/>' in shown
    assert got["missing_letters"] == "😀"
    assert len(content) < 20_000
    assert b"/JavaScript" not in content
    assert b"/URI" not in content
    assert pdf.written("报告", TEXT).content == content


async def test_a_text_is_a_word_file_that_fetches_and_runs_nothing(tmp_path):
    got, content = await write(tmp_path, tool=TOOL(type="document", only="docx"), name="报告.docx", text=TEXT)
    assert got["file"] == "报告.docx"
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        inside = {name: zipped.read(name).decode() for name in zipped.namelist()}
    assert set(inside) == {
        "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels",
        "word/styles.xml",
    }  # fmt: skip
    assert "External" not in str(inside)
    assert "&lt;script&gt;" in inside["word/document.xml"]
    assert "<w:tbl>" in inside["word/document.xml"]
    assert "龙井" in inside["word/document.xml"]


@pytest.mark.parametrize(
    "asked",
    [
        {"format": "xlsx", "name": "a"},
        {"format": "xlsx", "name": "a", "rows": []},
        {"format": "xlsx", "name": "a", "rows": [["x"] * 61]},
        {"format": "xlsx", "name": "a", "rows": [["x"]] * 5001},
        {"format": "xlsx", "name": "a", "rows": [["x" * 4001]]},
        {"format": "xlsx", "name": "a", "rows": [[{"formula": "1"}]]},
        {"format": "pdf", "name": "a", "text": " "},
        {"format": "pdf", "name": "a", "text": "x" * 40_001},
        {"format": "exe", "name": "a", "text": "x"},
        {"format": "pdf", "name": "", "text": "x"},
        {"format": "pdf", "name": "a", "text": "x", "path": "/etc/cron.d/x"},
    ],
)
async def test_what_is_too_much_or_nothing_is_told(tmp_path, asked):
    with pytest.raises(ToolFailed):
        await write(tmp_path, **asked)


HOSTILE = [
    "\0\x01\ufffe\ufffftext", "[" * 3000, "> " * 500 + "a", "- " * 300, "|" * 4000 + "\n" + "|-" * 2000,
    "&#0;&lt;para>" * 300, "<font size=9999>x", "`" * 5000, "*" * 6000, "a" * 40_000, "名" * 40_000,
    "| a | b |\n" * 900, "| a |\n|---|\n" + "| x |\n" * 900, "  " * 20_000, "\\" * 9000,
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_whatever_is_written_ends_soon(number):
    for way in (pdf, word):
        assert cpu_seconds(lambda way=way: way.written("x", HOSTILE[number]), enough=8) < 8


async def test_an_address_that_does_not_lead_here_is_said(tmp_path):
    got, _ = await write(tmp_path, url="", format="pdf", name="a", text="b")
    assert got["url"].startswith("http://127.0.0.1:1/made/")
    assert "not public" in got["note"]
    with pytest.raises(ToolFailed, match="No file can be given"):
        await TOOL(type="document").call({"format": "pdf", "name": "a", "text": "b"}, env(None))
