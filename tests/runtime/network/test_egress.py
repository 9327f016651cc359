import asyncio
import gzip
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp.abc import AbstractResolver
from yarl import URL

from runtime.errors import BadSettings, Blocked, ToolFailed
from runtime.network.egress import Egress
from runtime.network.outgoing import Outgoing, redirected
from runtime.network.reach import Reach

OPEN = "93.184.216.34"


@dataclass
class Site:
    """A server on this machine: `pages` maps a path to the whole response, or to a function of the writer."""

    pages: dict
    requests: list = field(default_factory=list)
    port: int = 0

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, reader, writer):
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                length = next(
                    (int(line[16:]) for line in head.split("\r\n") if line.startswith("Content-Length: ")), 0
                )
                body = await reader.readexactly(length)
                self.requests.append((head, body))
                page = self.pages[head.split(" ")[1]]
                if callable(page):
                    await page(writer)
                else:
                    writer.write(page)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(**pages):
    site = Site({f"/{name}": page for name, page in pages.items()})
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        await server.wait_closed()


OWNER = Reach(chosen="owner", tool="http_request")


@dataclass
class Asking:
    """Egress, asked for an address that the owner wrote unless a test says otherwise."""

    egress: Egress

    async def fetch(self, *args, reach=OWNER, **more):
        return await self.egress.fetch(*args, reach=reach, **more)

    async def close(self):
        await self.egress.close()


@asynccontextmanager
async def outside(allow=(), **options):
    egress = Egress(allow, **options)
    try:
        yield Asking(egress)
    finally:
        await egress.close()


def page(body=b"ok", status="200 OK", **headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to, status="302 Found"):
    return page(b"", status, Location=to)


class Dns(AbstractResolver):
    """Each name has a list of answers, one for each time it is asked; the last one stays."""

    def __init__(self, **names):
        self.names = {name.replace("_", "."): list(answers) for name, answers in names.items()}

    async def resolve(self, host, port=0, family=socket.AF_INET):
        answers = self.names[host.rstrip(".").lower()]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in addresses
        ]

    async def close(self):
        pass


async def test_an_allowed_host_answers():
    async with (
        serving(a=page("你好".encode(), Content_Type="text/plain; charset=utf-8")) as site,
        outside([f"127.0.0.1:{site.port}"]) as egress,
    ):
        answer = await egress.fetch("POST", site.url("/a"), headers={"X-Key": "k"}, body=b"body")
    head, body = site.requests[0]
    assert (answer.status, answer.text, answer.cut) == (200, "你好", False)
    assert "X-Key: k" in head
    assert body == b"body"


async def test_an_error_status_is_an_answer():
    async with (
        serving(a=page(b"none", "404 Not Found")) as site,
        outside([f"127.0.0.1:{site.port}"]) as egress,
    ):
        assert (await egress.fetch("GET", site.url("/a"))).status == 404


INSIDE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "localhost", "①②⑦.⓪.⓪.①",
    "127。0。0。1", "[::1]", "[::]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "10.0.0.1", "172.16.0.1",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.8", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
async def test_no_spelling_of_an_inner_address_gets_out(host):
    async with serving() as site, outside(ports={site.port}) as egress:
        with pytest.raises(Blocked):
            await egress.fetch("GET", f"http://{host}:{site.port}/")
    assert site.requests == []


NAMES = {
    "localhost": [["127.0.0.1"]],
    "metadata_google_internal": [["169.254.169.254"]],
    "metadata_tencentyun_com": [["169.254.0.23"]],
    "instance-data": [["169.254.169.254"]],
    "mixed_example": [[OPEN, "::1"]],
    "mixed_too_example": [["10.0.0.1", OPEN]],
}


@pytest.mark.parametrize("name", [*NAMES, "LOCALHOST."])
async def test_a_name_is_judged_by_all_its_addresses(name):
    async with serving() as site, outside(ports={site.port}, resolver=Dns(**NAMES)) as egress:
        with pytest.raises(Blocked):
            await egress.fetch("GET", f"http://{name.replace('_', '.')}:{site.port}/")
    assert site.requests == []


async def test_a_name_that_changes_its_address_is_judged_each_time(no_network):
    dns = Dns(rebind_example=[[OPEN], ["127.0.0.1"]])
    async with serving() as site, outside(ports={site.port}, resolver=dns) as egress:
        url = f"http://rebind.example:{site.port}/"
        with pytest.raises(ToolFailed, match="connected to") as first:
            await egress.fetch("GET", url)
        assert not isinstance(first.value, Blocked)
        assert no_network.pop().startswith(f"connected to {OPEN}")
        await egress.close()  # its DNS answers are kept for ten seconds
        with pytest.raises(Blocked):
            await egress.fetch("GET", url)
    assert site.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a/", "gopher://a/", "dict://a/", "data:text/plain,a", "jar:http://a!/b",
        "unix:/tmp/s", "javascript:alert(1)", "ws://a/", "a.example/b", "http:127.0.0.1", "http:///a", "///",
        "", "http://", "http://[::1",
        "http://good.example@127.0.0.1/", "http://user:password@good.example/", "http://@127.0.0.1/",
        "http://127.0.0.1#@good.example/", "http://127.0.0.1\\@good.example/", "http://a.example:99999/",
        "http://a b/",
        "http://a.example:6379/", "http://a.example:22/", "https://a.example:7860/metrics",
    ],
)  # fmt: skip
async def test_other_schemes_ports_and_users_are_refused(url):
    async with outside(resolver=Dns()) as egress:
        with pytest.raises(Blocked):
            await egress.fetch("GET", url)


