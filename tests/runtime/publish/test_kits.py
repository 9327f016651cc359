"""The project of a publication: what is in its files, whatever somebody calls an agent."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from runtime.agents.agent import Agent
from runtime.errors import BadSettings, NotFound
from runtime.publish import publish
from runtime.publish.kits import files, kit_of
from runtime.settings import Settings
from runtime.store.control.control import Control

ROOT = Path(__file__).parents[3]
DENO = ROOT / ".venv" / "bin" / "deno"
HOSTILE = [
    "一叶茶铺",
    'a"; process.exit(1); //',
    "a\\",
    "</script><script>alert(1)</script>",
    "`${1}`",
    "a\nb\r\u2028\u2029c",
    "🍵" * 50,
    "{{ 7 * 7 }}",
    "__proto__",
    "",
]


def told(name):
    return {"server": "https://bot.example.com", "publication": "p1", "name": name, "color": ""}


@pytest.fixture
def folder(tmp_path):
    kit = tmp_path / "kit"
    (kit / "lib").mkdir(parents=True)
    (kit / "lib" / "a.js").write_text("module.exports = 1;\n", "utf-8")
    (kit / "project.json").write_text('{"appid": "", "setting": {"es6": true}}', "utf-8")
    (kit / "config.js").write_text("module.exports = {};\n", "utf-8")
    return kit


def test_the_account_stands_in_the_files_that_it_belongs_to(folder):
    made = files(folder, told("茶"), {"project.json": {"appid": "wx0123456789abcdef"}})
    assert sorted(made) == ["config.js", "lib/a.js", "project.json"]
    assert json.loads(made["project.json"]) == {"appid": "wx0123456789abcdef", "setting": {"es6": True}}
    assert made["lib/a.js"] == b"module.exports = 1;\n"


def test_a_name_is_a_name_and_never_code(folder, tmp_path):
    """One process reads them all."""
    for number, name in enumerate(HOSTILE):
        (tmp_path / f"{number}.cjs").write_bytes(files(folder, told(name), {})["config.js"])
    ask = (
        'import { createRequire } from "node:module";\n'
        f"const read = createRequire({json.dumps((tmp_path / 'x.js').as_uri())});\n"
        f"const all = Array.from({{ length: {len(HOSTILE)} }}, (_, i) => read(`./${{i}}.cjs`));\n"
        "console.log(JSON.stringify(all));\n"
    )
    (tmp_path / "ask.js").write_text(ask, "utf-8")
    done = subprocess.run(
        [
            DENO,
            "run",
            "--no-remote",
            "--no-npm",
            "--no-prompt",
            "--allow-read",
            tmp_path / "ask.js",
        ],
        env={"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(tmp_path), "NO_COLOR": "1", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [told(name) for name in HOSTILE]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_that_holds_the_script_ends_where_it_ends(folder, name):
    script = files(folder, told(name), {})["config.js"].decode()
    assert "<" not in script
    assert len(script.splitlines()) == 6


APP_ID, SECRET = "wx0123456789abcdef", "5e" * 16
AGENT = {
    "format": 1,
    "id": "tea",
    "name": "一叶「茶」铺</script>",
    "flow": [{"type": "reply", "id": "say", "text": "好"}],
}


@pytest.fixture
def control(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    control.save_options(control.options().model_copy(update={"public_url": "https://bot.example.com"}))
    return control


def published(control, channel="miniprogram", **given):
    return publish(control, Agent.load(AGENT), channel, given).publication


def unpacked(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_a_publications_project_has_its_address_its_name_and_its_account(control, tmp_path):
    id = published(control, app_id=APP_ID, app_secret=SECRET)
    name, packed = kit_of(control, Settings(home=tmp_path), id)
    found = unpacked(packed)
    folder = name.removesuffix(".zip")
    assert json.loads(found[f"{folder}/project.config.json"])["appid"] == APP_ID
    config = json.loads(found[f"{folder}/config.js"].decode().removeprefix("module.exports = ").rstrip(";\n"))
    assert (config["server"], config["publication"], config["name"]) == (
        "https://bot.example.com",
        id,
        AGENT["name"],
    )
    assert len(packed) < 100_000
    assert SECRET.encode() not in b"".join(found.values())
    kit = ROOT / "templates" / "miniprogram"
    assert found[f"{folder}/lib/client.js"] == (kit / "lib" / "client.js").read_bytes()


def test_who_asks_too_early_is_told_what_is_missing(control, tmp_path):
    settings = Settings(home=tmp_path)
    with pytest.raises(NotFound):
        kit_of(control, settings, "nobody")
    with pytest.raises(NotFound):
        kit_of(control, settings, published(control, "api"))
    id = published(control, app_id=APP_ID, app_secret=SECRET)
    control.save_options(control.options().model_copy(update={"public_url": ""}))
    with pytest.raises(BadSettings) as refused:
        kit_of(control, settings, id)
    assert refused.value.field == "public_url"
