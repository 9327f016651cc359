"""What every channel owes that lets its account be looked after."""

import contextlib

import pytest
from test_contract import HOSTILE, claiming

from runtime.channels import Button, Line, Managed, Management, Menu, checked_menu
from runtime.channels._managing import METHODS, OFFERS
from runtime.channels._menu import Whom
from runtime.errors import SendFailed

CALLS = {
    "check_callback": (),
    "callback_addresses": (),
    "quota": ("",),
    "call_made": ("6a0b-1",),
    "menu": (),
    "put_menu": (Menu(buttons=[Button(name="a", key="b")]),),
    "remove_menu": (),
    "put_menu_for": (Menu(buttons=[Button(name="a", key="b")]), Whom(phone="ios")),
    "remove_menu_for": ("401",),
    "automatic_answers": (),
    "people": (),
    "names": (["wm1"],),
    "accounts": (),
}


class Says:
    """A requests.Session whose platform says always the same."""

    def __init__(self, data):
        self.data, self.asked = data, []

    def request(self, method, url, **given):
        self.asked.append((url, given))
        return self

    def get(self, url, **given):
        return self.request("get", url, **given)

    content = b"{}"

    def json(self):
        return self.data

    def raise_for_status(self):
        pass


def managed(tables, data):
    channel = tables.channel
    return channel.Management(channel, Line("https://api.example", Says(data)), "T0KEN")


def test_every_offer_is_somebodys_call():
    assert METHODS.keys() == OFFERS
    assert {name for names in METHODS.values() for name in names} == CALLS.keys()
    assert Management.offers() == frozenset()


@claiming(Managed)
def test_what_is_offered_is_offered_whole(tables):
    kind = tables.channel.Management
    offered = kind.offers()
    assert offered
    done = {name for name in CALLS if getattr(kind, name) is not getattr(Management, name)}
    assert {name for offer in offered for name in METHODS[offer]} == done


@claiming(Managed)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_strange_answer_to_the_owner_is_a_failure_and_nothing_else(tables, data):
    for offer in tables.channel.Management.offers():
        for name in METHODS[offer]:
            with contextlib.suppress(SendFailed):
                getattr(managed(tables, data), name)(*CALLS[name])


@claiming(Managed)
def test_who_offers_a_menu_says_how_much_it_holds_and_why_one_may_vanish(tables):
    kind = tables.channel.Management
    if "menu" in kind.offers():
        limits = kind.menu_limits
        assert min(limits.buttons, limits.below, limits.name, limits.name_below, limits.key, limits.url) > 0
        assert kind.why_no_menu.zh
        assert kind.why_no_menu.en
        full = [Button(name="a", buttons=[Button(name="b", key="c")] * limits.below)] * limits.buttons
        assert checked_menu({"buttons": [one.model_dump() for one in full]}, limits)


@claiming(Managed)
def test_its_calls_show_no_secret(tables):
    shown = repr(managed(tables, {}).line)
    assert not any(secret in shown for secret in (*tables.secrets, "T0KEN"))
