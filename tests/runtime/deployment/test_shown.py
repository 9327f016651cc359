"""What the pages tell to type: a shell takes it, and our own parser every command of ours."""

import shlex
import subprocess
from pathlib import Path

import pytest

from runtime.cli import arguments
from runtime.deployment import on_server, shown
from runtime.settings import Settings

HOSTILE = Path("/srv/our 'own' $HOME; reboot")


@pytest.mark.parametrize("home", [Path("/srv/hongyan"), HOSTILE])
def test_a_shell_takes_every_line(home):
    _, files = shown.to_type(Settings(home=home), "https://bot.example.com")
    assert list(files) == [*on_server.SHOWN, "compose"]
    for lines in files.values():
        subprocess.run(["sh", "-n", "-c", " && ".join(lines)], check=True)
        ours = [line.partition(" | ")[0] for line in lines if "app.py" in line]
        assert len(ours) == 1
        words = shlex.split(ours[0])
        options = arguments.parser().parse_args(words[words.index("app.py") + 1 :])
        assert options.domain == "bot.example.com"


@pytest.mark.parametrize(
    ("url", "example", "domain"),
    [
        ("https://shop.example.cn", "", "shop.example.cn"),
        ("http://localhost:7860", "bot.example.com", "bot.example.com"),
        ("", "bot.example.com", "bot.example.com"),
    ],
)
def test_an_address_that_nobody_reaches_is_shown_as_an_example(url, example, domain):
    told, files = shown.to_type(Settings(), url)
    assert told == example
    assert all(f"--domain {domain}" in " ".join(lines) for lines in files.values())
