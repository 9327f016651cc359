"""What is installed is what was reviewed: pinned, hashed, and without code that runs by itself."""

import re
import sysconfig
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from runtime.exposure.advisories import KNOWN

ROOT = Path(__file__).parents[1]
LOCKS = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
MUTATE = ROOT / "tests" / "mutate.txt"
SUPPLY = ROOT / "tests" / "supply.txt"

FLOORS = {one.package: one.floor for one in KNOWN if one.floor}
STOLEN = {Version(bad) for one in KNOWN for bad in one.bad}

# Python runs a .pth file at every start. None of our packages needs one.
PTH_ALLOWED = set()


def entries(text):
    """The requirements of a lock, each one line with its hashes."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def unlocked(text):
    """The entries that leave a choice: of a version, or of what a version holds."""
    return [entry for entry in entries(text) if not is_locked(entry)]


def is_locked(entry):
    requirement, *hashes = entry.split(" --hash=")
    pinned = re.fullmatch(r"[a-z0-9._-]+==([0-9]+!)?[0-9][0-9a-z.]*( ; .+)?", requirement.strip())
    return bool(
        pinned and hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", one.strip()) for one in hashes)
    )


def pins(lock):
    """Each package of a lock that this machine needs, and its version."""
    lines = [entry.split(" --hash=")[0] for entry in entries(lock.read_text(encoding="utf-8"))]
    found = [requirement for requirement in map(Requirement, lines) if needed(requirement)]
    return {requirement.name: str(requirement.specifier).removeprefix("==") for requirement in found}


def needed(requirement):
    return requirement.marker is None or requirement.marker.evaluate()


def run_by_themselves(packages):
    return {path.name for path in packages.glob("*.pth")} - PTH_ALLOWED


@pytest.mark.parametrize("lock", [*LOCKS, MUTATE, SUPPLY], ids=lambda lock: lock.relative_to(ROOT).as_posix())
def test_every_package_is_pinned_and_hashed(lock):
    text = lock.read_text(encoding="utf-8")
    assert len(entries(text)) > 20
    assert unlocked(text) == []


SHA = f"--hash=sha256:{'0' * 64}"


@pytest.mark.parametrize(
    "entry",
    [
        "requests==2.34.2",
        f"requests>=2.34.2 {SHA}",
        f"requests==2.* {SHA}",
        f"requests {SHA}",
        f"requests==2.34.2 {SHA[:-1]}",
        f"git+https://example.com/requests {SHA}",
        "--extra-index-url https://example.com",
    ],
)
def test_an_entry_that_leaves_a_choice_is_found(entry):
    good = f"# a comment\nhttpx==0.28.1 ; python_version > '3' \\\n    {SHA} \\\n    {SHA}\n    # via x\n"
    assert unlocked(good) == []
    assert unlocked(f"{good}{entry}\n") == [entry]


@pytest.mark.parametrize(("one", "other"), list(combinations([*LOCKS, MUTATE, SUPPLY], 2)))
def test_locks_agree(one, other):
    first, second = pins(one), pins(other)
    common = first.keys() & second.keys()
    assert common
    assert {name: first[name] for name in common} == {name: second[name] for name in common}


def test_what_is_installed_is_what_is_locked():
    wanted = pins(LOCKS[0]) | pins(LOCKS[1])
    assert {name: version(name) for name in wanted} == wanted


@pytest.mark.parametrize("name", FLOORS)
def test_no_package_is_below_its_floor(name):
    assert Version(version(name)) >= Version(FLOORS[name])


def test_litellm_is_none_of_the_stolen_releases():
    assert Version(version("litellm")) not in STOLEN
    assert Version(pins(LOCKS[0])["litellm"]) not in STOLEN


def test_no_package_runs_by_itself_at_start():
    packages = Path(sysconfig.get_path("purelib"))
    assert (packages / "litellm").is_dir()
    assert run_by_themselves(packages) == set()


def test_a_file_that_runs_by_itself_is_found(tmp_path):
    (tmp_path / "litellm_init.pth").touch()
    assert run_by_themselves(tmp_path) == {"litellm_init.pth"}
