"""Which secrets there are is told with the agents that ask for them: those that whoever looks may see."""

from builder_world import add

from builder.actions.named_secrets import list_secrets
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission

TOOL = {
    "type": "http_request",
    "name": "look",
    "description": "x",
    "url": "https://erp.example.com/",
    "headers": {"Authorization": "Bearer {{ secret.erp }}"},
}
ASKING = {"type": "model", "id": "call", "model": "script/one", "prompt": {"text": "x"}, "tools": [TOOL]}


def test_agents_of_others_are_not_named(studio):
    for id in ("shop", "bank"):
        add(studio, ASKING, {"type": "reply", "id": "say", "text": "好"}, id=id)
    view = Permission.AGENTS_VIEW
    for who, names in (
        (OWNER, {"shop", "bank"}),
        (Actor("ann", {Permission.SECRETS_VIEW}, {view: frozenset({"shop"})}), {"shop"}),
        (Actor("bob", {Permission.SECRETS_VIEW}), set()),
    ):
        told = list_secrets(studio, who)
        assert {user["id"] for one in told for user in one["used_by"]} == names
