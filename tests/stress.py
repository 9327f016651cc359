"""Run tests as a busy machine would, again and again: `make stress ROOM=tests/runtime/server`.

All of it has one core, which two others burn; files and what is in them come in another order each time, and
sets and dictionaries hash anew. A run is repeated with the number that it tells.
"""

import argparse
import os
import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NUMBER = "STRESS_NUMBER"
BURN = (sys.executable, "-c", "while True: pass")


def pytest_collection_modifyitems(items):
    """As a plugin: what shares a file stays together, so that what is set up for a file is set up once."""
    chance, files = random.Random(int(os.environ[NUMBER])), {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    shuffled = list(files.values())
    chance.shuffle(shuffled)
    for tests in shuffled:
        chance.shuffle(tests)
    items[:] = [item for tests in shuffled for item in tests]


def run(rooms, number):
    sys.stdout.write(f"== --number {number}\n")
    sys.stdout.flush()
    more = {NUMBER: str(number), "PYTHONHASHSEED": str(number), "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-m", "pytest", "-q", "-c", HERE / "pytest.ini", "-p", "stress", *rooms]
    return subprocess.run(command, env=os.environ | more, check=False).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="+")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--number", type=int, help="repeats that run")
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    burning = [subprocess.Popen(BURN) for _ in range(2)]
    numbers = [options.number] if options.number else random.sample(range(1, 10**6), options.times)
    try:
        sys.exit(max(run(options.rooms, number) for number in numbers))
    finally:
        for one in burning:
            one.kill()


if __name__ == "__main__":
    main()
