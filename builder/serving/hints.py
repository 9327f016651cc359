"""What a page asks for, told in its first bytes, so that it is asked for at once."""

import functools
import json
import re

import gradio as gr

from builder.serving import bundle, gradio_files
from runtime.languages import language
from runtime.server.bundling.asset import Asset
from runtime.server.door.visit import Visit

ALWAYS = ("html", "column")
"""Components of every page: ours, and what Gradio draws around them."""
WITHIN = rb"(?:(?!</script>).)*"
FRAMED = re.compile(
    rb"<script>\s*\(\(\) => \{" + WITHIN + rb"iframeResizer" + WITHIN + rb"</script>", re.DOTALL
)
"""Gradio's help for a page in somebody else's frame, which our pages never are."""

IN_PLACE_OF_ENGLISH = (
    "<script>(function(c){{var l=c&&c.i18n_translations;if(l)l.en=l['{locale}']}})"
    "(window.gradio_config)</script>"
)


class Hints:
    """Rewrites the head of a page of `demo`."""

    def __init__(self, demo: gr.Blocks, home: str) -> None:
        """`home`: what the page at the root is called."""
        self._demo = demo
        self._home = home

    def sheets(self) -> list[Asset]:
        """What to serve beside: a page's small sheets of Gradio's as one, since each costs a round trip."""
        pages = {block.page for block in self._demo.blocks.values()}
        return list(dict.fromkeys(self._sheet(self._kinds(page)) for page in sorted(pages)))

    def __call__(self, visit: Visit, page: bytes) -> bytes:
        name = visit.path.strip("/")
        begin = b"<head>" + self._markup(name, visit.lang)
        end = _labels(visit.lang) + self._last(name) + b"</head>"
        page = page.replace(b"<head>", begin, 1).replace(b"</head>", end, 1)
        common, *own = [_in_config(bundle.link(one)) for one in self._parts(name).sheets]
        return FRAMED.sub(b"", page.replace(common, b"".join((common, *own)), 1), count=1)

    def _parts(self, page: str) -> bundle.Parts:
        """Of a page that is not there: what all have."""
        name = page or self._home
        return bundle.parts(name if name in bundle.pages() else "")

    @functools.cache  # noqa: B019 # one object for as long as the program runs
    def _markup(self, page: str, lang: str) -> bytes:
        parts, texts = self._parts(page), bundle.texts(lang).name
        names = gradio_files.needed(self._kinds(page), language(lang).locale)
        begins, *later = [_link(name) for name in names]
        links = [
            f'<link rel="preload" as="style" href="static/{self._sheet(self._kinds(page)).name}">',
            begins,
            *(f'<link rel="modulepreload" href="static/{one.name}">' for one in parts.scripts[:-1]),
            f'<script type="module" async src="static/{parts.script.name}"></script>',
            f'<link rel="preload" as="fetch" crossorigin href="static/{texts}">',
            *later,
            *(f'<link rel="preload" as="style" href="static/{one.name}">' for one in parts.sheets),
            f'<link rel="preload" as="style" href="theme.css?v={self._demo.theme_hash}">',
        ]
        return "".join(links).encode()

    def _last(self, page: str) -> bytes:
        """Behind Gradio's own sheet, as it would come."""
        return f'<link rel="stylesheet" href="static/{self._sheet(self._kinds(page)).name}">'.encode()

    def _sheet(self, kinds: tuple[str, ...]) -> Asset:
        # a locale has no sheet of its own
        return bundle.sheet("gradio", gradio_files.sheet(gradio_files.needed(kinds, "en")))

    def _kinds(self, page: str) -> tuple[str, ...]:
        blocks = self._demo.blocks.values()
        found = {block.get_block_name() for block in blocks if block.page == page}
        return (*ALWAYS, *sorted(found - set(ALWAYS)))


def _in_config(markup: str) -> bytes:
    """As it stands in what the page tells Gradio's script, which adds it behind Gradio's own sheets."""
    text = json.dumps(markup)[1:-1]
    return text.replace("<", r"\u003c").replace(">", r"\u003e").encode()


def _labels(lang: str) -> bytes:
    """What Gradio does not know reads its English, which then has our labels of that language."""
    locale = language(lang).locale
    return b"" if gradio_files.knows(locale) else IN_PLACE_OF_ENGLISH.format(locale=locale).encode()


def _link(name: str) -> str:
    if gradio_files.is_late_sheet(name):  # there, so that Gradio does not load it; not asked for
        return f'<link rel="stylesheet" disabled href="assets/{name}">'
    if name.endswith(".css"):
        return f'<link rel="preload" as="style" crossorigin href="assets/{name}">'
    return f'<link rel="modulepreload" href="assets/{name}">'
