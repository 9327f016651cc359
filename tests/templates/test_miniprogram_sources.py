"""The Mini Program's own JavaScript, on a phone, a server and a clock that are played."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KIT = ROOT / "templates" / "miniprogram"
HERE = Path(__file__).parent / "miniprogram"
DENO = ROOT / ".venv" / "bin" / "deno"
NPM = ROOT / ".venv" / "npm" / "node_modules"
OWN = sorted(path for path in KIT.rglob("*.js") if path.name != "config.js")
NEWER = re.compile(
    r"\?\.(?!\d)|\?\?|\.at\(|replaceAll\(|\(\?<|structuredClone|TextDecoder|\bimport\b|\bawait\b.*\bfor\b|#\w+\s*[(=;]"
)
"""What base libraries that are in use do not run when the tool is told to leave a file as it is."""


def deno(folder, *given):
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(folder), "NO_COLOR": "1", "HOME": str(folder)}
    allowed = ("--no-prompt",) if given[0] == "test" else ()
    command = [DENO, given[0], "--no-remote", *allowed, *given[1:]]
    return subprocess.run(command, env=quiet, capture_output=True, text=True, check=False, cwd=HERE)


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*_test.js")))
def test_its_own_javascript(name, tmp_path):
    """The pages by Tencent's own compiler and simulator, which `make tools` installs."""
    simulated = (
        ("--allow-all", "--deny-net", "--unsafe-proto")
        if name == "pages_test.js"
        else ("--no-npm", "--allow-read")
    )
    done = deno(tmp_path, "test", "--no-check", *simulated, name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 failed" in done.stdout


def test_each_call_is_as_the_platform_declares_it(tmp_path):
    """Against miniprogram-api-typings, Tencent's own."""
    shutil.copytree(KIT, tmp_path / "kit")
    (tmp_path / "package.json").write_text('{"type": "commonjs"}', "utf-8")
    types = (NPM / "miniprogram-api-typings" / "index.d.ts").resolve()
    options = {"checkJs": True, "strict": False, "lib": ["es2018"], "types": [str(types)]}
    (tmp_path / "deno.json").write_text(json.dumps({"compilerOptions": options}), "utf-8")
    where = [tmp_path / "kit" / one for one in ("app.js", "pages", "components", "lib")]
    done = deno(tmp_path, "check", "--quiet", "--no-npm", "--config", tmp_path / "deno.json", *where)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(KIT).as_posix())
def test_it_is_of_what_every_phone_runs(path):
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if NEWER.search(line.partition("//")[0])] == []
    assert len(lines) <= 300
