"""Programs that mean well are told where they are wrong; those that do not get nothing and end."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from hostile_programs import programs

from runtime.code.running import LARGEST, CodeFailed, Ran, Sandbox

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
async def sandbox():
    sandbox = Sandbox()
    yield sandbox
    await sandbox.close()


async def test_values_go_in_and_plain_data_comes_out(sandbox):
    code = """
import math, re, json
from datetime import datetime
print("sum", sum(line["n"] for line in lines))
result = {"total": sum(line["n"] * line["price"] for line in lines), "root": math.sqrt(9),
          "year": datetime.now().year, "words": re.findall("[a-z]+", text), "none": None, "yes": True}
"""
    lines = [{"n": 2, "price": 3.5}, {"n": 1, "price": 1}]
    ran = await sandbox.run(code, {"lines": lines, "text": "ab 茶 cd"}, now=NOW)
    total = {"total": 8.0, "root": 3.0, "year": 2026, "words": ["ab", "cd"], "none": None, "yes": True}
    assert ran == Ran(total, "sum 3\n")


WRONG = [
    ("x = 1\ny = x / 0\nresult = y", 2, "ZeroDivisionError"),
    ("def f():\n    return nope\nresult = f()", 2, "nope"),
    ("x = 1\nresult = = 2", 2, "SyntaxError"),
    ("x = 1", None, "result"),
    ("result = {1, 2}", None, "set"),
    ("result = 'a' * 10 ** 9", 1, "32 MB"),
    ("result = 'a' * 300_000", None, "200,000"),
    ("raise ValueError('\\nnot this')", 1, "not this"),
    ("import subprocess\nresult = 1", 1, "subprocess"),
]


async def test_what_is_wrong_is_told_with_its_line(sandbox):
    for code, line, says in WRONG:
        with pytest.raises(CodeFailed) as failed:
            await sandbox.run(code, {}, now=NOW)
        assert (failed.value.line, says in failed.value.text.en) == (line, True), (code, failed.value.text.en)
    with pytest.raises(CodeFailed, match="200,000"):
        await sandbox.run("result = 1", {"x": "a" * LARGEST}, now=NOW)


async def test_300_hostile_programs_get_nothing_and_end(sandbox, tmp_path, monkeypatch):
    canary = tmp_path / "canary"
    canary.write_text("tweet-file", encoding="utf-8")
    monkeypatch.setenv("CANARY", "tweet-env")
    outcomes = []

    async def tried(code):
        try:
            ran = await sandbox.run(code, {}, now=NOW, seconds=0.1)
        except CodeFailed as e:
            return e.text.en
        assert len(ran.printed) <= 10_000
        return json.dumps(ran.result) + ran.printed

    found = programs(str(canary))
    for start in range(0, len(found), 4):
        outcomes += await asyncio.gather(*map(tried, found[start : start + 4]))
    for code, outcome in zip(found, outcomes, strict=True):
        assert "tweet" not in outcome, code
        assert "root:" not in outcome, code
        assert len(outcome) < 1_100_000, code
    assert canary.read_text(encoding="utf-8") == "tweet-file"
    assert (await sandbox.run("result = 1", {}, now=NOW)).result == 1


async def test_the_loop_goes_on_while_a_program_does_not_end(sandbox):
    ticks = 0

    async def count():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    counting = asyncio.create_task(count())
    with pytest.raises(CodeFailed, match="longer than"):
        await sandbox.run("while True: pass", {}, now=NOW, seconds=0.3)
    counting.cancel()
    assert ticks > 1


async def test_its_processes_end_when_they_are_not_used_and_begin_again():
    sandbox = Sandbox(idle=0.0)
    for number in range(2):
        assert (await sandbox.run(f"result = {number}", {}, now=NOW)).result == number
        async with asyncio.timeout(30):
            await sandbox.idle.wait()
