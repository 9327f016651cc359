"""What an image leaves out: packages that only the pages need, and files of packages that no program reads.

Runs while an image is built, before anything is installed: with Python alone, and as a file of its own.
"""

import re
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==", re.M)
VIA = re.compile(r"^ {4}# +(?:via )?(?P<name>[^\s#].*)$", re.M)
OURS = "-r requirements.in"
UNREAD = (
    "gradio/templates/node",
    "litellm/proxy/_experimental/out",
    "litellm/proxy/swagger",
    "pandas/tests",
    "pyarrow/tests",
    "pyarrow/include",
    "pyarrow/src",
    "pyarrow/libarrow_flight*",
    "pyarrow/libarrow_python_flight*",
    "pyarrow/_flight*",
    "pyarrow/libarrow_substrait*",
    "pyarrow/_substrait*",
    "pydeck/nbextension",
    "**/*.pyx",
    "**/*.pxd",
)
"""Below site-packages: tests, sources of what is compiled, pages and servers of others. What an import
could name stays, unless a library that it needs is gone as well: packages look for theirs in odd places."""


def without(lock: str, roots: Collection[str]) -> str:
    """The lock as `make lock` writes it, without these and what nothing else needs.

    Raises ValueError for one of `roots` that we do not name ourselves.
    """
    entries = dict(_entries(lock))
    asked = {name: _via(entry) for name, entry in entries.items()}
    if strange := [root for root in roots if OURS not in asked.get(root, ())]:
        raise ValueError(f"requirements.in does not name {', '.join(strange)}")
    needed = {name for name, by in asked.items() if OURS in by} - set(roots)
    waiting = set(needed)
    while waiting:
        waiting = {name for name, by in asked.items() if name not in needed | set(roots) and by & waiting}
        needed |= waiting
    return "".join(entry for name, entry in entries.items() if name in needed)


def _entries(lock: str) -> Iterator[tuple[str, str]]:
    """One package may stand there more than once: for another Python, or another system."""
    starts = [found.start() for found in ENTRY.finditer(lock)]
    whole: dict[str, str] = {}
    for start, end in zip(starts, [*starts[1:], len(lock)], strict=True):
        entry = lock[start:end]
        name = entry.partition("==")[0]
        whole[name] = whole.get(name, "") + entry
    yield from whole.items()


def _via(entry: str) -> set[str]:
    return {found["name"].strip() for found in VIA.finditer(entry)} - {"via"}


def trim(packages: Path, unread: Iterable[str] = UNREAD) -> int:
    """Delete these below site-packages; how many bytes that were."""
    freed = 0
    for pattern in unread:
        for found in sorted(packages.glob(pattern)):
            files = [found] if found.is_file() else [one for one in found.rglob("*") if one.is_file()]
            freed += sum(one.stat().st_size for one in files)
            if found.is_dir():
                shutil.rmtree(found)
            else:
                found.unlink(missing_ok=True)
    return freed


def main(given: list[str]) -> None:
    """`locks.py LOCK NAME…` prints the lock without these; `--trim VENV` deletes what nobody reads."""
    if given[0] == "--trim":
        for packages in Path(given[1]).glob("lib/python3*/site-packages"):
            sys.stderr.write(f"{trim(packages) // 1_000_000} MB that nobody reads are left out\n")
        return
    sys.stdout.write(without(Path(given[0]).read_text("utf-8"), given[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
