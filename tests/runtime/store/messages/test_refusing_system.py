"""Folders without links, locks or rights, disks that fail at the Nth call: a sentence, nothing lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.store.control.control import Control

ROOT = Path(__file__).parents[4]
STRACE = shutil.which("strace")
WORK = """
import sys
from pathlib import Path
from runtime.errors import HongyanError
from runtime.server.lock import only_one
from runtime.store.control.control import Control
from runtime.store.control.records import Options
from runtime.store.messages.messages import Messages
data = Path(sys.argv[1])
try:
    control = Control.in_folder(data)
    with only_one(data, "gateway"):
        Messages(data / "messages.db").close()
    for n in range(4):
        try:
            control.save_options(Options(default_model=f"m/{n}"))
            print("saved", n, flush=True)
        except HongyanError as e:
            print("refused", e.text.en, flush=True)
    print("holds", control.options().default_model)
except HongyanError as e:
    print("refused", e.text.en, flush=True)
"""

CALLS = {
    "no hard links": ("link,linkat:error=EPERM", 4),
    "hard links that fail once": ("link,linkat:error=EIO:when=2", 4),
    "no locks": ("flock:error=ENOLCK", 0),
    "no such call as flock": ("flock:error=ENOSYS", 0),
    "no rights to change": ("chmod,fchmodat:error=EPERM", 4),
    "no rename": ("rename,renameat,renameat2:error=EACCES", 0),
    "a rename that fails once": ("rename,renameat,renameat2:error=EBUSY:when=3", 3),
    "a disk that does not sync": ("fsync:error=EIO", 0),
    "a sync that fails once": ("fsync:error=EIO:when=5", 3),
    "a folder that cannot be synced": ("fsync:error=EINVAL:when=2+2", 4),
    "a full disk": ("pwrite64,write:error=ENOSPC:when=400+", None),
}


@pytest.mark.skipif(STRACE is None, reason="needs strace")
@pytest.mark.parametrize("case", CALLS)
def test_what_the_system_refuses_is_a_sentence_and_only_what_is_saved_is_called_so(tmp_path, case):
    inject, count = CALLS[case]
    (tmp_path / "data").mkdir(mode=0o755)
    Control.in_folder(tmp_path / "data")
    calls = inject.split(":")[0]
    tracer = [
        STRACE,
        "-f",
        "-qqq",
        "-o",
        "/dev/null",
        "--seccomp-bpf",
        f"-etrace={calls}",
        f"-einject={inject}",
    ]
    ran = subprocess.run(
        [*tracer, sys.executable, "-c", WORK, str(tmp_path / "data")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    said = [line.split(" ", 1) for line in ran.stdout.splitlines()]
    saved = [rest for word, rest in said if word == "saved"]
    refused = [rest for word, rest in said if word == "refused"]
    assert all(rest.endswith(".") for rest in refused)
    if count is not None:
        assert len(saved) == count
    assert refused or len(saved) == 4
    if saved:
        kept = json.loads((tmp_path / "data" / "control" / "options.json").read_text(encoding="utf-8"))
        assert int(kept["records"]["1"]["default_model"][2:]) >= int(saved[-1])
        assert not list((tmp_path / "data" / "control").glob(".new-*"))
