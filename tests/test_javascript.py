"""Every name in our JavaScript exists. `deno lint` does the rest; it does not know a browser's names."""

import os
import re
import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
DENO = Path(sysconfig.get_path("scripts"), "deno")

# An unknown name, with or without a guess; a missing file; a name that its file does not export.
UNKNOWN = re.compile(r"TS(?:2304|2552|2307|2305|2724|2614) \[ERROR\]: (.+)")


def unknown_names(folder, files, cache):
    # Without remote and npm modules there is nothing to fetch.
    command = [DENO, "check", "--no-remote", "--no-npm", "--config", ROOT / ".deno.json", *files]
    quiet = os.environ | {"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(cache)}
    process = subprocess.run(command, cwd=folder, env=quiet, capture_output=True, text=True)
    assert process.stderr.startswith(f"Check {files[0]}\n"), process.stderr
    return UNKNOWN.findall(process.stderr)


def test_every_name_exists(tmp_path):
    files = [
        file.relative_to(ROOT) for folder in ("builder", "runtime") for file in (ROOT / folder).rglob("*.js")
    ]
    assert unknown_names(ROOT, sorted(files), tmp_path) == []


def test_an_unknown_name_is_found(tmp_path):
    (tmp_path / "a.js").write_text('import { b, c } from "./b.js";\ndocument.title = b + c + d;\n', "utf-8")
    (tmp_path / "b.js").write_text("export const b = 1;\n", "utf-8")
    export, name = unknown_names(tmp_path, ["a.js"], tmp_path)
    assert "no exported member 'c'" in export
    assert "Cannot find name 'd'" in name
