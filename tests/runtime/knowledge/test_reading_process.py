"""The process that reads: what it may take, and what becomes of a file when it takes more."""

import io
import itertools
import json
import os
import string
import zipfile
from pathlib import Path

import pytest

from runtime.knowledge.reading import At, Section, Unread
from runtime.knowledge.sources.reading_process import Bounds, KindIs, read
from runtime.knowledge.sources.unread import said

DOCUMENTS = Path(__file__).parent / "documents"


async def all_of(file, ending="", **options):
    return [item async for item in read(file, ending, **options)]


def plays(script):
    """A reading process that does as it is told: `given` is what ours would be told."""
    return ("-c", f"import json, sys, os, time\ngiven = json.loads(sys.argv[1])\n{script}")


def says(*lines):
    return "".join(f"print({json.dumps(json.dumps(line))}, flush=True)\n" for line in lines)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("保修两年。", encoding="utf-8")
    return path


async def test_a_file_is_read_whatever_its_name_ends_in(tmp_path):
    wrong = tmp_path / "图片.png"
    wrong.write_bytes((DOCUMENTS / "manual.pdf").read_bytes())
    kind, *found = await all_of(wrong, "png")
    assert kind == KindIs("pdf")
    assert [item.page for item in found if isinstance(item, At)] == [1, 2, 3, 4]
    assert [item.page for item in found if isinstance(item, Section)] == [1, 2, 4]
    assert said(found[-2]).zh == "第 3 页：是扫描的图片，没有文字。选一个能看图的模型就能读。"


async def test_a_sheet_that_would_fill_the_memory_ends_its_process_alone(tmp_path):
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
    columns = map("".join, itertools.product("ABCDEFGHIJKLMNOPQRSTUVW", string.ascii_uppercase, "ABCDEFGHIJ"))
    cells = "".join(
        f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>' for row, column in enumerate(columns, 1)
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out, zipfile.ZipFile(DOCUMENTS / "faq.xlsx") as real:
        for info in real.infolist():
            is_sheet = info.filename.startswith("xl/worksheets/")
            out.writestr(info.filename, sheet.format(cells) if is_sheet else real.read(info))
    (tmp_path / "bomb.xlsx").write_bytes(made.getvalue())
    assert (await all_of(tmp_path / "bomb.xlsx"))[-1] == Unread("memory")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("while True: pass", "time"),
        ("import resource; resource.setrlimit(resource.RLIMIT_CPU, (0, 1))\nwhile True: pass", "time"),
        ("os.kill(os.getpid(), 11)", "died"),
        ("sys.exit(1)", "died"),
        ("print('no JSON', flush=True); time.sleep(60)", "died"),
        (says(["section", {"text": 5}]) + "time.sleep(60)", "died"),
        (says(["section", {"text": "x", "headings": ["x"] * 3, "page": "many"}]), "died"),
        ("print('x' * 9_000_000, flush=True); time.sleep(60)", "died"),
        ("raise MemoryError", "memory"),
    ],
)
async def test_a_process_that_does_not_keep_to_its_bounds_is_ended_and_told(file, script, why):
    bounds = Bounds(silent=0.5)
    assert await all_of(file, bounds=bounds, program=plays(script)) == [Unread(why)]


async def test_a_page_that_stops_the_reader_is_named_and_the_rest_is_read(file):
    script = """
for page in range(given["first"], 5):
    if page in given["skip"]:
        continue
    print(json.dumps(["at", {"page": page, "of": 4}]), flush=True)
    if page == 3:
        os.kill(os.getpid(), 9)
    print(json.dumps(["section", {"text": "x", "headings": [], "page": page}]))
print('["end"]')
"""
    found = await all_of(file, program=plays(script))
    assert [item.page for item in found if isinstance(item, Section)] == [1, 2, 4]
    assert [item for item in found if isinstance(item, Unread)] == [Unread("died", 3)]


async def test_what_is_read_reaches_nothing_and_writes_nothing(file, tmp_path):
    tries = [
        "__import__('socket').create_connection(('127.0.0.1', 1))",
        f"open({str(tmp_path / 'written')!r}, 'w')",
        f"os.open({str(tmp_path / 'written')!r}, os.O_WRONLY | os.O_CREAT)",
        "__import__('subprocess').run(['true'])",
        "os.fork()",
        "bytearray(2 << 30)",
    ]
    script = f"""
from runtime.confined import settle
settle(given["parent"], given["cpu"], given["memory"])
for one in {tries!r}:
    try:
        eval(one)
        said = "done"
    except (OSError, MemoryError) as e:
        said = type(e).__name__
    print(json.dumps(["section", {{"text": said, "headings": [], "page": None}}]))
print(json.dumps(["section", {{"text": str(sorted(os.environ)), "headings": [], "page": None}}]))
print('["end"]')
"""
    found = [item.text for item in await all_of(file, program=plays(script))]
    assert found[:-1] == ["PermissionError"] * 5 + ["MemoryError"]
    assert not (tmp_path / "written").exists()
    assert "HOME" not in found[-1]
    assert "HONGYAN" not in found[-1]


async def test_only_plain_files_of_a_bounded_size_are_opened(file, tmp_path):
    assert await all_of(file, bounds=Bounds(largest=3)) == [Unread("too_large", detail="0")]
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(OSError, match="symbolic"):
        await all_of(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    assert await all_of(tmp_path / "pipe") == [Unread("no_file")]


async def test_a_reader_that_is_no_longer_wanted_is_gone(file):
    script = says(["section", {"text": "x", "headings": [], "page": None}]) + "time.sleep(60)"
    reading = read(file, program=plays(script))
    first = await anext(reading)
    assert first == Section("x")
    child = reading.ag_frame.f_locals["child"]._process
    await reading.aclose()
    assert child.returncode == -9
