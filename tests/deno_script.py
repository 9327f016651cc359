"""Our own JavaScript, asked by a test where no page is needed."""

import json
import subprocess
from pathlib import Path

from builder.serving import bundle

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
PLACES = {
    "EDITOR": (ROOT / "builder").as_uri(),
    "CLIENT/": (ROOT / "runtime" / "server" / "web_chat" / "client").as_uri() + "/",
    "TESTS": (ROOT / "tests").as_uri(),
}
PREACT = """export const html = () => null, render = () => {}, h = () => null, useState = () => [];
export const useRef = () => ({}), useEffect = () => {}, useLayoutEffect = () => {}, useMemo = () => {};
export const texts = {}, languages = [{ code: "zh", locale: "zh-CN" }, { code: "en", locale: "en-US" }];"""
"""What the pages are given: Preact, which draws nothing here, and what the server tells."""


def told(folder, script, asked):
    """What the script prints as JSON. PLACES: what names in it stand for; `asked`: what it is given."""
    file = folder / "ask.js"
    begin = "const asked = JSON.parse(await new Response(Deno.stdin.readable).text());\n"
    for name, place in PLACES.items():
        script = script.replace(name, place)
    lines = script.splitlines(keepends=True)
    imports = [line for line in lines if line.startswith("import")]
    rest = [line for line in lines if not line.startswith("import")]
    file.write_text("".join([*imports, begin, *rest]), encoding="utf-8")
    (folder / "none.js").write_text(PREACT, encoding="utf-8")
    names = {"imports": {"preact": (folder / "none.js").as_uri(), "assets": (folder / "none.js").as_uri()}}
    (folder / "map.json").write_text(json.dumps(names), encoding="utf-8")
    command = [DENO, "run", "--no-remote", "--no-npm", "--no-prompt", "--allow-read"]
    quiet = {
        "DENO_NO_UPDATE_CHECK": "1",
        "DENO_DIR": str(folder),
        "NO_COLOR": "1",
        "HOME": str(folder),
        "TZ": "UTC",
    }
    done = subprocess.run(
        [*command, "--import-map", folder / "map.json", file],
        input=json.dumps(asked),
        env=quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
