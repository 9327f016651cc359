"""A debug word is known for good by whoever set it: it counts as long as they might set it today."""

import pytest

from runtime.access.actor import COMMAND_LINE, OWNER
from runtime.access.membership import Membership
from runtime.access.users import Users
from runtime.agents.agent import Agent
from runtime.publish import publish
from runtime.publish.debug_word import set_word
from runtime.server.program import build_program
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})
WORD = "sesam4711"


@pytest.fixture
def control(tmp_path):
    program = build_program(Settings(home=tmp_path), Control.in_folder(tmp_path / "data"))
    Users(program.control).set_password("owner", "long enough")
    yield program.control
    program.gateway.messages.close()


@pytest.mark.parametrize(
    ("roles", "counts"),
    [
        ([Given(role="editor")], True),
        ([Given(role="editor", agents=("shop",))], True),
        ([Given(role="editor", agents=("other",))], False),
        ([Given(role="viewer")], False),
        ([], False),
    ],
)
def test_it_counts_as_long_as_whoever_set_it_may_publish_the_agent(control, roles, counts):
    members = Membership(control)
    id = publish(control, AGENT, "web", {}).publication
    members.invite("ann", "", [Given(role="admin")], OWNER)
    set_word(control, id, WORD, by=Users(control).actor("ann"))
    assert control.debug_words.opens(id, WORD)
    if roles:
        members.give("ann", roles, OWNER)
    else:
        members.remove("ann", OWNER)
    assert (control.debug_words.find(id) is not None) == counts
    assert control.debug_words.opens(id, WORD) == counts


def test_what_a_command_set_is_nobodys(control):
    id = publish(control, AGENT, "web", {}).publication
    set_word(control, id, WORD, by=COMMAND_LINE)
    assert control.debug_words.opens(id, WORD)
