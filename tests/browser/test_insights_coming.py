"""A page of the insights is drawn once, before Streamlit asks; and it is said what one waits for."""

import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

STREAM = re.compile(r"/_stcore/stream")


def drawn(frames):
    """How often the page's script began."""
    return sum(ForwardMsg.FromString(bytes(frame)).HasField("new_session") for frame in frames)


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("", {}),
        ("conversations?state=kept", {"locale": "en-US", "color_scheme": "dark"}),
        ("message?id=1&x=%E8%8C%B6", {"timezone_id": "Asia/Kathmandu"}),
    ],
)
def test_a_page_is_drawn_once_and_asked_for_ahead(window, agents, path, options):
    page = window(own=True, **options)
    sockets, frames = [], []

    def listen(socket):
        sockets.append(socket.url)
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", listen)
    page.goto(f"/insights/{path}")
    expect(page.locator("h1, #root [role=alert]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert drawn(frames) == 1
    assert [bool(re.search(r"[?]ahead=", url)) for url in sockets] == [True]


@pytest.mark.parametrize(
    ("locale", "says", "late"), [("zh-CN", "正在打开洞察", "比平时慢"), ("en-US", "Opening", "usual")]
)
def test_one_is_told_what_one_waits_for(window, agents, locale, says, late):
    page = window(own=True, locale=locale)
    page.clock.install()
    page.route_web_socket(STREAM, lambda socket: None)  # it is taken, and nothing comes
    page.goto("/insights/")
    page.clock.run_for(3000)
    coming = page.get_by_test_id("coming")
    expect(coming).to_contain_text(says)
    expect(coming).not_to_contain_text(late)
    page.clock.run_for(8000)
    expect(coming).to_contain_text(late)


def test_a_connection_that_ended_for_good_says_how_to_go_on(page, agents):
    page.goto("/insights/")
    expect(page.locator("h1")).to_be_visible()
    app = page.locator("[data-test-connection-state]")
    app.evaluate("node => { node.dataset.testConnectionState = 'DISCONNECTED_FOREVER'; }")
    expect(page.get_by_test_id("outage")).to_contain_text("断开了")
    page.get_by_test_id("load-again").click()
    expect(page.get_by_test_id("outage")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
