"""The commands that look after an installation: doctor, support, uninstall."""

import json
import zipfile

import pytest
from commands import typed

from runtime.server.lock import only_one

LINE = "2026-11-30 18:00:00,123 WARNING runtime.gateway: told 1234 messages"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGYAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HONGYAN_PORT", "9")
    return tmp_path / "home"


def test_the_command_prints_a_line_a_check_and_ends_with_1_where_one_fails(home, monkeypatch, capsys):
    code, out, _ = typed(["doctor"], capsys)
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert all({"check", "ok", "says", "do"} <= set(line) for line in lines)
    assert {"disk", "memory", "files", "versions", "port"} <= {line["check"] for line in lines}
    monkeypatch.setenv("HONGYAN_PROXY", "http://127.0.0.1:9")
    with pytest.raises(SystemExit) as ended:
        typed(["doctor"], capsys)
    assert ended.value.code == 1


def test_the_command_writes_a_file_for_its_owner_alone(home, tmp_path, capsys):
    file = tmp_path / "support.zip"
    code, _, said = typed(["support", str(file), "--log", "-"], capsys, said=f"{LINE}\n")
    assert code == 0
    assert "support.zip" in said
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        made = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "told 1234 messages" in made["hongyan-support/log.txt"]
    assert '"check": "disk"' in made["hongyan-support/doctor.jsonl"]
    code, _, said = typed(["support", str(file), "--log", str(tmp_path / "none")], capsys)
    assert (code, "There is no log" in said) == (2, True)


def test_what_would_be_taken_away_is_only_said(home, capsys):
    typed(["model", "list"], capsys)
    before = sorted(home.rglob("*"))
    code, out, _ = typed(["uninstall", "--dry-run"], capsys)
    assert (code, "data" in out, "Stays" in out or "留着" in out) == (0, True, True)
    assert sorted(home.rglob("*")) == before


def test_nothing_is_taken_away_where_nobody_answers(home, capsys):
    typed(["model", "list"], capsys)
    code, _, said = typed(["uninstall"], capsys)
    assert (code, "--yes" in said) == (2, True)
    assert (home / "data").exists()


def test_all_of_it_is_taken_away_where_that_is_said(home, capsys):
    typed(["model", "list"], capsys)
    code, _, _ = typed(["uninstall", "--yes"], capsys)
    assert code == 0
    assert list(home.iterdir()) == []


def test_nothing_is_taken_away_while_the_program_runs(home, capsys):
    typed(["model", "list"], capsys)
    with only_one(home / "data", "gateway"):
        code, _, said = typed(["uninstall", "--yes"], capsys)
    assert (code, "Stop that one" in said or "请先停掉它" in said) == (2, True)
    assert (home / "data" / "control").exists()
