"""What is known against the pinned versions: `make advisories`.

Exits 1 for a known hole and for a package that nothing was asked about, 2 where nobody could be asked: green
means that everything was looked at.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.txt"
FOUND, UNASKED = 1, 2
COMMAND = ("-m", "pip_audit", "--disable-pip", "--require-hashes", "--desc", "off", "--format", "json")
SECONDS = 900
"""For all questions together; a package is asked about in one request."""
OFFLINE = (
    "The advisories could not be asked for: nothing is known, and so nothing is green.\n"
    "They come from pypi.org; please try again with a network (HTTPS_PROXY is heeded). What was said last:\n"
    "  {why}"
)


@dataclass(frozen=True)
class Looked:
    """`holes`: a line each. `skipped`: packages that nothing was asked about, each with the reason."""

    packages: int
    holes: Sequence[str]
    skipped: Sequence[str]


def main(lock: Path, program: Sequence[str] = COMMAND) -> int:
    """Ask about every pin of a lock, and print what was found; the exit code."""
    command = [sys.executable, *program, "--requirement", str(lock)]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return say(OFFLINE.format(why=f"no end after {SECONDS} s"), UNASKED)
    try:
        looked = read(json.loads(asked.stdout))
    except (ValueError, KeyError, TypeError):
        return say(OFFLINE.format(why=(asked.stderr.strip().splitlines() or ["nothing"])[-1]), UNASKED)
    return tell(looked, pinned(lock.read_text(encoding="utf-8")))


def read(told: Mapping[str, Any]) -> Looked:
    """What pip-audit writes as JSON. Raises KeyError, TypeError for what is no such thing."""
    packages, holes, skipped = told["dependencies"], [], []
    for one in packages:
        if "skip_reason" in one:
            skipped.append(f"{one['name']}: {one['skip_reason']}")
            continue
        for hole in one["vulns"]:
            mended = ", ".join(hole["fix_versions"]) or "no version yet"
            holes.append(f"{one['name']} {one['version']}: {hole['id']} (mended in {mended})")
    return Looked(len(packages), holes, skipped)


def pinned(lock: str) -> int:
    """How many packages a lock pins, whichever machine they are for."""
    return sum("==" in line.split("#")[0] and not line.startswith((" ", "#")) for line in lock.splitlines())


def tell(looked: Looked, pins: int) -> int:
    """`pins`: how many there are to ask about; those for other machines may be left out by pip-audit."""
    day = datetime.now(UTC).date().isoformat()
    counts = f"{day}: {looked.packages} of {pins} pins, skipped = {len(looked.skipped)}"
    lines = [*looked.holes, *(f"skipped {one}" for one in looked.skipped)]
    if not looked.packages:
        lines.append("nothing was asked about")
    return say("\n".join([*lines, f"{counts}, known holes = {len(looked.holes)}"]), FOUND if lines else 0)


def say(text: str, code: int) -> int:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else LOCK))
