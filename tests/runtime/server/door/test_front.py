"""What the outside of a request says, made true."""

from dataclasses import dataclass, field

import pytest

from runtime.server.door.front import Front


@dataclass(frozen=True)
class Case:
    id: str
    expect: dict
    public_url: str = ""
    path: str = "/build"
    headers: dict = field(default_factory=dict)
    proxies: tuple = ()
    client: str = "203.0.113.9"


HOST = "https://x.example"
AI = f"{HOST}/ai"
CASES = [
    Case("plain", {"path": "/build", "root_path": "", "scheme": "http"}),
    Case("the proxy cuts the path off", {"path": "/ai/build", "root_path": "/ai"}, AI),
    Case("the proxy keeps it", {"path": "/ai/build", "root_path": "/ai"}, AI, "/ai/build"),
    Case("without a slash", {"path": "/ai/", "root_path": "/ai"}, AI, "/ai"),
    Case("only a beginning", {"path": "/ai/aim", "root_path": "/ai"}, AI, "/aim"),
    Case("the public host is HTTPS", {"scheme": "https"}, HOST, headers={"host": "X.example"}),
    Case("another host is as it came", {"scheme": "http"}, HOST, headers={"host": "localhost"}),
    Case(
        "anybody may write forwarded addresses",
        {"client": "203.0.113.9", "scheme": "http"},
        headers={"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https"},
    ),
    Case(
        "a named proxy is believed",
        {"client": "198.51.100.7", "scheme": "https"},
        headers={"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"},
        proxies=("203.0.113.0/24",),
    ),
    Case(
        "of a chain what the named proxy saw",
        {"client": "198.51.100.7"},
        headers={"x-forwarded-for": "127.0.0.1, 198.51.100.7"},
        proxies=("203.0.113.9",),
    ),
]


async def seen(case):
    found = []

    async def app(scope, receive, send):
        found.append(scope)

    host = {"host": "localhost"}
    scope = {
        "type": "http",
        "path": case.path,
        "root_path": "",
        "scheme": "http",
        "client": (case.client, 1),
        "headers": [(k.encode(), v.encode()) for k, v in (host | case.headers).items()],
    }
    await Front(app, lambda: case.public_url, case.proxies)(scope, None, None)
    return found[0]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
async def test_the_scope_says_what_is_true(case):
    scope = await seen(case)
    scope["client"] = scope["client"][0]
    assert {name: scope[name] for name in case.expect} == case.expect


@pytest.mark.parametrize(
    "name",
    ["forwarded", "x-forwarded-host", "x-forwarded-prefix", "x-real-ip", "x-gradio-server", "x-original-url"],
)
async def test_nobody_behind_sees_what_clients_claim(name):
    headers = {name: "evil.example"}
    for proxies in ((), ("203.0.113.9",)):
        scope = await seen(Case("", {}, headers=headers, proxies=proxies))
        assert [key for key, _ in scope["headers"]] == [b"host"]
