"""An open page of the insights ends soon after the right to it does: its WebSocket is the guard's, too."""

import time

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from builder.insights.mount import mount
from runtime.access.actor import COMMAND_LINE
from runtime.access.audit.log import Audit
from runtime.access.membership import Membership
from runtime.access.proof import PASSWORD, Proof
from runtime.access.users import Users
from runtime.server.door.guard import Guard
from runtime.server.door.origins import Origins
from runtime.server.door.secured import LOGGED_OUT
from runtime.server.door.sessions import Sessions
from runtime.server.door.ways import Ways
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given
from runtime.store.messages.messages import Messages

SOCKET = "ws://localhost/insights/_stcore/stream"
OPERATOR = Given(role="operator")
OF_ONE = Given(role="operator", agents=("shop",))
ENDS = {
    "anna": (OPERATOR, [Given(role="viewer")]),
    "bob": (OPERATOR, [OF_ONE, Given(role="viewer")]),
    "cora": (OF_ONE, [Given(role="operator", agents=("other",))]),
}
"""What somebody has, and is left with."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The insights behind the guard: Streamlit runs once in a process."""
    tmp_path = tmp_path_factory.mktemp("data")
    Messages(tmp_path / "messages.db").close()
    control = Control.in_folder(tmp_path)
    Users(control).set_password("owner", "long enough")
    app = Starlette()
    mount(app, control, None, tmp_path, Audit(tmp_path, str))
    sessions = Sessions(control)
    guard = Guard(app, sessions, Origins(lambda: ""), Ways(app.routes), lambda key: False, every=0.02)
    with TestClient(guard, base_url="http://localhost") as client:
        yield control, sessions, client


def signed_in(house, user, role):
    """Somebody new with that role, in the browser."""
    control, sessions, client = house
    members = Membership(control)
    members.accept(members.invite(user, "", [role], COMMAND_LINE), "her own words")
    client.cookies.clear()
    response = Response()
    proof = Proof(user, (PASSWORD,))
    sessions.open(response, proof, {}, secure=False, now=time.time())
    for name, value in response.raw_headers:
        if name == b"set-cookie":
            name, _, rest = value.decode().partition("=")
            client.cookies.set(name, rest.partition(";")[0])


@pytest.mark.parametrize("user", ENDS)
def test_an_open_page_ends_when_a_right_is_taken(house, user):
    control, _, client = house
    before, after = ENDS[user]
    signed_in(house, user, before)
    with client.websocket_connect(SOCKET, headers={"origin": "http://localhost"}) as open_page:
        Membership(control).give(user, after, COMMAND_LINE)
        while (told := open_page.receive())["type"] != "websocket.close":
            pass  # what Streamlit drew until then
    assert told["code"] == LOGGED_OUT


def test_whoever_may_read_none_opens_none(house):
    _, _, client = house
    signed_in(house, "eve", Given(role="viewer"))
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(SOCKET, headers={"origin": "http://localhost"}) as page,
    ):
        page.receive_text()
