"""What the README tells to type is understood, and both its languages tell the same."""

import re
from pathlib import Path

from runtime.cli import arguments

ROOT = Path(__file__).parents[1]
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
