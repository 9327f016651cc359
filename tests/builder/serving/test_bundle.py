"""One script and one sheet, made of our modules."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from builder.serving import bundle

DENO = Path(bundle.__file__).parents[2] / ".venv" / "bin" / "deno"


@dataclass(frozen=True)
class Case:
    id: str
    files: dict
    says: str


GOOD = [
    Case("a function", {"a": "export function two() {\n  return 2;\n}\nconsole.log(1);", "b": ""}, "1"),
    Case(
        "a neighbour's names",
        {
            "a": 'import { two as double, NAME } from "./b.js";\nconsole.log(double(), NAME);',
            "b": "export const NAME = 'b';\nexport function two() {\n  return 2;\n}",
        },
        "2 b",
    ),
    Case(
        "the same name in two modules is two things",
        {
            "a": 'import { f } from "./b.js";\nconst hidden = 1;\nconsole.log(f(), hidden);',
            "b": "const hidden = 2;\nexport const f = () => hidden;",
        },
        "2 1",
    ),
    Case(
        "a module that waits",
        {
            "a": 'import { text } from "./b.js";\nconsole.log(text);',
            "b": "const found = await Promise.resolve('there');\nexport const text = found;",
        },
        "there",
    ),
    Case(
        "several lines of names",
        {
            "a": 'import {\n  x,\n  y as z,\n} from "./b.js";\nconsole.log(x + z);',
            "b": "export const x = 1;\nexport const y = 2;",
        },
        "3",
    ),
    Case(
        "modules in folders, of the same name",
        {
            "one/a": 'import { b } from "../two/a.js";\nimport { c } from "./c.js";\nconsole.log(b + c);',
            "one/c": "export const c = '!';",
            "two/a": "export const b = 'two';",
        },
        "two!",
    ),
    Case(
        "Preact with htm",
        {"a": 'import { h, html } from "preact";\nconsole.log(html`<b>${1}</b>`.type === h("b").type);'},
        "true",
    ),
    Case("an async function", {"a": "export async function f() {}\nconsole.log(f.name);", "b": ""}, "f"),
]
BAD = [
    Case(
        "each other",
        {"a": 'import { b } from "./b.js";', "b": 'import { a } from "./a.js";'},
        "import each other",
    ),
    Case("nobody", {"a": 'import { b } from "./gone.js";'}, "no such module: static/gone"),
    Case("a default", {"a": "export default 1;", "b": ""}, "export default 1"),
    Case("a whole module", {"a": 'import * as b from "./b.js";', "b": ""}, "no import"),
    Case("from elsewhere", {"a": 'import { b } from "https://x/b.js";', "b": ""}, "no import"),
]


def written(place, files):
    for name, source in files.items():
        path = place / "static" / f"{name}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return place


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_a_bundle_does_what_the_modules_do(case, tmp_path):
    script = tmp_path / "app.mjs"
    written(tmp_path, case.files)
    script.write_text(bundle.bundled(tmp_path, ["static"]), encoding="utf-8")
    run = subprocess.run([DENO, "run", "--quiet", script], capture_output=True, text=True, timeout=50)
    assert (run.stdout.strip(), run.stderr) == (case.says, "")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.id)
def test_what_cannot_be_bundled_is_told(case, tmp_path):
    with pytest.raises(ValueError, match=case.says):
        bundle.bundled(written(tmp_path, case.files), ["static"])


@pytest.mark.parametrize("asset", bundle.assets(), ids=lambda asset: asset.name.rpartition(".")[2])
async def test_an_asset_is_kept_for_ever_under_a_name_that_changes_with_it(asset):
    app = Starlette(routes=[Route(f"/static/{asset.name}", asset.serve)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as browser:
        for encoding in ("br", "gzip"):
            packed = await browser.get(f"/static/{asset.name}", headers={"accept-encoding": encoding})
            assert packed.headers["content-encoding"] == encoding
            assert "immutable" in packed.headers["cache-control"]
            assert packed.content == asset.packed.plain
        plain = await browser.get(f"/static/{asset.name}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == asset.packed.plain


def test_the_pages_cost_a_phone_little():
    """Bytes on the line, for all pages together and once: at 1.6 Mbit/s 200 kB take a second."""
    assert len(bundle.script().packed.gzipped) + len(bundle.style().packed.gzipped) < 190_000
