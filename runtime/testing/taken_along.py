"""An agent that is handed on, in one file with its tests; they part again where it is brought in."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.beside import LARGEST, MOST_FILES, files, files_folder
from runtime.agents.elsewhere import refuse
from runtime.agents.file import PRIVATE
from runtime.agents.library import Library
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.files import disk, write_whole
from runtime.lang import Text
from runtime.testing.suite import FILE_NAME, Suite
from runtime.testing.suites import Suites

TESTS, FILES = "tests", "test_files"
"""The fields that hold them, which an agent's own file has not."""
TEXT, BASE64 = "text", "base64"
"""How a file is written: so that people can read it, where it can be read."""
BROKEN = Text("不是测试带的文件", "it is no file of a test")
TOO_LARGE = Text("测试里的文件最大 {most} MB", "a file of a test may have {most} MB")


def exported(library: Library, id: str, data: Path) -> str:
    """The saved agent to hand on. Raises NotFound, BadAgent."""
    text = library.export(id)
    suite, _ = Suites(library.folder, data).open(id)
    if suite == Suite():
        return text
    held = dict(_written(suite, files_folder(id, library.folder)))
    return to_bytes({**parse(text), TESTS: suite.to_json(), **({FILES: held} if held else {})}).decode(
        "utf-8"
    )


def imported(library: Library, text: str, data: Path, judged: Callable[[Agent], Agent]) -> Agent:
    """Raises BadAgent that names the first thing that is wrong, in the tests, too; then nothing is there."""
    refuse(text)
    held = parse(text)
    if not isinstance(held, dict) or TESTS not in held:
        return library.import_(text, judged)
    brought = dict(_read(held.pop(FILES, None) or {}))
    try:
        suite = Suite.load(held.pop(TESTS))
    except BadAgent as e:
        raise BadAgent(e.text, field=f"{TESTS}.{e.field}" if e.field else TESTS) from None
    agent = library.import_(to_bytes(held).decode("utf-8"), judged)
    folder = files_folder(agent.id, library.folder)
    for name, content in brought.items():
        write_whole(folder / name, content, PRIVATE)
    Suites(library.folder, data).save(agent.id, suite, None)
    return agent


def _written(suite: Suite, folder: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Those that a line has."""
    wanted = {name for case in suite.cases for line in case.lines for name in line.files}
    for path in files(folder):
        if path.name not in wanted or path.stat().st_size > LARGEST:
            continue
        with disk(path):
            content = path.read_bytes()
        try:
            shown = content.decode("utf-8")
            is_text = "\0" not in shown and shown.encode("utf-8") == content
        except UnicodeDecodeError:
            is_text = False
        yield path.name, {TEXT: shown} if is_text else {BASE64: base64.b64encode(content).decode()}


def _read(held: Any) -> Iterator[tuple[str, bytes]]:
    """Raises BadAgent."""
    if not isinstance(held, Mapping) or len(held) > MOST_FILES:
        raise BadAgent(BROKEN, field=FILES)
    for name, one in held.items():
        field = f"{FILES}.{name}"
        if not re.fullmatch(FILE_NAME, str(name)) or not isinstance(one, Mapping) or len(one) != 1:
            raise BadAgent(BROKEN, field=field)
        ((how, written),) = one.items()
        if how not in (TEXT, BASE64) or not isinstance(written, str):
            raise BadAgent(BROKEN, field=field)
        try:
            content = written.encode("utf-8") if how == TEXT else base64.b64decode(written, validate=True)
        except (binascii.Error, ValueError):
            raise BadAgent(BROKEN, field=field) from None
        if len(content) > LARGEST:
            raise BadAgent(TOO_LARGE.fill(most=LARGEST // 1_000_000), field=field)
        yield str(name), content
