"""`python app.py miniprogram FILE.zip --publication P`: writes the project, and says what it wrote."""

import json
import zipfile

import pytest

from runtime.agents.agent import Agent
from runtime.publish import publish
from runtime.store.control.control import Control

AGENT = {"format": 1, "id": "tea", "name": "茶铺", "flow": [{"type": "reply", "id": "say", "text": "好"}]}


@pytest.fixture(autouse=True)
def public(home, monkeypatch):
    monkeypatch.setenv("HONGYAN_PUBLIC_URL", "https://bot.example.com")


def test_the_file_is_written_and_opens(run, tmp_path):
    given = {"app_id": "wx0123456789abcdef", "app_secret": "5e" * 16}
    control = Control.in_folder(tmp_path / "data")
    id = publish(control, Agent.load(AGENT), "miniprogram", given).publication
    file = tmp_path / "tea.zip"
    code, out, err = run("miniprogram", str(file), "--publication", id)
    assert (code, err) == (0, "")
    assert json.loads(out) == {"file": str(file), "bytes": file.stat().st_size, "publication": id}
    with zipfile.ZipFile(file) as found:
        assert f"miniprogram-{id}/app.json" in found.namelist()


@pytest.mark.parametrize("where", ["gone/tea.zip", "tea.zip"])
def test_what_cannot_be_done_is_one_sentence(run, tmp_path, where):
    code, out, err = run("miniprogram", str(tmp_path / where), "--publication", "nobody")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert not (tmp_path / where).exists()
