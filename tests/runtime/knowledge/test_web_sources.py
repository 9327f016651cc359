"""Pages and sitemaps as sources: what is fetched, when again, and what the network may not be asked."""

from contextlib import closing

import pytest

from runtime.errors import BadSettings, Blocked, ToolFailed
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import start_removing
from runtime.knowledge.sources.indexing import Indexing
from runtime.knowledge.sources.web import AGAIN, HOUR, Web
from runtime.knowledge.sources.work import Work
from runtime.network.egress import Egress
from runtime.network.fetched import Fetched
from set_clock import Clock


class Site:
    """Says what it is told, by address; what it does not know is not there."""

    def __init__(self):
        self.pages, self.asked, self.reaches = {}, [], set()

    async def fetch(self, method, url, *, seconds, max_bytes, reach):
        self.asked.append(url)
        self.reaches.add((method, reach.chosen, reach.tool))
        text = self.pages.get(url)
        status = 404 if text is None else 200
        kind = "application/xml" if url.endswith(".xml") else "text/html; charset=utf-8"
        return Fetched(url, status, kind, text or "", (text or "").encode())


HOST = "https://shop.example"


@pytest.fixture
def ground(tmp_path):
    bases, site, clock = Bases(tmp_path), Site(), Clock()
    bases.create("tea")
    return bases, site, clock, Web(bases, site, clock=clock, pause=0)


def page(title, text):
    return f"<html><title>{title}</title><p>{text}</p></html>"


def sitemap(*addresses):
    listed = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<?xml version="1.0"?><urlset>{listed}</urlset>'


async def test_a_page_is_kept_as_it_came_and_fetched_again_when_it_is_time(ground):
    bases, site, clock, web = ground
    site.pages[f"{HOST}/a"] = page("运费 说明", "五元")
    added = await web.add("tea", f"{HOST}/a", ["shop"], refresh=24)
    assert (added.source.file, added.source.title, added.source.address) == (
        "运费-说明.html", "运费 说明.html", f"{HOST}/a",
    )  # fmt: skip
    await web.refresh("tea")
    clock.now += 23 * HOUR
    await web.refresh("tea")
    assert site.asked == [f"{HOST}/a"]
    site.pages[f"{HOST}/a"] = page("运费（新）", "六元")
    clock.now += HOUR
    await web.refresh("tea")
    [source] = bases.get("tea").sources
    assert (source.file, source.tags, source.refresh) == ("运费-说明.html", ("shop",), 24)
    assert "六元" in bases.file("tea", source).read_text(encoding="utf-8")
    assert site.reaches == {("GET", "owner", "knowledge")}
    # pages that are called alike are two
    site.pages[f"{HOST}/b"] = page("运费 说明", "七元")
    assert (await web.add("tea", f"{HOST}/b")).source.file == "运费-说明-2.html"
    site.pages[f"{HOST}/price.html"] = "<h1>价格</h1>"  # which says no title
    assert (await web.add("tea", f"{HOST}/price.html")).source.title == "price.html"


async def test_a_page_that_was_fetched_by_a_clock_that_was_ahead_is_fetched_again_at_once(ground):
    _, site, clock, web = ground
    site.pages[f"{HOST}/a"] = page("a", "x")
    clock.now += 8760 * HOUR
    await web.add("tea", f"{HOST}/a", refresh=24)
    await web.refresh("tea")
    clock.now -= 8760 * HOUR
    await web.refresh("tea")
    await web.refresh("tea")
    assert len(site.asked) == 2


async def test_a_page_that_is_not_there_keeps_what_was_fetched_before(ground):
    bases, site, clock, web = ground
    with pytest.raises(ToolFailed, match="status 404"):
        await web.add("tea", f"{HOST}/a")
    assert bases.get("tea").sources == ()
    site.pages[f"{HOST}/a"] = page("a", "x")
    source = (await web.add("tea", f"{HOST}/a", refresh=1)).source
    await web.refresh("tea")
    del site.pages[f"{HOST}/a"]
    clock.now += HOUR
    await web.refresh("tea")
    with closing(Work(bases.work("tea"))) as work:
        assert "status 404" in work.fetches()[source.file][1].detail
    assert bases.file("tea", source).exists()
    clock.now += AGAIN - 1
    await web.refresh("tea")
    assert len(site.asked) == 3
    clock.now += 1
    await web.refresh("tea")
    assert len(site.asked) == 4


async def test_a_sitemap_brings_its_pages_and_takes_away_those_it_lists_no_more(ground):
    bases, site, clock, web = ground
    for name in "abc":
        site.pages[f"{HOST}/{name}"] = page(name, f"text {name}")
    site.pages[f"{HOST}/all.xml"] = f"<sitemapindex><loc>{HOST}/1.xml</loc></sitemapindex>"
    site.pages[f"{HOST}/1.xml"] = sitemap(f"{HOST}/a", f"{HOST}/b", f"{HOST}/gone", "file:///etc/passwd")
    listed = (await web.add("tea", f"{HOST}/all.xml", ["site"], refresh=24)).source
    await web.refresh("tea")
    assert [(one.title, one.tags) for one in bases.get("tea").sources] == [
        ("all.xml", ("site",)), ("a.html", ("site",)), ("b.html", ("site",)),
    ]  # fmt: skip
    site.pages[f"{HOST}/1.xml"] = sitemap(f"{HOST}/b", f"{HOST}/c", f"{HOST}/gone")
    clock.now += 24 * HOUR
    await web.refresh("tea")
    read = []
    await Indexing(bases).run("tea", lambda source, progress: read.append((source.title, progress.passages)))
    assert read == [("all.xml", 0), ("b.html", 1), ("c.html", 1)]
    with closing(Work(bases.work("tea"))) as work:
        (lost,) = work.all()[listed.file].unread
    assert (lost.why, f"{HOST}/gone" in lost.detail) == ("listed", True)
    assert [one.title for one in bases.get("tea").sources] == ["all.xml", "b.html", "c.html"]
    start_removing(bases, "tea", listed.file)
    await Indexing(bases).run("tea")
    assert bases.get("tea").sources == ()


async def test_only_public_addresses_that_the_owner_wrote_are_asked(ground):
    bases, _, _, _ = ground
    egress = Egress()
    web = Web(bases, egress)
    for address in ("http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest"):
        with pytest.raises(Blocked):
            await web.add("tea", address)
    for address in ("https://a:b@shop.example/", "http://", "http://x:y/"):
        with pytest.raises(BadSettings, match="address"):
            await web.add("tea", address)
    await egress.close()
