"""What checks JavaScript in `make lint` sees what it is there for: types, and how long a function may be."""

import os
import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
DENO = Path(sysconfig.get_path("scripts"), "deno")


def deno(command, folder, cache, *files):
    # Without remote and npm modules there is nothing to fetch.
    offline = ["--no-remote", "--no-npm"] if command == "check" else []
    quiet = os.environ | {"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(cache)}
    process = subprocess.run(
        [DENO, command, "--quiet", *offline, "--config", ROOT / ".deno.json", *files],
        cwd=folder, env=quiet, capture_output=True, text=True,
    )  # fmt: skip
    return process.stdout + process.stderr


def test_a_name_that_is_not_there_is_found(tmp_path):
    (tmp_path / "a.js").write_text('import { b, c } from "./b.js";\ndocument.title = b + c + d;\n', "utf-8")
    (tmp_path / "b.js").write_text("export const b = 1;\n", "utf-8")
    said = deno("check", tmp_path, tmp_path, "a.js")
    assert "no exported member 'c'" in said
    assert "Cannot find name 'd'" in said


def test_a_long_function_is_found(tmp_path):
    lines = "  f();\n"
    short, long = (f"export function f() {{\n{lines * count}}}\n" for count in (48, 49))
    for name, source in (("short.js", short), ("long.js", long)):
        (tmp_path / name).write_text(source, "utf-8")
    said = deno("lint", tmp_path, tmp_path, tmp_path / "short.js", tmp_path / "long.js")
    assert "A function of 51 lines" in said
    assert "short.js" not in said
