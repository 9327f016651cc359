"""What of Streamlit a browser reaches at /insights, and how light it is."""

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from builder import bundle
from builder.insights import _streamlit
from builder.insights.mount import mount
from runtime.store.control.control import Control
from runtime.store.messages.messages import Messages

ZIPPED = {"accept-encoding": "gzip"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    Messages(data / "messages.db").close()
    app = Starlette()
    mount(app, Control.in_folder(data), None, data)
    return TestClient(app, follow_redirects=False)


def scripts():
    return re.findall(r'"\./(static/js/[\w.-]+\.js)"', _streamlit.page())


def test_what_a_page_asks_for_at_once_weighs_less_than_600_kb(client):
    names = scripts()
    assert len(names) > 60
    sent = 0
    for name in names:
        response = client.get(f"/insights/{name}", headers=ZIPPED)
        assert response.headers["content-encoding"] == "gzip"
        assert "immutable" in response.headers["cache-control"]
        assert response.content == (_streamlit.FOLDER / name).read_bytes()
        sent += int(response.headers["content-length"])
    assert sent < 600_000


def test_who_cannot_unpack_gets_it_plain(client):
    name = scripts()[0]
    response = client.get(f"/insights/{name}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in response.headers
    assert response.content == (_streamlit.FOLDER / name).read_bytes()


def test_the_page_has_the_builders_bar_and_no_font_of_streamlits(client):
    for path in ("", "overview", "conversations", "todo", "message", "conversation"):
        page = client.get(f"/insights/{path}").text
        assert f"../static/{bundle.script().name}" in page
        assert f"../static/{bundle.style().name}" in page
        assert 'as="font"' not in page
    sheets = re.findall(r'"\./(static/css/[\w.-]+\.css)"', page)
    assert sheets
    for name in sheets:
        assert not re.search("font-family:(Source|Material)", client.get(f"/insights/{name}").text)


@pytest.mark.parametrize("query", ["", "?id=4"])
def test_without_its_slash_the_address_works_too(client, query):
    response = client.get(f"/insights{query}")
    assert response.status_code == 308
    assert response.headers["location"] == f"/insights/{query}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nonsense"),
        ("GET", "overview/deeper"),
        ("GET", "static/index.html"),
        ("GET", "static/js/..%2f..%2findex.html"),
        ("GET", "static/js/nothing.js"),
        ("GET", "_stcore/agent/openapi.json"),
        ("POST", "_stcore/agent/interact"),
        ("POST", "_stcore/agent/mcp"),
        ("GET", "_stcore/metrics"),
        ("PUT", "_stcore/upload_file/1/2"),
        ("GET", "component/x/index.html"),
        ("GET", "app/static/x"),
    ],
)
def test_what_no_page_of_ours_needs_is_closed(client, method, path):
    assert client.request(method, f"/insights/{path}").status_code in (404, 405)


def test_no_other_socket_is_opened(client):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/insights/_stcore/other"):
        pass


def test_a_file_is_packed_once(client, monkeypatch):
    packed = []
    monkeypatch.setattr(_streamlit, "_pack", lambda path: packed.append(path) or (gzip.compress(b"x"), b"x"))
    name = next(path.name for path in (_streamlit.FOLDER / "static" / "js").glob("Snow.*.js"))
    with client:
        for _ in range(3):
            assert client.get(f"/insights/static/js/{name}", headers=ZIPPED).content == b"x"
    assert len(packed) == 1
