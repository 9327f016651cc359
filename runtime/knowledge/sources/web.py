"""Web pages and sitemaps as sources: fetched through the egress guard, kept as they came, again on time."""

import asyncio
import io
import logging
import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from html import unescape
from urllib.parse import unquote, urlsplit

from runtime.errors import BadSettings, HongyanError, ToolFailed, Wrong
from runtime.html_tokens import plain
from runtime.knowledge.reading import Unread
from runtime.knowledge.sources.base import Base, Source, checked_address
from runtime.knowledge.sources.bases import Added, Bases
from runtime.knowledge.sources.deleting import start_removing
from runtime.knowledge.sources.file_names import title_of
from runtime.knowledge.sources.work import Work
from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.fetched import Fetched
from runtime.network.reach import Reach

SECONDS = 30.0
LARGEST = 30_000_000
"""Bytes of one page or file."""
MOST_PAGES = 500
"""Of a sitemap."""
DEEPEST = 2
"""Sitemaps that list sitemaps."""
HOUR = 3600.0
AGAIN = 900.0
"""Seconds after which is tried again what could not be fetched."""
LISTED = re.compile(r"<loc>\s*+(?:<!\[CDATA\[\s*+)?([^<\]]{1,2000}+)(?:\]\]>)?\s*+</loc>", re.IGNORECASE)
SITEMAP = re.compile(r"<(?:urlset|sitemapindex)\b", re.IGNORECASE)
TITLE = re.compile(r"<title[^>]{0,200}>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)
ENDINGS = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "text/markdown": "md",
    "text/csv": "csv", "text/plain": "txt", "application/epub+zip": "epub", "text/xml": "xml",
    "application/xml": "xml",
}  # fmt: skip
"""What a page is called by what it says it is; what it is, its content decides."""

log = logging.getLogger(__name__)


def is_address(given: str) -> bool:
    return given.startswith(("http://", "https://"))