@pytest.mark.parametrize("status", ["301 M", "302 M", "303 M", "307 M", "308 M"])
async def test_a_redirect_inside_is_refused_at_that_hop(status):
    async with (
        serving(secret=page()) as inner,
        serving(a=moved(inner.url("/secret"), status)) as site,
        outside([f"127.0.0.1:{site.port}"], ports={inner.port}) as egress,
    ):
        with pytest.raises(Blocked):
            await egress.fetch("GET", site.url("/a"))
    assert len(site.requests) == 1
    assert inner.requests == []


async def test_redirects_end_after_five():
    pages = {f"p{i}": moved(f"/p{i + 1}") for i in range(10)}
    async with serving(**pages, loop=moved("/loop")) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        for path in ("/p0", "/loop"):
            with pytest.raises(ToolFailed, match="5"):
                await egress.fetch("GET", site.url(path))
    assert len(site.requests) == 12


async def test_a_redirect_is_followed():
    async with (
        serving(a=moved("/b", "303 See Other"), b=page(b"there")) as site,
        outside([f"127.0.0.1:{site.port}"]) as egress,
    ):
        answer = await egress.fetch("POST", site.url("/a"), headers={"X-Key": "k"}, body=b"x")
    assert (answer.text, answer.url) == ("there", site.url("/b"))
    assert site.requests[1][0].startswith("GET /b")
    assert "X-Key: k" in site.requests[1][0]


def test_secrets_stay_with_their_site():
    headers = {"Authorization": "Bearer s", "Cookie": "c=s", "X-Api-Key": "s", "Accept": "text/html"}
    asked = Outgoing("GET", URL("https://a.example/x"), headers, None)
    assert redirected(asked, 302, "https://a.example/y").headers == headers
    for elsewhere in ("https://b.example/", "//b.example/", "http://a.example/", "https://a.example:444/"):
        assert redirected(asked, 302, elsewhere).headers == {"Accept": "text/html"}


PERSON, MODEL = Reach(chosen="person", tool="web_page"), Reach(chosen="model", tool="web_page")


@pytest.mark.parametrize(
    ("entry", "reach", "goes"),
    [
        ("{}", OWNER, True),
        ("http_request={}", OWNER, True),
        ("web_page={}", OWNER, False),
        ("{}", PERSON, False),
        ("http_request={}", PERSON, False),
        ("web_page={}", PERSON, True),
        ("{}", MODEL, False),
        ("web_page={}", MODEL, False),
        ("{}", Reach(), False),
    ],
)
async def test_an_allowance_is_for_its_tool_and_never_for_what_a_model_chose(entry, reach, goes):
    async with serving(a=page()) as site, outside([entry.format(f"127.0.0.1:{site.port}")]) as egress:
        if goes:
            assert (await egress.fetch("GET", site.url("/a"), reach=reach)).text == "ok"
        else:
            with pytest.raises(Blocked):
                await egress.fetch("GET", site.url("/a"), reach=reach)
    assert bool(site.requests) is goes


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary"])
async def test_a_redirect_never_uses_an_allowance(status):
    async with (
        serving(b=page()) as other,
        serving(a=moved(other.url("/b"), status)) as site,
        outside([f"127.0.0.1:{site.port}", f"http_request=127.0.0.1:{other.port}"]) as egress,
    ):
        with pytest.raises(Blocked):
            await egress.fetch("GET", site.url("/a"))
        assert (await egress.fetch("GET", other.url("/b"))).text == "ok"
    assert len(other.requests) == 1


async def test_a_host_outside_of_the_reach_is_not_asked_and_not_looked_up():
    dns = Dns()
    async with outside(resolver=dns) as egress:
        with pytest.raises(Blocked, match=r"evil\.example"):
            await egress.fetch("GET", "https://evil.example/", reach=Reach(hosts=("*.tea.example",)))


async def test_a_redirect_out_of_the_reach_is_refused():
    async with (
        serving(a=moved("https://evil.example/?d=1")) as site,
        outside([f"127.0.0.1:{site.port}"]) as egress,
    ):
        reach = Reach(chosen="owner", tool="http_request", hosts=("127.0.0.1", "tea.example"))
        with pytest.raises(Blocked, match=r"evil\.example"):
            await egress.fetch("GET", site.url("/a"), reach=reach)


