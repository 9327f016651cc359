"""What each page allows a browser to run: the scripts it came with, and what is named here, with why."""

import re

import pytest
from test_every_route import HOST, HTML, Site, named, read

from builder.ui import HOME, PAGES


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("home"))
    yield site
    site.close()


EVALUATES = "Gradio makes functions of texts"
STYLES = "the elements of Gradio and Streamlit have styles of their own"
PICTURES = "a browser's own page around a picture has a style; it is a sandbox, nothing runs in it"
MAY = {
    "'unsafe-eval'": {EVALUATES: lambda path: path in PAGES_OF_GRADIO},
    "'unsafe-inline'": {
        STYLES: lambda path: path in PAGES_OF_GRADIO or path.startswith("/insights/"),
        PICTURES: lambda path: path.startswith(("/files/", "/made/")),
    },
}
"""What only these allow, and why; no page allows script that stands in it, but what it came with."""
PAGES_OF_GRADIO = {"/", *(f"/{path}" for path in PAGES if path != HOME)}


@pytest.mark.parametrize("who", ["owner", "nobody"])
def test_no_page_allows_what_it_can_do_without(site, who):
    found, pages = {}, set()
    for scope in site.scopes("GET"):
        start = site.ask(scope, HOST, HTML, *((site.owner,) if who == "owner" else ()))
        if start is None:
            continue
        answer = read(start)
        policy = answer.headers["content-security-policy"]
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        script = parts.get("script-src", parts["default-src"])
        wrong = [
            allowed
            for allowed, whose in MAY.items()
            if allowed in policy and not any(may(scope["path"]) for may in whose.values())
        ]
        wrong += [one for one in ("'unsafe-inline'", "data:", "blob:", "*", "http") if one in script]
        if answer.headers.get("content-type", "").startswith("text/html"):
            pages.add(scope["path"])
        elif "javascript" not in answer.headers.get("content-type", "") and parts["default-src"] != "'none'":
            wrong.append("no page, and something is allowed")
        if wrong:
            found[named(scope)] = wrong
    assert found == {}
    assert who == "nobody" or pages >= PAGES_OF_GRADIO, PAGES_OF_GRADIO - pages


def test_every_script_of_a_page_has_the_number_of_its_answer(site):
    for path in ("/", "/insights/", "/manual/safety"):
        [scope] = [one for one in site.scopes("GET") if one["path"] == path] or [
            {**site.scopes("GET")[0], "path": path}
        ]
        answer, body = site.page(scope, HOST, HTML, site.owner)
        [nonce] = set(re.findall(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"]))
        scripts = re.findall(rb"<script[^>]*>", body)
        assert len(scripts) > 2
        assert all(f"nonce={nonce}".encode() in one for one in scripts), scripts
        assert not re.search(rb"<[^>]+ on[a-z]+=", body)
