"""The manual at /manual/NAME, under the same bar, in the same look as every other page."""

import functools
import html

from starlette.requests import Request
from starlette.responses import Response

from builder.actions import manual
from builder.serving import bundle
from builder.texts import load
from runtime.languages import language
from runtime.server.door.page_policy import OURS, answer
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way

PAGE = """<!doctype html>
<html lang="{locale}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title lang="{written}">{title}</title><meta name="hy-root" content="../">
<link rel="shortcut icon" href="../favicon.ico">
<link rel="stylesheet" href="../static/{sheet}">
<script>Object.defineProperty(navigator, "language", {{ get: () => "{locale}" }})</script>
<script type="module">
  import {{ modules }} from "../static/{script}";
  modules["static/common/nav"].mount({{ element: document.getElementById("hy-nav"), here: "manual" }});
</script></head>
<body class="hy-manual"><div class="hy" id="hy-nav"></div>
<script>(function () {{
  var chosen = localStorage.getItem("hy-theme"), given = matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", chosen ? chosen === "dark" : given);
}})()</script>
<div class="hy"><div class="hy-page hy-manual-page">
<nav aria-label="{contents}">{links}</nav><main lang="{written}">{body}</main></div></div></body></html>
"""


def routes() -> list[Way]:
    return [Way("/manual/{name}", _answer, methods=["GET", "HEAD"], needs=Entry.SIGNED_IN)]


async def _answer(request: Request) -> Response:
    found = drawn(request.path_params["name"], Visit(request.scope).lang)
    if found is None:
        return Response("Not Found", 404, media_type="text/plain")
    return answer(found, OURS)


@functools.lru_cache(maxsize=64)
def drawn(name: str, lang: str) -> str | None:
    """The whole page; None when there is none of that name."""
    body = manual.page(name, lang)
    if body is None:
        return None
    names = manual.pages(lang)
    written = "zh-CN" if lang == "zh" else "en"
    here = {one: ' aria-current="page"' if one == name else "" for one, _ in names}
    links = "".join(
        f'<a href="{one}" lang="{written}"{here[one]}>{html.escape(title)}</a>' for one, title in names
    )
    title = html.escape(dict(names)[name])
    return PAGE.format(
        locale=language(lang).locale,
        title=f"{title} · Hongyan",
        contents=html.escape(load(lang)["manual.contents"]),
        sheet=bundle.parts("").sheets[0].name,
        script=bundle.parts("").script.name,
        links=links,
        written=written,
        body=body,
    )
