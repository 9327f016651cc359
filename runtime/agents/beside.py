"""What stands beside an agent's file and goes where it goes: its tests, and the files that are in them.

What is in them is runtime/testing's; here they are bytes.
"""

from collections.abc import Collection
from pathlib import Path

from runtime.agents.file import PRIVATE, path_of, read
from runtime.errors import BadMedia
from runtime.files import disk, move, remove, remove_folder, write_whole
from runtime.lang import Text

FOLDER = "tests"
"""In the folder of the agents, and in that of the starters."""
LARGEST = 1_000_000
"""Bytes of one file in a test…"""
MOST_FILES = 50
"""…and how many there are of one agent."""
TOO_MANY = Text("一个智能体的测试最多带 {most} 个文件。", "The tests of an agent have {most} files at most.")


def suite_path(id: str, agents: Path) -> Path:
    """Raises NotFound when it cannot be an id."""
    return path_of(id, agents / FOLDER)


def files_folder(id: str, agents: Path) -> Path:
    """Where the files of its tests are. Raises NotFound when it cannot be an id."""
    return suite_path(id, agents).with_suffix("")


def files(folder: Path) -> list[Path]:
    """No links, nothing hidden."""
    there = folder.glob("[!.]*") if folder.is_dir() and not folder.is_symlink() else ()
    return sorted(path for path in there if path.is_file() and not path.is_symlink())[:MOST_FILES]


def keep_file(folder: Path, name: str, content: bytes, wanted: Collection[str]) -> str:
    """What it is called there: one of another content stays. `wanted`: names that a test has; of the
    others the oldest goes where there are too many. Raises BadMedia, NotSaved.
    """
    stem, dot, ending = name.rpartition(".") if "." in name[1:] else (name, "", "")
    number, called = 1, name
    while (path := folder / called).exists() and path.read_bytes() != content:
        number += 1
        called = f"{stem[:80]}-{number}{dot}{ending}"
    there = files(folder)
    if len(there) >= MOST_FILES and not path.exists():
        idle = sorted((one for one in there if one.name not in wanted), key=lambda one: one.stat().st_mtime)
        if not idle:
            raise BadMedia(TOO_MANY.fill(most=MOST_FILES), code="too_large")
        remove(idle[0])
    write_whole(path, content, PRIVATE)
    return called


def copied(source: Path, to: Path) -> None:
    """A suite with its files, under another name; what is there already stays. Raises BadAgent, NotSaved."""
    content = read(source)
    if content is None or to.exists():
        return
    for file in files(source.with_suffix("")):
        with disk(file):
            held = file.read_bytes()
        write_whole(to.with_suffix("") / file.name, held, PRIVATE)
    write_whole(to, content, PRIVATE)


def moved(source: Path, to: Path) -> None:
    """…and nothing is left. Raises NotSaved."""
    move(source, to)
    folder = source.with_suffix("")
    for file in files(folder):
        move(file, to.with_suffix("") / file.name)
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        remove_folder(folder)
