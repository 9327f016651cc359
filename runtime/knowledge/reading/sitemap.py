"""Lists of a site's pages, which are sources of their own: nothing of the list itself is searched."""

import re
from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind
from runtime.lang import Text

BEGINS = re.compile(rb"<(?:urlset|sitemapindex)\b", re.IGNORECASE)


def _read(given: Given) -> Iterator[Item]:
    yield from ()


def _is_it(given: Given) -> bool:
    head = given.head[:5000]
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and BEGINS.search(head) is not None


KIND = Kind(Text("网站地图", "Sitemap"), (), 50, _is_it, _read)
