"""Run tests as pytest does, and what fell once more: only what falls twice is a failure.

A browser or three programs on a busy machine can miss a moment that no user would. What passed only the
second time is told by name, since it wants mending; more than a handful is no matter of chance and stands.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TESTS_FAILED = 1
"""pytest's word for it; whatever else it ends with (a file that is no test) is no matter of chance."""
BY_CHANCE = 5


def run(cache, arguments):
    options = ["-c", HERE / "pytest.ini", "-o", f"cache_dir={cache}"]
    return subprocess.run([sys.executable, "-m", "pytest", *options, *arguments], check=False).returncode


def fallen(cache):
    """Names of tests; none where the run itself died."""
    kept = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text("utf-8"))) if kept.exists() else []


def main(arguments):
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        ended = run(cache, arguments)
        names = fallen(cache)
        if ended != TESTS_FAILED or not 0 < len(names) <= BY_CHANCE:
            return ended
        ended = run(cache, [*arguments, "--last-failed"])
        if ended == 0:
            sys.stdout.write("\n".join(["Passed only the second time, please mend:", *names, ""]))
        return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
