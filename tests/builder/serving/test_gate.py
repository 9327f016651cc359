"""What of Gradio the browser may reach."""

import json

import httpx
import pytest
from starlette.responses import JSONResponse

from builder.serving.gate import Gate

META = {"_type": "gradio.FileData"}


async def gradio(scope, receive, send):
    """Says that it was reached, and what it got."""
    body = b""
    while scope["method"] == "POST":
        message = await receive()
        body += message["body"]
        if not message.get("more_body"):
            break
    await JSONResponse({"reached": scope["path"], "body": body.decode()})(scope, receive, send)


def browser(root=""):
    async def app(scope, receive, send):
        await Gate(gradio, {"build", "play"}, {0: 1, 3: 3})({**scope, "root_path": root}, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/build", "/play", "/theme.css", "/favicon.ico", "/assets/index-D1.js", "/static/img/x.svg",
        "/gradio_api/heartbeat/abc123", "/gradio_api/queue/data?session_hash=x", "/gradio_api/app_id",
    ],
)  # fmt: skip
async def test_what_our_pages_ask_for_is_there(path):
    async with browser() as window:
        assert (await window.get(path)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd", "/gradio_api/file=x",
        "/gradio_api/file/x", "/gradio_api/proxy=http://x",
        "/gradio_api/upload", "/gradio_api/upload_progress",
        "/gradio_api/info", "/gradio_api/info/", "/config",
        "/gradio_api/openapi.json", "/gradio_api/runs", "/gradio_api/deep_link", "/gradio_api/queue/status",
        "/gradio_api/stream/a/b/c/playlist.m3u8", "/gradio_api/call/x/y",
        "/gradio_api/token", "/gradio_api/user",
        "/gradio_api/vibe-code", "/gradio_api/dev/reload",
        "/gradio_api/startup-events", "/gradio_api/component_server",
        "/gradio_api/custom_component/1/client/component/x.js", "/gradio_api/theme.css",
        "/monitoring", "/docs",
        "/manifest.json", "/pwa_icon", "/robots.txt", "/svelte/x.js",
        "/logout", "/login", "/nonsense", "/Build",
        "/assets/../config", "/assets/", "/static//etc/passwd", "/assets//x",
        "/gradio_api/heartbeat/../info", "/gradio_api/queue/join",
        "//build", "/gradio_api//info", "/build/x", "/gradio_api/mcp/",
    ],
)  # fmt: skip
async def test_the_rest_of_gradio_is_not(path):
    async with browser() as window:
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
            response = await window.request(method, f"http://localhost{path}")
            assert response.status_code == 404, method


@pytest.mark.parametrize(
    "path",
    [
        "/", "/build", "/gradio_api/run/x",
        "/gradio_api/api/x", "/gradio_api/call/x", "/gradio_api/call/v2/x",
        "/gradio_api/upload",
        "/gradio_api/component_server/", "/gradio_api/stream/x", "/gradio_api/stream/x/close",
        "/gradio_api/run-history/connect", "/gradio_api/process_recording",
        "/gradio_api/vibe-edit/", "/login",
        "/gradio_api/profiling/clear", "/gradio_api/queue/data", "/assets/x.js",
    ],
)  # fmt: skip
async def test_nothing_else_takes_data(path):
    async with browser() as window:
        assert (await window.post(path, json={})).status_code == 404


FILE = {"path": "/x", "meta": META}


def message(*content):
    return {"data": [[{"role": "user", "content": list(content), "metadata": {}}]]}


FILES = {
    "a file in a chat": message({"type": "file", "file": FILE}),
    "a file without its type": message({"file": {"path": "/x"}}),
    "a text with a file": message({"type": "text", "text": "x", "file": {"path": "/x"}}),
    "a component of its own": message({"type": "component", "component": "html", "value": "x"}),
    "made with anything": message({"component": "image", "constructor_args": {"value": "/x"}}),
    "a list in a list": message([{"path": "/x"}]),
    "a number": message(1),
    "a file beside": {"data": [], "event_data": {"value": FILE}},
    "deep inside": {"data": [[[[{"a": {"b": [FILE]}}]]]]},
    "another of its types": {"data": [{"path": "/x", "meta": {"_type": "gradio.SomethingNew"}}]},
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"])
async def test_no_data_is_taken_for_a_file(path, data):
    async with browser() as window:
        response = await window.post(path, json=data)
    assert response.status_code == 422
    assert "error" in response.json()


@pytest.mark.parametrize(
    "body",
    [
        *(b'{"data": [1], "fn_index": %s}' % n for n in (b"1", b"-1", b"[0]", b'"0"', b"null", b"1e40")),
        b'{"data": [1, 2], "fn_index": 0}', b'{"fn_index": 0}', b'{"data": [1]}',
        b'{"data": 1, "fn_index": 0}',
        b"", b"x", b"[]", b"null", b"{" * 200_000, b'{"a":' * 200_000, b"[" * 50, b"\xff\xfe",
    ],
    ids=lambda body: repr(body[:45]),
)  # fmt: skip
async def test_what_is_no_event_of_ours_in_bounded_depth_is_refused(body):
    async with browser() as window:
        assert (await window.post("/gradio_api/queue/join", content=body)).status_code == 400


async def test_gradio_reads_exactly_what_was_checked():
    tricks = (
        b'{"fn_index": 0, "data": [{"path": "/x", "meta": {"_type": "gradio.FileData"}}],'
        b' "data": ["\\ud83d"], "n": NaN}'
    )
    async with browser() as window:
        response = await window.post("/gradio_api/queue/join", content=tricks)
    assert json.loads(response.json()["body"]) == {"fn_index": 0, "data": ["\ufffd"], "n": None}


async def test_a_long_chat_and_the_names_of_variables_pass():
    chat = [{"role": "user", "content": [{"type": "text", "text": "长" * 100_000}]}]
    called = {"path": "/x", "url": "http://x", "file": "y", "type": "file", "meta": {"_type": "note"}}
    beside = {"agent": "shop", "variables": {"path": "/x"}, "before": {"events": [{"arguments": called}]}}
    request = {"data": ["你好", chat, beside], "fn_index": 3, "event_data": {"index": 1}}
    async with browser() as window:
        response = await window.post("/gradio_api/queue/join", json=request)
    assert json.loads(response.json()["body"]) == request


async def test_below_a_path_a_pages_slash_is_cut_off_there():
    async with browser("/ai") as window:
        response = await window.get("/ai/build/")
        assert (response.status_code, response.headers["location"]) == (308, "/ai/build")
        assert (await window.get("/ai/build")).status_code == 200
        assert (await window.get("/ai/config")).status_code == 404
