"""Which of Gradio's own scripts and sheets a page needs.

Gradio's script finds that out in five steps, each a round trip later than the one before; a page that tells
it in its first bytes waits once. What is needed is read out of the scripts themselves, since names change
with each version: `import(a script)` beside the numbers of what goes with it, in a table at the head.
"""

import functools
import re
from collections.abc import Iterable
from pathlib import Path

import gradio as gr

FRONTEND = Path(gr.__file__).parent / "templates" / "frontend"
FOLDER = FRONTEND / "assets"
TABLE = re.compile(r"m\.f=\[([^\]]*)\]")
LATER = r"import\(`\./(%s)`\)[^_]{0,60}__vite__mapDeps\(\[([\d,]*)\]\)"
ANY = r"[\w-]+\.js"
UNUSED = re.compile(r"hls-[\w-]+\.js")
"""What plays streams that are cut into pieces: half a megabyte that the box for files asks for at once. No
page of ours shows a stream; what is sent is played as a file, by the browser itself."""
COUNTS = re.compile(r"statustracker-[\w-]+\.js")
EACH_FRAME = re.compile(r"function (\w+)\(\)\{\w+\((\(\)=>\{[^{}]*performance\.now\(\)[^{}]*&&\1\(\)\})\)\}")
"""It shows in tenths of a second how long something takes, and counts at each frame: also when it is not
shown any longer, as the sign that a page loads, while the page is open. That is 6 % of a core."""
OFFERED = re.compile(r"export\{([^}]*)\};?\s*$")
BEGUN = re.compile(r"assets/([\w-]+\.(?:js|css))")


@functools.cache
def needed(kinds: tuple[str, ...], locale: str) -> list[str]:
    """Names in FOLDER, in the order in which they are asked for; the first is the script that begins.

    `kinds`: of components, e.g. "html"; `locale`: of Gradio's own labels, e.g. "zh-CN".
    """
    begun = BEGUN.findall((FRONTEND / "index.html").read_text(encoding="utf-8"))
    entry = next(name for name in begun if name.endswith(".js"))
    found = [entry]
    for stem in ("Index", "Blocks"):
        entry, beside = _later(entry, rf"{stem}-{ANY}")
        found += [*beside, entry]
    core = next(name for name in found if name.startswith("core-"))
    for kind in kinds:
        component, beside = _later(core, ANY, behind=rf"[,{{]{kind}:\{{.*?component:")
        found += [*beside, component]
    found += [path.name for path in FOLDER.glob(f"{locale}-????????.js")]
    return list(dict.fromkeys([*found, *begun]))


def knows(locale: str) -> bool:
    """Whether Gradio has labels of its own for it, or for the language that it is a kind of."""
    names = {locale, locale.partition("-")[0]}
    return any(next(FOLDER.glob(f"{name}-????????.js"), None) for name in names)


def sheet(names: Iterable[str]) -> str:
    """Those of the names that are style sheets and nobody else loads, as one."""
    return "\n".join(_text(name) for name in names if is_late_sheet(name))


def is_late_sheet(name: str) -> bool:
    """Whether a script of Gradio loads it; it does not where the page has a link to that sheet already."""
    return name.endswith(".css") and not name.startswith("index-")


def light(name: str, text: str) -> str:
    """A script of Gradio's that keeps no page busy, and without what our pages never run: that says that it
    can do nothing."""
    offered = OFFERED.search(text)
    if COUNTS.fullmatch(name):
        return EACH_FRAME.sub(r"function \1(){setTimeout(\2,100)}", text)
    if not UNUSED.fullmatch(name) or offered is None:
        return text
    names = re.findall(r"\w+ as (\w+)", offered[1])
    return f"const no=()=>false;export{{{','.join(f'no as {one}' for one in names)}}};"


def _later(script: str, name: str, *, behind: str = "") -> tuple[str, Iterable[str]]:
    """The script that `script` imports when it needs it, and what goes with it.

    Raises ValueError where there is none.
    """
    text = _text(script)
    table = TABLE.search(text)
    found = re.search((f"{behind}[^`]*?" if behind else "") + LATER % name, text, re.DOTALL)
    if table is None or found is None:
        raise ValueError(f"{script} of Gradio imports no {name} as it did")
    names = re.findall(r"\./([\w.-]+)", table[1])
    return found[1], [names[int(number)] for number in found[2].split(",") if number]


@functools.cache
def _text(script: str) -> str:
    return (FOLDER / script).read_text(encoding="utf-8")
