"""The Mini Program's own JavaScript, on a phone, a server and a clock that are played."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KIT = ROOT / "templates" / "miniprogram"
HERE = Path(__file__).parent / "miniprogram"
DENO = ROOT / ".venv" / "bin" / "deno"
OWN = sorted(path for path in KIT.rglob("*.js") if path.name != "config.js")
NEWER = re.compile(
    r"\?\.(?!\d)|\?\?|\.at\(|replaceAll\(|\(\?<|structuredClone|TextDecoder|\bimport\b|\bawait\b.*\bfor\b|#\w+\s*[(=;]"
)
"""What base libraries that are in use do not run when the tool is told to leave a file as it is."""


def deno(folder, *given):
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder), "NO_COLOR": "1", "HOME": str(folder)}
    offline = ("--no-remote", "--no-prompt", "--allow-read")
    command = [DENO, given[0], *offline, *given[1:]]
    return subprocess.run(command, env=quiet, capture_output=True, text=True, check=False, cwd=HERE)


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*_test.js")))
def test_its_own_javascript(name, tmp_path):
    done = deno(tmp_path, "test", "--no-check", "--no-npm", name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 failed" in done.stdout


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(KIT).as_posix())
def test_it_is_of_what_every_phone_runs(path):
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if NEWER.search(line.partition("//")[0])] == []
    assert len(lines) <= 300
