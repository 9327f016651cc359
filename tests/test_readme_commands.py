"""What README and docs tell to type is understood as it stands, and both languages tell the same."""

import re
import shlex
from pathlib import Path

import pytest

from runtime.channels import registry
from runtime.cli import arguments

ROOT = Path(__file__).parents[1]
PAGES = sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))
COMMAND = re.compile(r"^\.venv/bin/python app\.py (.*?)\s*(?:#.*)?$", re.M)


def shell(name):
    return re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)


def test_the_commands_are_understood():
    commands = COMMAND.findall("".join(shell("README.md")))
    understood = [arguments.parser().parse_args(command.split()) for command in commands]
    assert [options.file for options in understood if options.command == "deploy"] == [
        "systemd",
        "caddy",
        "nginx",
    ]
    assert [options.command for options in understood if options.command != "deploy"] == ["backup", "restore"]


def test_both_languages_tell_the_same_commands():
    told = [COMMAND.findall("".join(shell(name))) for name in ("README.md", "README.en.md")]
    assert told[0] == told[1]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_tells_to_type_runs_as_it_stands(page):
    text = "".join(shell(page))
    assert re.findall(r"^(?!\.venv/bin/python )(?:\S+ )?app\.py .*$", text, re.M) == []
    for command in COMMAND.findall(text):
        arguments.parser().parse_args([word.strip("[]") for word in shlex.split(command)])


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_every_channel_stands_in_the_table_once(name):
    rows = re.findall(r"^\| [^|`]+ `(\w+)` \|", (ROOT / name).read_text("utf-8"), re.M)
    assert sorted(rows) == sorted(registry())
