"""The image: a Dockerfile that others' rules pass, without what the gateway does not need."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from runtime.deployment import kinds, locks
from runtime.deployment.images import PAGES
from runtime.deployment.wanted import Wanted
from runtime.settings import CHECKOUT, Settings

LOCK = (CHECKOUT / "requirements.txt").read_text("utf-8")
HADOLINT = Path(sys.executable).with_name("hadolint")


def dockerfile(**wanted):
    return kinds.image(kinds.Asked(Settings(), "", Wanted(**wanted)))


def names(lock):
    return set(re.findall(r"^([a-z0-9._-]+)==", lock, re.M))


def test_that_of_the_checkout_is_the_one_that_is_printed():
    assert (CHECKOUT / "Dockerfile").read_text("utf-8") == dockerfile(), "run: make docs"


def test_hadolint_finds_nothing(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_text(
        dockerfile(registry="docker.example.cn/mirror", index="https://pypi.example.cn/simple"), "utf-8"
    )
    said = subprocess.run([HADOLINT, "--no-color", file], capture_output=True, text=True)
    assert (said.stdout, said.stderr, said.returncode) == ("", "", 0)


def test_it_ends_as_somebody_who_may_nothing():
    stages = re.split(r"^FROM ", dockerfile(), flags=re.M)
    ends = {stage.split()[2]: stage for stage in stages[1:]}
    for name in ("gateway", "whole"):
        assert "USER 10001:10001" in ends[name]
        assert "apt-get" not in ends[name] + ends["ground"]
    assert "--chown" not in dockerfile()
    assert "HEALTHCHECK" in ends["ground"]


def test_the_gateways_packages_are_those_that_the_pages_do_not_bring():
    kept = names(locks.without(LOCK, PAGES))
    assert {"pandas", "pyarrow", "altair", "fastapi", *PAGES} <= names(LOCK) - kept
    assert {"starlette", "pydantic", "litellm", "numpy", "jinja2", "datasette-preact"} <= kept


def test_what_is_needed_in_a_circle_only_goes_and_what_two_need_stays():
    lock = (
        "a==1\n    # via -r requirements.in\nb==1\n    # via -r requirements.in\n"
        "one==1\n    # via\n    #   a\n    #   two\n"
        "two==1 ; python_version < '3'\n    # via one\ntwo==2\n    # via one\n"
        "both==1 \\\n    --hash=sha256:0\n    # via\n    #   a\n    #   b\n"
    )
    assert names(locks.without(lock, ["a"])) == {"b", "both"}
    assert "--hash=sha256:0" in locks.without(lock, ["a"])
    assert locks.without(lock, ["b"]).count("two==") == 2


def test_a_package_that_we_do_not_name_is_a_mistake():
    with pytest.raises(ValueError, match="pandas"):
        locks.without(LOCK, ["pandas"])


IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)", re.M)


def test_nothing_that_runs_without_pages_imports_what_the_gateway_has_not():
    gone = names(LOCK) - names(locks.without(LOCK, PAGES))
    of = {
        module: {one.lower().replace("_", "-") for one in made}
        for module, made in packages_distributions().items()
    }
    files = [CHECKOUT / "app.py", *(CHECKOUT / "runtime").rglob("*.py")]
    found = {
        (str(file.relative_to(CHECKOUT)), name)
        for file in files
        for name in IMPORT.findall(file.read_text("utf-8"))
        if of.get(name, set()) & gone
    }
    assert found == set()


def test_what_nobody_reads_is_deleted_and_nothing_else(tmp_path):
    for name in (
        "pandas/tests/a.py",
        "litellm/proxy/_experimental/out/b.js",
        "pyarrow/libarrow_flight.so.1",
        "pyarrow/lib.so",
        "x/tests/testing.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    assert locks.trim(tmp_path) == 15
    assert {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()} == {
        "pyarrow/lib.so",
        "x/tests/testing.py",
    }