async def test_a_body_is_not_sent_on_to_another_site():
    async with (
        serving(b=page()) as other,
        serving(a=moved(other.url("/b"), "307 Temporary")) as site,
        outside([f"127.0.0.1:{site.port}", f"127.0.0.1:{other.port}"]) as egress,
    ):
        with pytest.raises(Blocked):
            await egress.fetch("POST", site.url("/a"), body=b"secret")
    assert other.requests == []


async def test_cookies_are_forgotten():
    async with serving(a=page(Set_Cookie="s=1")) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        await egress.fetch("GET", site.url("/a"))
        await egress.fetch("GET", site.url("/a"))
    assert "Cookie" not in site.requests[1][0]


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "a\r\nHost: b"}, {"X": "a\nb"}, {"X": "a\x00"}, {"X\r\nY": "a"}, {"X Y": "a"}, {"": "a"},
        {"Host": "b"}, {"host": "b"}, {"Content-Length": "0"}, {"Transfer-Encoding": "chunked"},
        {"Proxy-Authorization": "b"},
    ],
)  # fmt: skip
async def test_headers_cannot_change_the_request(headers):
    async with serving(a=page()) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        with pytest.raises(Blocked):
            await egress.fetch("GET", site.url("/a"), headers=headers)
    assert site.requests == []


async def endless(writer):
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def dripping(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silent(writer):
    await asyncio.sleep(5)


async def cut_short(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
    writer.close()


async def test_size_is_bounded():
    bomb = page(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
    async with serving(endless=endless, bomb=bomb) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        for path in ("/endless", "/bomb"):
            answer = await egress.fetch("GET", site.url(path), max_bytes=100_000)
            assert len(answer.body) == 100_000
            assert answer.cut


async def left_open(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nX-Id: 7\r\n\r\ndata: 1\n\n")
    await asyncio.Event().wait()


async def test_a_stream_that_is_left_open_is_read_as_far_as_it_is_wanted():
    async with serving(a=left_open) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        answer = await egress.fetch("GET", site.url("/a"), enough=lambda so_far: so_far.endswith(b"\n\n"))
    assert (answer.text, answer.cut, answer.headers["x-id"]) == ("data: 1\n\n", False, "7")
    assert "Accept-Encoding: identity" in site.requests[0][0]


@pytest.mark.parametrize("slow", [dripping, silent])
async def test_time_is_bounded_in_total(slow):
    async with serving(a=slow) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        with pytest.raises(ToolFailed, match=r"0\.2") as caught:
            await egress.fetch("GET", site.url("/a"), seconds=0.2)
    assert caught.value.retryable


MANY = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(10_000)) + b"\r\n"
LONG = b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"


@pytest.mark.parametrize(
    "broken", [MANY, LONG, cut_short, b"not http\r\n\r\n"], ids=["many", "long", "short", "no http"]
)
async def test_broken_responses_are_told(broken):
    async with serving(a=broken) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        with pytest.raises(ToolFailed, match=r"127\.0\.0\.1"):
            await egress.fetch("GET", site.url("/a"))


async def test_a_name_without_a_host_and_a_closed_port_are_told_in_words():
    class Nowhere(Dns):
        async def resolve(self, host, port=0, family=socket.AF_INET):
            raise OSError(-2, "Name or service not known")

    async with serving() as site:
        pass
    async with outside([f"127.0.0.1:{site.port}"], resolver=Nowhere()) as egress:
        for url, why in (
            (site.url(), "那里没有服务在接收"),
            ("https://nowhere.example/", "找不到这个主机名"),
        ):
            with pytest.raises(ToolFailed) as told:
                await egress.fetch("GET", url)
            assert why in told.value.text.zh


async def test_an_allowed_entry_opens_only_itself():
    async with (
        serving(a=page()) as site,
        serving(a=page()) as other,
        outside([f"127.0.0.1:{site.port}"], ports={other.port}) as egress,
    ):
        await egress.fetch("GET", site.url("/a"))
        for url in (other.url("/a"), f"http://localhost:{site.port}/a"):
            with pytest.raises(Blocked):
                await egress.fetch("GET", url)
    assert other.requests == []


async def test_proxy_variables_are_not_read(monkeypatch):
    async with serving(a=page()) as site, outside([f"127.0.0.1:{site.port}"]) as egress:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert (await egress.fetch("GET", site.url("/a"))).status == 200


@pytest.mark.parametrize(
    "entry",
    [
        *("10.0.0.5", "http://a:80", "a:b", "", "a:80/path", ":80", "u@a:80", "=a:80"),
        *("Web Page=a:80", "web_page=", "web_page=a", "a=b=c:80"),
    ],
)
def test_a_malformed_allowance_is_told(entry):
    with pytest.raises(BadSettings, match="HONGYAN_EGRESS_ALLOW"):
        Egress([entry])
