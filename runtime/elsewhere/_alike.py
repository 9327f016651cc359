"""Tools of theirs that ours do the work of, told by their names."""

import re

from runtime.lang import NOTHING, Text

SEARCH = Text(
    "搜索引擎换成了这里的，请在工具里选一个并给密钥",
    "its engine became one of ours: choose it in the tool, with its key",
)
READS = Text("读网页的方式不同，只读文字", "pages are read another way: their text alone")
DRAWS = Text("由「模型」页选的画图模型来画", "drawn by the model for pictures that the Models page names")
ENGINES = (
    "tavily",
    "duckduckgo.*search",
    "ddgo_search",
    "google_?search",
    "google_?custom",
    r"\bbing",
    "searxng",
    "serper",
    "serpapi",
    "bocha",
    "metaso",
    "brave",
    "wikipedia",
    "baidu.*search",
    "web_?search",
    "exa_?search",
    "arxiv",
    "linkup",
    "search_?api",
    "perplexity",
    "wolfram",
    "头条|必应|联网搜索",
)
READERS = (
    "webscraper",
    "jina_?reader",
    "crawl",
    "scrap",
    "url_?reader",
    "web_?reader",
    "read_?url",
    "fetch_?url",
    "firecrawl",
    "fetchUrl",
    "urlcomponent",
    "requests_?get",
    "web_?browser",
    "link_?reader",
    "网页",
)
DRAWERS = (
    "text_?(2|to)_?image",
    "generate_?image",
    "dall-?e",
    "flux",
    r"stable.?diffusion",
    "image.?gen",
    "cogview",
    "wanx",
    "image_?flow",
    "文生图|绘图|绘画",
)
LIKE: tuple[tuple[tuple[str, ...], str, Text], ...] = (
    (
        ("current_?time", "time.*now", "get_?time", "timezone", "current_?date", "date_?time"),
        "clock",
        NOTHING,
    ),
    (ENGINES, "web_search", SEARCH),
    (READERS, "web_page", READS),
    (("calculat", "eval_expression", "maths", "python_?math"), "calculator", NOTHING),
    (("weather", "天气"), "weather", NOTHING),
    (DRAWERS, "image", DRAWS),
)
ASKED = {
    "web_search": "query",
    "web_page": "url",
    "calculator": "expression",
    "weather": "place",
    "image": "prompt",
}
"""What each needs, where a block runs it."""


def like(name: str) -> tuple[str, Text] | None:
    """The tool of ours that does what one of that name does, and how it differs."""
    for patterns, ours, why in LIKE:
        if any(re.search(pattern, name, re.IGNORECASE) for pattern in patterns):
            return ours, why
    return None
