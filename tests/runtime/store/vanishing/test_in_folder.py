"""What processes on one home hold together has an end and leaves nothing behind; its trouble is nobody's."""

import asyncio
import os
import subprocess
import sys

import pytest

from runtime.store.vanishing import LARGEST, NOTHING
from runtime.store.vanishing.in_folder import FOLDER, InFolder
from set_clock import Clock

A, B = ("here", "a/../b"), ("here", "b")
OTHER = """
import asyncio, pathlib, sys
from runtime.store.vanishing.in_folder import InFolder
print(asyncio.run(InFolder(pathlib.Path(sys.argv[1])).get(("here", "a/../b"))))
"""


def left(tmp_path):
    return sorted(path.name for path in (tmp_path / FOLDER).iterdir())


async def test_what_one_process_holds_another_has_until_it_ends(tmp_path):
    wall = Clock()
    one, other = InFolder(tmp_path, wall), InFolder(tmp_path, wall)
    await one.put(A, b"first\n\0", 10)
    assert (await other.get(A), await other.get(B)) == (b"first\n\0", None)
    await other.put(A, b"second", 10)
    assert await one.get(A) == b"second"
    wall.now += 11
    assert (await one.get(A), await other.get(A)) == (None, None)
    await one.put(A, b"third", 10)
    await other.drop(A)
    assert await one.get(A) is None


def test_a_process_of_its_own_sees_it(tmp_path):
    asyncio.run(InFolder(tmp_path).put(A, b"said", 60))
    done = subprocess.run([sys.executable, "-c", OTHER, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "b'said'"


async def test_what_is_over_goes_and_so_does_the_oldest_of_too_many(tmp_path):
    wall = Clock()
    one = InFolder(tmp_path, wall, most=3)
    await one.put(A, b"1", 5)
    half = tmp_path / FOLDER / "held-x.0.new"
    half.write_bytes(b"half")
    os.utime(half, (wall.now, wall.now))
    wall.now += 100
    await one.put(B, b"2", 500)
    assert len(left(tmp_path)) == 1
    for n in range(6):
        await one.put(("here", str(n)), b"x", 500)
        os.utime(tmp_path / FOLDER / left(tmp_path)[0], (wall.now + n, wall.now + n))
    wall.now += 100
    await one.put(A, b"1", 5)
    assert len(left(tmp_path)) == 4


@pytest.mark.parametrize("content", [b"", b"soon\nx", b"nan\nx", b"9e99", b"\xff\n"])
async def test_what_is_no_file_of_ours_is_not_held(tmp_path, content):
    one = InFolder(tmp_path)
    await one.put(A, b"1", 60)
    [name] = left(tmp_path)
    (tmp_path / FOLDER / name).write_bytes(content)
    assert await one.get(A) in (None, b"")


async def test_a_folder_that_cannot_be_written_holds_nothing_and_stops_nobody(tmp_path):
    (tmp_path / FOLDER).write_text("no folder")
    one = InFolder(tmp_path)
    await one.put(A, b"1", 60)
    assert await one.get(A) is None
    await one.drop(A)
    assert (await one.count(A, 60, 0), (await one.count(A, 60)).amount) == (NOTHING, 1)


async def test_what_is_too_large_is_not_held_nor_what_was_before(tmp_path):
    one = InFolder(tmp_path)
    await one.put(A, b"1", 60)
    await one.put(A, bytes(LARGEST + 1), 60)
    assert await one.get(A) is None
