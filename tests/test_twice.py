"""What falls once may be chance, what falls twice is not."""

import subprocess
import sys

import pytest

import twice

PASSES, FALLS = "def test_passes(): pass\n", "def test_falls(): assert False\n"
ONCE = """
from pathlib import Path

def test_once():
    seen = Path(__file__).with_suffix(".seen")
    first = not seen.exists()
    seen.touch()
    assert not first
"""
MANY = "".join(f"def test_{number}(): assert False\n" for number in range(twice.BY_CHANCE + 1))


@pytest.mark.parametrize(
    ("text", "ended", "times"),
    [
        (PASSES, 0, 1),
        (PASSES + ONCE, 0, 2),
        (ONCE + "\n\ntest_more = test_once\n" + FALLS, 1, 2),
        (MANY, 1, 1),
        ("import nothing_of_that_name\n", 2, 1),
        ("import os\n\ndef test_dies(): os._exit(1)\n", 1, 1),
    ],
    ids=["passes", "falls once", "falls twice", "falls too often", "no test", "the run dies"],
)
def test_only_what_falls_twice_is_a_failure(tmp_path, text, ended, times):
    file = tmp_path / "test_it.py"
    file.write_text(text, "utf-8")
    command = [sys.executable, twice.__file__, "-p", "no:warnings", str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.count("test session starts")) == (ended, times), (
        run.stdout + run.stderr
    )
    assert ("please mend:\n" in run.stdout) == (times == 2 and ended == 0)
