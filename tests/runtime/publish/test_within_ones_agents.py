"""Whoever may some things on one agent does nothing more by publishing it, or by its keys."""

import pytest

from runtime.access.actor import Actor
from runtime.access.keys import Keys
from runtime.access.permissions import Permission
from runtime.agents.agent import Agent
from runtime.errors import Forbidden
from runtime.publish import issue_key, publish, rotate, rotation
from runtime.store.control.control import Control

P = Permission
APPLICATION = "wechat_component"
SHARED = {
    "component_app_id": "wxc0ffee0123456789",
    "component_app_secret": "c0ffee0123456789c0ffee0123456789",
    "token": "sharedtoken",
    "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
OTHER = {"component_app_secret": "d0ffee0123456789d0ffee0123456789"}


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path / "data")


def agent(id="shop"):
    flow = [{"type": "reply", "id": "say", "text": "好"}]
    return Agent.load({"id": id, "name": "店", "flow": flow})


def on_shop(*permissions):
    return Actor("ann", frozenset(), {one: frozenset({"shop"}) for one in permissions})


def test_what_several_agents_share_is_changed_by_who_may_publish_them_all(control):
    publish(control, agent("bank"), APPLICATION, SHARED)
    ann = on_shop(P.AGENTS_PUBLISH)
    mine = publish(control, agent(), APPLICATION, {}, by=ann).publication  # it is entered once for all
    for change in (
        lambda: publish(control, agent(), APPLICATION, {**SHARED, **OTHER}, id=mine, by=ann),
        lambda: rotate(control, rotation(control, mine, OTHER), by=ann),
        lambda: rotate(control, rotation(control, mine, {"token": "anothertoken"}), by=ann),
    ):
        with pytest.raises(Forbidden):
            change()
    (shared,) = control.applications.all()
    assert control.applications.opened(shared.id) == SHARED
    both = Actor("bob", frozenset(), {P.AGENTS_PUBLISH: frozenset({"shop", "bank"})})
    rotate(control, rotation(control, mine, OTHER), by=both)
    assert control.applications.opened(shared.id)["component_app_secret"] == OTHER["component_app_secret"]


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize(
    ("permissions", "lacks"),
    [
        ((P.KEYS_EDIT,), P.AGENTS_RUN),
        ((P.KEYS_EDIT, P.AGENTS_RUN), P.AGENTS_PUBLISH),
        ((P.KEYS_EDIT, P.AGENTS_PUBLISH), P.AGENTS_RUN),
        ((P.KEYS_EDIT, P.AGENTS_RUN, P.AGENTS_PUBLISH), None),
    ],
)
def test_a_key_allows_nothing_that_whoever_makes_it_may_not(control, live, permissions, lacks):
    if live:
        publish(control, agent(), "api", {})
    may = lacks is None or (live and lacks is P.AGENTS_PUBLISH)
    if may:
        issue_key(control, agent(), by=on_shop(*permissions))
    else:
        with pytest.raises(Forbidden) as caught:
            issue_key(control, agent(), by=on_shop(*permissions))
        assert caught.value.code == lacks.id
    assert (len(Keys(control).all()), len(control.publications())) == (may, live or may)
