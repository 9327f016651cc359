"""Whoever reads what a command prints may stop, as `head` does: nothing has failed."""

import os
import subprocess
import sys

import pytest

from tests.architecture import ROOT


@pytest.mark.parametrize("command", [["prompt", "list"], ["prompt", "show", "nothing"]], ids=" ".join)
def test_a_reader_that_has_gone_is_no_trouble_of_the_disk(command, tmp_path):
    reads, writes = os.pipe()
    os.close(reads)
    try:
        ran = subprocess.run(
            [sys.executable, "app.py", *command],
            cwd=ROOT,
            env=os.environ | {"HONGYAN_HOME": str(tmp_path)},
            stdout=writes,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writes)
    told = {"list": (141, ""), "show": (2, "没有")}[command[1]]
    assert (ran.returncode, ran.stderr[:2]) == told
