"""Where platforms call us."""

import asyncio
from dataclasses import dataclass, field

import pytest

import visitors
from runtime.channels import WebResponse
from runtime.errors import BadSettings, NotFound, Refused
from runtime.lang import Text
from runtime.server import body, callbacks

CANARY = Text("canary", "canary")


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


async def test_the_gateway_gets_the_request_as_it_came_and_its_answer_goes_back(house):
    house.gateway.response = WebResponse("<xml/>", content_type="application/xml; charset=utf-8")
    async with house.visitor() as platform:
        response = await platform.post("/c/shop-1?signature=a%2Bb&nonce=", content=b"<xml>\xe4\xbd\xa0</xml>")
    publication, request = house.gateway.asked[0]
    assert (publication, request.method, request.query) == (
        "shop-1",
        "POST",
        {"signature": "a+b", "nonce": ""},
    )
    assert request.body == b"<xml>\xe4\xbd\xa0</xml>"
    assert request.headers["host"] == "localhost"
    assert (response.status_code, response.text) == (200, "<xml/>")
    assert response.headers["content-type"] == "application/xml; charset=utf-8"


async def test_the_address_check_is_echoed_exactly_and_never_as_a_page(house):
    house.gateway.response = WebResponse("<script>1</script>")
    async with house.visitor() as platform:
        response = await platform.get("/c/shop-1?echostr=x", headers={"accept": "text/html"})
    assert response.text == "<script>1</script>"
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["x-content-type-options"] == "nosniff"


@dataclass(frozen=True)
class Case:
    id: str
    status: int
    response: object = field(default_factory=lambda: WebResponse("success"))
    method: str = "POST"
    url: str = "/c/shop-1?signature=x"
    content: bytes = b"<xml/>"
    headers: dict = field(default_factory=dict)


REFUSED = [
    Case("no such publication", 403, NotFound(CANARY)),
    Case("bad signature", 403, Refused(CANARY, code="signature")),
    Case("parameter twice", 403, url="/c/shop-1?signature=a&signature=b"),
    Case("parameter twice, the same", 403, url="/c/shop-1?nonce=a&nonce=a", method="GET"),
    Case("1 MiB and a byte", 413, content=b"x" * (callbacks.MAX_BODY + 1)),
    Case("length is a lie", 413, headers={"content-length": "20000000"}),
    Case("length is no number", 413, headers={"content-length": "1e3"}),
    Case("our settings are broken", 503, BadSettings(CANARY)),
    Case("put", 405, method="PUT"),
    Case("delete", 405, method="DELETE"),
    Case("head", 405, method="HEAD"),
    Case("options", 405, method="OPTIONS"),
    Case("patch of nobody", 405, method="PATCH", url="/c/no-such"),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda c: c.id)
async def test_whoever_is_refused_learns_nothing(house, case):
    house.gateway.response = case.response
    async with house.visitor() as stranger:
        response = await stranger.request(case.method, case.url, content=case.content, headers=case.headers)
    assert (response.status_code, response.content) == (case.status, b"")


async def test_unknown_and_forged_cannot_be_told_apart(house):
    answers = []
    for reason in (NotFound(CANARY), Refused(CANARY, code="signature"), Refused(CANARY, code="decrypt")):
        house.gateway.response = reason
        async with house.visitor() as stranger:
            response = await stranger.post("/c/shop-1", content=b"<xml/>")
        answers.append((response.status_code, response.content, sorted(response.headers.items())))
    assert answers[0] == answers[1] == answers[2]


async def test_exactly_1_mib_is_taken(house):
    async with house.visitor() as platform:
        response = await platform.post("/c/shop-1", content=b"x" * callbacks.MAX_BODY)
    assert response.status_code == 200


async def test_a_body_without_a_length_is_cut_at_the_bound(house):
    sent = []

    async def endless():
        while True:
            sent.append(1)
            yield b"x" * 65536

    async with house.visitor() as stranger:
        response = await stranger.post("/c/shop-1", content=endless())
    assert response.status_code == 413
    assert len(sent) <= 18
    assert not house.gateway.asked


async def test_a_fault_inside_shows_nothing_of_the_inside(house, caplog):
    house.gateway.response = RuntimeError("canary")
    async with house.visitor() as platform:
        response = await platform.post("/c/shop-1", content=b"<xml/>")
    assert response.status_code == 500
    assert "canary" not in response.text
    assert len([record for record in caplog.records if record.exc_info]) == 1


class Dripping:
    """A request whose body comes a byte at a time, for ever."""

    def __init__(self):
        self.headers = {}

    async def stream(self):
        while True:
            await asyncio.sleep(0.005)
            yield b"x"


async def test_a_body_that_drips_is_given_up():
    with pytest.raises(Refused) as caught:
        await body.read_body(Dripping(), 1000, seconds=0.05)
    assert caught.value.code == "too_slow"


async def test_what_is_forwarded_names_the_account_and_may_be_nobodys(house):
    async with house.visitor() as platform:
        await platform.post("/c/app-1/wx5a1b2c3d4e5f6071?timestamp=1", content=b"<xml/>")
        house.gateway.response = NotFound(CANARY)
        assert (await platform.post("/c/app-1/wx0", content=b"<xml/>")).status_code == 403
        assert (await platform.post("/c/app-1/wx0/more", content=b"<xml/>")).status_code == 401
    assert [place for place, _ in house.gateway.asked] == ["app-1/wx5a1b2c3d4e5f6071", "app-1/wx0"]


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("app-1/consent/" + "B" * 32 + "?auth_code=queryauthcode%40%40%401&expires_in=600", 200),
        ("app-1/consent/" + "B" * 32 + "?auth_code=queryauthcode%40%40%401&auth_code=2", 410),
        ("app-1/consent/" + "B" * 32, 410),
        ("app-1/consent/" + "C" * 32 + "?auth_code=queryauthcode%40%40%401", 410),
        ("app-2/consent/" + "B" * 32 + "?auth_code=queryauthcode%40%40%401", 410),
        ("app-1/consent/x?auth_code=<script>", 410),
    ],
)
async def test_a_browser_that_comes_from_a_consent_is_told_what_became_of_it(house, place, status):
    async with house.visitor() as browser:
        response = await browser.get(f"/c/{place}")
    assert response.status_code == status
    assert "queryauthcode" not in response.text
    assert "<script" not in response.text
    assert response.headers["cache-control"] == "no-store"
