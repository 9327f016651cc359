"""`python -m tests.doctor_faults [WORD]`: whether the check-up names each fault; exit 1 if it does not."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from doctor_faults.table import FAULTS
from doctor_faults.world import results


def say(line):
    sys.stdout.write(f"{line}\n")


def main(word=""):
    chosen = [fault for fault in FAULTS if word in fault.id]
    counts = Counter()
    for result in asyncio.run(results(chosen)):
        counts[result.verdict] += 1
        first = result.first
        said = f"{first.check}: {first.says.en}" if first else "all is well"
        say(f"{result.verdict:14} {result.fault.id:44} {said}")
    faults = sum(bool(fault.check) for fault in chosen)
    told = ", ".join(f"{counts[word]} {word}" for word in ("named", "not named", "wrongly named"))
    say(f"\n{faults} faults and {len(chosen) - faults} that are none: {told}")
    return int(counts["named"] < len(chosen))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
