"""The scripts and sheets of the pages, made of our modules."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from builder.serving import bundle
from runtime.server.bundling import joined

CHECKOUT = Path(bundle.__file__).parents[2]
DENO = CHECKOUT / ".venv" / "bin" / "deno"


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
    all = joined.sources(tmp_path, ["static"])
    script.write_text(joined.joined(all, set(all), {}), encoding="utf-8")
    run = subprocess.run([DENO, "run", "--quiet", script], capture_output=True, text=True, timeout=50)
    assert (run.stdout.strip(), run.stderr) == (case.says, "")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.id)
def test_what_cannot_be_bundled_is_told(case, tmp_path):
    all = joined.sources(written(tmp_path, case.files), ["static"])
    with pytest.raises(ValueError, match=case.says):
        joined.joined(all, joined.within(all, all), {})


def test_a_script_takes_what_another_holds_and_nothing_is_there_twice(tmp_path):
    """A module that both use is evaluated once: what it remembers is the same for both."""
    files = {
        "common/count": "let n = 0;\nexport const next = () => ++n;\nconsole.log('begun');",
        "a/a": 'import { next } from "../common/count.js";\nimport { h } from "preact";\n'
        "export const said = [next(), next(), typeof h];",
    }
    all = joined.sources(written(tmp_path, files), ["static"])
    below = {"static/common/count"}
    (tmp_path / "c.js").write_text(joined.joined(all, below, {}), encoding="utf-8")
    (tmp_path / "a.js").write_text(joined.joined(all, set(all) - below, {"c.js": below}), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(
        'import { modules } from "./a.js";\nimport { modules as c } from "./c.js";\n'
        'console.log(...modules["static/a/a"].said, c["static/common/count"].next());',
        encoding="utf-8",
    )
    run = subprocess.run(
        [DENO, "run", "-q", tmp_path / "run.mjs"], capture_output=True, text=True, timeout=50
    )
    assert (run.stdout.split(), run.stderr) == (["begun", "1", "2", "function", "3"], "")


def test_every_process_makes_the_same_script_of_the_same_files():
    """A browser keeps it over a start, and gets it from whichever of several processes."""
    made = (
        "from runtime.server.bundling.joined import joined\n"
        "needs = ''.join(f'import {{ x }} from \"./m{n}.js\";\\n' for n in range(9))\n"
        "all = {'a/a': needs} | {f'a/m{n}': 'export const x = 1;' for n in range(9)}\n"
        "print(joined(all, set(all), {}))"
    )
    scripts = {
        subprocess.run(
            [sys.executable, "-c", made],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            check=True,
            timeout=50,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(scripts) == 1


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


MOST = {"": 37_800, "insights": 39_700, "build": 125_100, "turn": 92_900, "play": 64_700, "publish": 63_600}
OTHERS = 55_600
"""Bytes of scripts and sheets on the line, gzip, of a first visit: at 1.6 Mbit/s 200 kB take a second."""
ASKED = 5
"""How often a page asks for them."""


@pytest.mark.parametrize("page", bundle.pages())
def test_a_page_costs_a_phone_little(page):
    parts = bundle.parts(page)
    asked = [*parts.scripts, *parts.sheets]
    assert len(asked) <= ASKED
    assert sum(len(one.packed.gzipped) for one in asked) < MOST.get(page, OTHERS)


def test_all_pages_together_cost_a_phone_little():
    """Whoever walks through all of them."""
    held = {
        one for page in bundle.pages() for one in (*bundle.parts(page).scripts, *bundle.parts(page).sheets)
    }
    assert sum(len(one.packed.gzipped) for one in held) < 289_200


@pytest.mark.parametrize("page", [page for page in bundle.pages() if page not in ("build", "turn")])
def test_the_flow_editor_comes_only_where_there_is_a_flow(page):
    assert not any("flow_editor" in one.name for one in bundle.parts(page).scripts)


ANYWHERE = re.compile(r"\.((?:hy|fe)-[\w-]+)")
BY_ITSELF = re.compile(r"(?:^|[},])\s*\.hy \.((?:hy|fe)-[\w-]+)(?=\s*[{,])")
"""A rule of that class wherever it stands: one within another says only what differs there."""


@pytest.mark.parametrize("rules", [ANYWHERE, BY_ITSELF], ids=["anywhere", "by itself"])
@pytest.mark.parametrize("page", bundle.pages())
def test_a_page_has_the_sheets_of_what_it_shows(page, rules):
    """A class that a script names and that some sheet knows is known to a sheet of that page."""

    def styled(text):
        return set(rules.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)))

    parts = bundle.parts(page)
    known = styled("".join((bundle.HERE / path).read_text("utf-8") for path in bundle.STYLES))
    here = styled("".join(one.packed.plain.decode() for one in parts.sheets))
    named = set(re.findall(r"[\w-]+", "".join(one.packed.plain.decode() for one in parts.scripts)))
    assert named & (known - here) == set()
