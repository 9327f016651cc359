"""Whatever a browser is refused, a person sees a page that says what to do; a program is told JSON."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

import visitors
from runtime.errors import NotSaved, StoreFailed, Unreadable
from runtime.lang import Text
from runtime.server.outermost import Outermost, answer_fault

HTML = {"accept": "text/html", "accept-language": "en"}
REFUSED = {
    "an unknown host": ({"host": "evil.example"}, 400, "HONGYAN_PUBLIC_URL"),
    "headers that are too large": ({"x-much": "x" * 40_000}, 431, "cookies"),
}


@pytest.fixture
def house(tmp_path):
    return visitors.build(tmp_path)


@pytest.mark.parametrize("case", REFUSED)
async def test_what_the_door_refuses_is_a_page_that_says_what_to_do(house, case):
    headers, status, says = REFUSED[case]
    async with house.visitor() as stranger:
        page = await stranger.get("/login", headers={**HTML, **headers})
        told = await stranger.get("/login", headers={**headers, "accept": "application/json"})
    assert is_page(page, status)
    assert says in page.text
    assert told.status_code == status
    assert told.json()["error"]


CANARY = Text("<canary>", "<canary>")
FAULTS = [(KeyError("<canary>"), 500, "the log has it under")]
FAULTS += [(kind(CANARY), 503, "app.py doctor") for kind in (Unreadable, NotSaved, StoreFailed)]


@pytest.mark.parametrize("is_caught", [True, False], ids=["by Starlette", "by nobody"])
@pytest.mark.parametrize(("error", "status", "says"), FAULTS)
async def test_what_fails_is_a_page_with_its_reference_and_nothing_of_what_failed(
    is_caught, error, status, says
):
    async def broken(request):
        raise error

    handlers = {Exception: answer_fault} if is_caught else {}
    app = Starlette(routes=[Route("/x", broken, methods=["GET", "POST"])], exception_handlers=handlers)
    failing = Outermost(app if handlers else app.router)
    transport = httpx.ASGITransport(app=failing, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        page = await client.get("/x", headers=HTML)
        clicked = await client.post("/x", headers=HTML)
        told = await client.get("/x")
    assert is_page(page, status)
    assert says in page.text
    assert clicked.status_code == told.status_code == status
    assert clicked.json()["error"]
    for response in (page, clicked, told):
        assert "canary" not in response.text


def is_page(response, status):
    """One of our own, in English, with a button that asks again."""
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert '<html lang="en"' in response.text
    assert '<a class="button" href="">Try again</a>' in response.text
    return True


@pytest.mark.parametrize(("error", "logged"), [(ConnectionError("gone"), 0), (KeyError("a bug"), 1)])
async def test_a_socket_whose_other_end_left_while_it_was_opened_is_no_fault_of_ours(caplog, error, logged):
    async def opens(scope, receive, send):
        await send({"type": "websocket.accept"})

    async def send(message):
        raise error

    await Outermost(opens)({"type": "websocket", "path": "/x"}, None, send)
    assert len(caplog.records) == logged
