"""Read a description in a process of its own, within bounds; what it says is typed anew."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from runtime import wellformed
from runtime.child_process import kill_group
from runtime.errors import Invalid
from runtime.lang import Text

ROOT = Path(__file__).parents[2]
LARGEST = 5 * 1024 * 1024
"""Bytes of a description."""
MOST = 1500
"""Operations that are shown."""
LONGEST_ANSWER = 8 << 20

TOO_LARGE = Text("接口描述太大，最多 {most} MB。", "The description is too large; {most} MB at most.")
UNREADABLE = Text("没有读懂这份接口描述：{why}", "This description cannot be read: {why}")
WHY = {
    "no_object": Text("它不是 OpenAPI 的 JSON 或 YAML。", "it is no JSON or YAML of OpenAPI."),
    "no_version": Text(
        "开头应有 openapi: 3.x 或 swagger: 2.0（现在是「{detail}」）。",
        "it should say openapi: 3.x or swagger: 2.0 (it says {detail!r}).",
    ),
    "no_paths": Text("里面没有任何接口（paths 是空的）。", "there are no operations in it (no paths)."),
    "broken": Text("JSON 或 YAML 有错（{detail}）。", "the JSON or YAML is broken ({detail})."),
    "too_deep": Text("嵌套太深。", "it is nested too deep."),
    "memory": Text("读它要用太多内存。", "reading it takes too much memory."),
    "time": Text("读它要花太长时间。", "reading it takes too long."),
    "died": Text("读到一半停了。", "its reader stopped half-way."),
}
UNUSABLE = {
    "odd_path": Text("路径写法不对", "its path is odd"),
    "too_large": Text("参数太多", "it has too many parameters"),
    "xml": Text("内容只能写成 XML", "its body is XML only"),
    "kind": Text("内容不是 JSON 或表单", "its body is neither JSON nor a form"),
}


@dataclass(frozen=True)
class Bounds:
    """`cpu` and `wall` in seconds, `memory` in bytes."""

    cpu: int = 40
    wall: float = 120
    memory: int = 1 << 30


USUAL = Bounds()

Short = Annotated[str, Field(max_length=1000)]


class Found(BaseModel):
    """One operation, to choose from. `why` it cannot be chosen: a name of UNUSABLE."""

    key: Short
    name: Short
    title: Short
    group: Short
    old: bool
    why: Short


class Description(BaseModel):
    """What a description offers. `tools`: settings of those that were asked for."""

    title: Short
    servers: list[Short] = Field(max_length=20)
    operations: list[Found] = Field(max_length=10_000)
    tools: list[dict[str, Any]] = Field(max_length=64)


class _Wrong(BaseModel):
    wrong: str
    detail: Short = ""


async def read(
    text: str,
    *,
    base: str = "",
    server: str = "",
    chosen: Collection[str] = (),
    bounds: Bounds = USUAL,
) -> Description:
    """`base`: where it was fetched; `server`: which address is meant, "" for the first that it names.

    Raises Invalid.
    """
    sent = text.encode("utf-8", "replace")
    if len(sent) > LARGEST:
        raise Invalid(TOO_LARGE.fill(most=LARGEST >> 20), field="text")
    options = {
        "parent": os.getpid(), "cpu": bounds.cpu, "memory": bounds.memory, "most": MOST,
        "base": base, "server": server, "chosen": list(chosen)[:64],
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-E", "-s", "-X", "utf8", "-m", "runtime.openapi", json.dumps(options),
        cwd=ROOT, env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}, start_new_session=True,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(bounds.wall):
            said = await _talk(process, sent)
    except TimeoutError:
        raise _unreadable("time") from None
    finally:
        kill_group(process)
        code = await process.wait()
    try:
        data = await wellformed.read(said, largest=LONGEST_ANSWER)
        if isinstance(data, dict) and "wrong" in data:
            wrong = _Wrong.model_validate(data)
            raise _unreadable(wrong.wrong, wrong.detail)
        return Description.model_validate(data)
    except (ValueError, ValidationError):
        raise _unreadable("time" if code == -signal.SIGXCPU else "died") from None


async def _talk(process: asyncio.subprocess.Process, sent: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    said = bytearray()
    giving = asyncio.create_task(_give(process.stdin, sent))
    try:
        while piece := await process.stdout.read(1 << 16):
            said += piece
            if len(said) > LONGEST_ANSWER:
                break
        return bytes(said)
    finally:
        giving.cancel()
        await asyncio.gather(giving, return_exceptions=True)


async def _give(pipe: asyncio.StreamWriter, sent: bytes) -> None:
    pipe.write(sent)
    await pipe.drain()
    pipe.close()


def _unreadable(why: str, detail: str = "") -> Invalid:
    known = WHY.get(why, WHY["died"]).fill(detail=detail)
    return Invalid(UNREADABLE.fill(why=known), field="text")
