"""The owner's own files: what may be one, who sees it, and that an answer takes it from where it is."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pictures import picture
from runtime.errors import BadMedia, Invalid, NotFound
from runtime.media.own import MOST, OwnFiles, OwnFirst
from runtime.server.own_files import PublicFiles

PNG, PDF = picture(), b"%PDF-1.7 " + bytes(40)
HTML = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def own(tmp_path):
    return OwnFiles(tmp_path / "files")


@pytest.fixture
def client(own):
    return TestClient(Starlette(routes=PublicFiles(own).routes()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../a.png", PNG), ("a/b.png", PNG), (".hidden.png", PNG), ("", PNG), ("a" * 130 + ".png", PNG),
        ("a\n.png", PNG), ("a.html", HTML), ("a.png", HTML), ("a.svg", SVG), ("a.png", b""),
        ("a.png", PNG[:8] + bytes(9)), ("a.zip", b"PK\x03\x04" + bytes(40)), ("a.png", bytes(MOST + 1)),
    ],
)  # fmt: skip
def test_what_is_no_file_to_show_is_not_taken(own, name, content):
    with pytest.raises((Invalid, BadMedia)):
        own.add(name, content)
    assert list(own.all()) == []


def test_a_file_is_replaced_listed_and_removed(own):
    assert own.add("价目表 2026.png", PNG).address == "/files/%E4%BB%B7%E7%9B%AE%E8%A1%A8%202026.png"
    own.add("menu.pdf", PDF)
    assert own.add("menu.pdf", PDF + b"2").bytes == len(PDF) + 1
    assert [(one.name, one.type) for one in own.all()] == [
        ("menu.pdf", "application/pdf"),
        ("价目表 2026.png", "image/png"),
    ]
    own.remove("menu.pdf")
    with pytest.raises(NotFound):
        own.remove("menu.pdf")
    with pytest.raises(NotFound):
        own.remove("../data/control.json")


def test_anybody_sees_it_as_what_it_is_and_nothing_in_it_runs(own, client):
    address = own.add("menu.pdf", PDF).address
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert client.head(address).status_code == 200
    part = client.get(address, headers={"range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"%PDF-")


def test_nothing_else_in_that_folder_or_beside_it_is_seen(own, client, tmp_path):
    own.add("a.png", PNG)
    folder = tmp_path / "files"
    (tmp_path / "secret.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "page.png").write_bytes(HTML)
    (folder / ".b.png").write_bytes(PNG)
    (folder / "below").mkdir()
    (folder / "below" / "c.png").write_bytes(PNG)
    for path in ("", "/", "link.png", "page.png", ".b.png", "below", "below/c.png", "..%2fsecret.png",
                 "%2e%2e/secret.png", "..%5csecret.png", "a.png%00.txt", "A.png"):  # fmt: skip
        assert client.get(f"/files/{path}").status_code == 404, path
    assert [one.name for one in own.all()] == ["a.png"]


class Elsewhere:
    def __init__(self):
        self.asked = []

    async def fetch(self, method, url, **more):
        self.asked.append(url)
        return None


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("https://bot.example/files/a.png", True),
        ("https://bot.example/files/a%2Epng", True),
        ("https://bot.example/files/b.png", False),
        ("https://bot.example/files/../data/control.json", False),
        ("https://bot.example.evil/files/a.png", False),
        ("http://bot.example/files/a.png", False),
        ("https://bot.example:8443/files/a.png", False),
    ],
)
async def test_an_answer_takes_what_is_ours_from_here_and_all_else_from_where_it_is(own, url, is_here):
    own.add("a.png", PNG)
    elsewhere = Elsewhere()
    page = await OwnFirst(own, elsewhere, lambda: "https://bot.example").fetch(
        "GET", url, seconds=1, max_bytes=10**6, reach=None
    )
    assert elsewhere.asked == ([] if is_here else [url])
    assert not is_here or (page.status, page.body, page.cut) == (200, PNG, False)


async def test_without_a_public_address_nothing_is_ours(own):
    own.add("a.png", PNG)
    elsewhere = Elsewhere()
    await OwnFirst(own, elsewhere, lambda: "").fetch(
        "GET", "/files/a.png", seconds=1, max_bytes=9, reach=None
    )
    assert elsewhere.asked == ["/files/a.png"]
