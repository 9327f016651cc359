"""Change runtime/ in small ways, one at a time, and count what no test notices: `make mutate`.

Each mutant is made in a copy of the tree, and only the tests of its own module are run. The sample is the
same for the same seed, so that two runs can be compared.
"""

import argparse
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).parents[1]
SUBJECTS = {
    "runtime/store/messages/states.py": ("tests/runtime/store/messages/test_states.py",),
    "runtime/store/messages/parts.py": ("tests/runtime/store/messages/test_messages.py",),
    "runtime/store/messages/pages.py": ("tests/runtime/store/messages/test_messages.py",),
    "runtime/store/messages/unfinished.py": ("tests/runtime/store/messages/test_messages.py",),
    "runtime/store/messages/paces.py": ("tests/runtime/store/messages/test_paces.py",),
    "runtime/gateway/strikes.py": ("tests/runtime/gateway/test_strikes.py",),
    "runtime/gateway/allowance.py": ("tests/runtime/gateway/test_allowance.py",),
    "runtime/gateway/room.py": ("tests/runtime/gateway/test_room.py",),
    "runtime/gateway/delivery/tokens.py": (
        "tests/runtime/gateway/test_tokens.py",
        "tests/runtime/gateway/test_never_silent.py",
    ),
    "runtime/store/vanishing/pace.py": ("tests/runtime/store/vanishing/test_pace.py",),
    "runtime/access/tries.py": ("tests/runtime/server/door/test_counted.py",),
    "runtime/access/roles.py": ("tests/runtime/access/test_roles.py",),
    "runtime/access/key_caps.py": ("tests/runtime/access/test_key_caps.py",),
    "runtime/access/networks.py": ("tests/runtime/access/test_networks.py",),
    "runtime/channels/wechat/errcodes.py": (
        "tests/runtime/channels/test_wechat_codes.py",
        "tests/runtime/channels/test_wechat_push.py",
    ),
    "runtime/server/statuses.py": ("tests/runtime/test_errors.py",),
}
"""Modules, and the tests that are theirs."""
SAME = ("Variable", "BitOr", "Eq_Is", "Is_Eq", "NotEq_Is", "IsNot_NotEq", "Is_NotEq", "IsNot_Eq")
"""Operators that want names, or change types in annotations (a|b), or nothing (of what may be None)."""
SECONDS = 120
"""That the tests of a mutant get; a mutant that never ends is noticed too."""


@dataclass(frozen=True)
class Mutant:
    path: str
    operator: str
    occurrence: int
    line: int
    before: str
    after: str
    code: str

    def __str__(self):
        return f"{self.path}:{self.line}  {self.before.strip()}  →  {self.after.strip()}"


def places(path):
    """All that can be changed in one file: operator and occurrence. It is parsed once."""
    nodes, found = [get_ast((ROOT / path).read_text(encoding="utf-8"))], []
    for node in nodes:
        nodes += getattr(node, "children", ())
    for name in sorted(operator_names()):
        if not any(same in name for same in SAME):
            operator = get_operator(name)()
            number = sum(1 for node in nodes for _ in operator.mutation_positions(node))
            found += [(name, occurrence) for occurrence in range(number)]
    return found


def mutant(path, name, occurrence):
    """None where nothing would change."""
    source = (ROOT / path).read_text(encoding="utf-8")
    code = mutate_code(source, get_operator(name)(), occurrence) or source
    pairs = zip(source.splitlines(), code.splitlines(), strict=False)
    changed = next(((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b), None)
    return Mutant(path, name, occurrence, *changed, code) if changed else None


def sample(most, seed):
    """As many of each file as of the others, as far as it has so many."""
    chance, waiting, chosen = random.Random(seed), [], []
    for path in SUBJECTS:
        found = places(path)
        waiting.append([(path, *one) for one in chance.sample(found, len(found))])
    while len(chosen) < most and any(waiting):
        made = [mutant(*one.pop()) for one in waiting if one]
        chosen += [one for one in made if one][: most - len(chosen)]
    return chosen


def copied(folder):
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def passes(folder, tests):
    """Whether they are green there."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-c", "tests/pytest.ini", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def survives(folders, mutant):
    folder = folders.get()
    try:
        file = folder / mutant.path
        whole = file.read_bytes()
        file.write_text(mutant.code, encoding="utf-8")
        try:
            return passes(folder, SUBJECTS[mutant.path])
        finally:
            file.write_bytes(whole)
    finally:
        folders.put(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, chosen, folders = time.monotonic(), sample(options.most, options.seed), queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="hongyan-mutants-") as place:
        workers = min(2, os.cpu_count() or 1)
        for n in range(workers):
            folders.put(copied(Path(place, str(n))))
        first = Path(place, "0")
        if red := [path for path, tests in SUBJECTS.items() if not passes(first, tests)]:
            sys.exit(f"These have red tests as they are: {', '.join(red)}")
        with ThreadPoolExecutor(workers) as pool:
            survived = list(pool.map(lambda mutant: survives(folders, mutant), chosen))
    left = [mutant for mutant, alive in zip(chosen, survived, strict=True) if alive]
    for mutant in left:
        print(mutant)  # noqa: T201 # this is its output
    noticed, seconds = len(chosen) - len(left), time.monotonic() - began
    share = f"{noticed} of {len(chosen)} noticed ({noticed / len(chosen):.0%})"
    print(f"{share}, seed {options.seed}, {seconds:.0f} s")  # noqa: T201 # as above


if __name__ == "__main__":
    main()
