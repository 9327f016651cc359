"""An installation, and commands as somebody types them."""

import json
import logging
import os

import pytest
from commands import AGENT, typed


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("HONGYAN_", "LC_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HONGYAN_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    root = logging.getLogger()
    handlers = root.handlers[:]
    yield tmp_path
    root.handlers[:] = handlers


@pytest.fixture
def run(home, capsys):
    """Run a command; give its exit code, output and complaints."""

    def run(*given, said=""):
        return typed(given, capsys, said)

    return run


@pytest.fixture
def shop(run, home):
    file = home / "given.json"
    file.write_text(json.dumps(AGENT), encoding="utf-8")
    assert run("agent", "import", str(file)) == (0, "shop\n", "")