class Web:
    """Used on one event loop. Nobody but the owner of a base chooses what is fetched."""

    def __init__(
        self, bases: Bases, http: Egress, *, clock: Callable[[], float] = time.time, pause: float = 0.2
    ) -> None:
        """`pause`: seconds between two pages of a sitemap, so that no site is pressed."""
        self._bases, self._http, self._clock, self._pause = bases, http, clock, pause

    async def add(self, id: str, address: str, tags: Sequence[str] = (), refresh: int = 0) -> Added:
        """Fetch a page now; the pages of a sitemap come with the next `refresh`.

        Raises NotFound, BadSettings, NotSaved; ToolFailed when it is not there or not public.
        """
        self._bases.get_folder(id)
        try:
            checked_address(address)
        except Wrong as e:
            raise BadSettings(e.text, field="address") from None
        return await self._fetch(id, address, {"tags": tuple(tags), "refresh": refresh})

    async def refresh(self, id: str) -> None:
        """Fetch what is due. What fails is noted at its source, and the rest goes on. Raises NotFound."""
        base = await asyncio.to_thread(self._bases.get, id)
        if not any(source.address for source in base.sources):
            return
        with closing(Work(self._bases.work(id))) as work:
            fetches = work.fetches()
            for source in base.sources:
                at, wrong = fetches.get(source.file, (0.0, None))
                due = self._clock() >= next_fetch(source, at, wrong, self._clock()) if at else True
                if source.address and due and self._is_there(id, source):
                    await self._again(base, source, work)
                    await asyncio.sleep(self._pause)

    def _is_there(self, id: str, source: Source) -> bool:
        """A sitemap before it may have taken it away."""
        now = self._bases.get(id).source(source.file)
        return now is not None and not now.going

    async def _again(self, base: Base, source: Source, work: Work) -> None:
        try:
            file = self._bases.file(base.id, source)
            if source.file in work.fetches() or not await asyncio.to_thread(file.exists):
                await self._fetch(base.id, source.address, {})
            text = await asyncio.to_thread(file.read_text, "utf-8", "replace")
            lost = await self._pages(base.id, source, text) if SITEMAP.search(text[:5000]) else []
            work.fetched(source.file, self._clock(), "listed" if lost else "", told(lost))
        except HongyanError as e:
            log.warning("a source of %s was not fetched: %s", base.id, e.text.en)
            work.fetched(source.file, self._clock(), "web", e.text.en[:300])
        except OSError as e:
            log.warning("a source of %s cannot be read: %s", base.id, e)
            work.fetched(source.file, self._clock(), "web", e.strerror or "?")

    async def _pages(self, id: str, sitemap: Source, text: str) -> list[str]:
        """Bring the pages that it lists, and take those away that it lists no more. Why some were not had."""
        lost: list[str] = []
        listed = await self._listed(text, DEEPEST)
        known = {one.address: one for one in self._bases.get(id).sources if one.listed_by == sitemap.file}
        for address in listed:
            if address not in known:
                fields = {"tags": sitemap.tags, "refresh": sitemap.refresh, "listed_by": sitemap.file}
                try:
                    await self._fetch(id, address, fields)
                except HongyanError as e:
                    log.warning("a page of a sitemap of %s was not fetched: %s", id, e.text.en)
                    lost.append(f"{address}: {e.text.en}")
                await asyncio.sleep(self._pause)
        for address, source in known.items():
            if listed and address not in listed:
                await asyncio.to_thread(start_removing, self._bases, id, source.file, for_good=True)
        return lost

    async def _listed(self, text: str, deepest: int) -> list[str]:
        found = [unescape(address.strip()) for address in LISTED.findall(text)]
        found = [address for address in dict.fromkeys(found) if is_address(address)][:MOST_PAGES]
        if "<sitemapindex" not in text[:5000].lower() or deepest == 0:
            return found
        pages: list[str] = []
        for address in found[:MOST_PAGES]:
            page = await self._got(address)
            pages += await self._listed(page.text, deepest - 1)
            if len(pages) >= MOST_PAGES:
                break
        return list(dict.fromkeys(pages))[:MOST_PAGES]

    async def _fetch(self, id: str, address: str, fields: dict[str, object]) -> Added:
        page = await self._got(address)
        name = _name(address, page)
        more = {"address": address, **fields}
        return await asyncio.to_thread(self._bases.add, id, io.BytesIO(page.body), name, (), more)

    async def _got(self, address: str) -> Fetched:
        """Raises ToolFailed."""
        reach = Reach(chosen="owner", tool="knowledge")
        page = await self._http.fetch("GET", address, seconds=SECONDS, max_bytes=LARGEST, reach=reach)
        if page.status >= 400 or page.cut:
            why = Text("太大", "too large") if page.cut else Text("对方返回 {status}", "status {status}")
            text = Text("「{address}」没有取到：{why}。", "{address!r} was not fetched: {why}.")
            raise ToolFailed(text.fill(address=address, why=why.fill(status=page.status)))
        return page


def next_fetch(source: Source, at: float, wrong: Unread | None, now: float) -> float:
    """When a page that was fetched then is fetched again, in seconds since 1970. Pages that a sitemap lists
    and nobody has wait for its own time. What was fetched by a clock that was ahead is, at once."""
    if at > now and (source.refresh or wrong):
        return now
    if wrong and wrong.why == "web":
        return at + AGAIN
    return at + source.refresh * HOUR if source.refresh else float("inf")


def told(lost: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" (+{len(lost) - 1})" if len(lost) > 1 else ""
    return f"{lost[0][:250]}{more}" if lost else ""


def _name(address: str, page: Fetched) -> str:
    """The page's own title, else the end of its address."""
    kind = page.content_type.partition(";")[0].strip().lower()
    path = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2]
    title = TITLE.search(page.text[:20_000]) if "html" in kind else None
    stem = plain([title[1]]) if title else ""
    ending = ENDINGS.get(kind, "html")
    if not stem:
        stem = path or urlsplit(address).hostname or "page"
        says_it = path.lower().endswith((".html", ".htm")) if ending == "html" else "." in path
        return title_of(stem if says_it else f"{stem}.{ending}")
    return title_of(f"{stem.replace('/', ' ')}.{ending}")
