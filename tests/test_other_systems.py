"""What Windows lacks ends the program with a sentence that says what to do, and no traceback."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
AS_ON_WINDOWS = """
import runpy, sys
sys.platform = "win32"
for missing in ("fcntl", "resource", "pwd", "grp", "termios", "uvloop"):
    sys.modules[missing] = None
runpy.run_path("app.py", run_name="__main__")
"""


def test_windows_is_told_what_to_use_instead():
    run = [sys.executable, "-c", AS_ON_WINDOWS]
    ended = subprocess.run(run, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "WSL 2" in ended.stderr
