"""The page that Streamlit draws in: under the builder's bar, in its language, colours and letters."""

import functools
import re
from pathlib import Path

from builder.insights import _own_words
from builder.insights._empty import sheet
from builder.serving import bundle

HERE = Path(__file__).parent
COMMENT = re.compile(r"^ *(?://.*|/\*\*.*\*/)\n", re.MULTILINE)
HEAD = """<title>Hongyan</title><meta name="hy-root" content="../">
<link rel="shortcut icon" href="../favicon.ico">
<link rel="stylesheet" href="../static/{sheet}"><style>{style}</style>
<script>(function () {{
  var page = location.pathname, chosen = localStorage.getItem("hy-theme");
  // the builder's choice of light or dark (static/common/nav.js), in the words of Streamlit's own menu
  if (chosen) {{
    var theme = JSON.stringify(chosen === "dark" ? "Dark" : "Light");
    localStorage.setItem("stActiveTheme-" + page + "-v2", theme);
  }}
  // where the server is; else every deep link first tries a folder that is not there
  var root = page.replace(/(.*\\/insights)(\\/.*)?$/, "$1");
  // and what it is asked for before the first message; only this host may talk to the page
  window.__streamlit = {{
    BACKEND_BASE_URL: location.origin + root,
    HOST_CONFIG: {{ allowedOrigins: [location.origin], useExternalAuthToken: false }},
  }};
}})()</script>
<script>{ahead}</script>
<script type="module">
  import {{ modules }} from "../static/{script}";
  modules["static/insights/insights"].mount({{ element: document.getElementById("hy-nav") }});
</script>
{said}"""
BODY = """<body><div class="hy" id="hy-nav"></div>
<script>(function () {
  var chosen = localStorage.getItem("hy-theme"), given = matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", chosen ? chosen === "dark" : given);
})()</script>"""


@functools.cache
def html(page: str, lang: str) -> str:
    """Streamlit's page made ours; once a language, as it is the same for everybody who reads that."""
    head = HEAD.format(
        sheet=bundle.parts("insights").sheets[0].name,
        style=(HERE / "insights.css").read_text(encoding="utf-8") + sheet(),
        script=bundle.parts("insights").script.name,
        said=_own_words.told(lang),
        ahead=COMMENT.sub("", (HERE / "ahead.js").read_text(encoding="utf-8")),
    )
    return page.replace("</head>", f"{head}</head>", 1).replace("<body>", BODY, 1)
