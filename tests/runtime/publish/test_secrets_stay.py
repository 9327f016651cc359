"""A secret that is kept goes where it went: whoever changes the server enters it anew."""

import pytest

from runtime.agents.agent import Agent
from runtime.errors import BadSettings
from runtime.publish import publish, rotate, rotation
from runtime.store.control.control import Control

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})
SECRET = "canary-0123456789abcdef"
MAIL = {"provider": "other", "address": "shop@example.com", "imap": "imap.example.com"}
KINDS = {
    "email, where it is read": (
        {**MAIL, "smtp": "smtp.example.com", "password": SECRET},
        {"imap": "imap.elsewhere.example"},
        "password",
    ),
    "email, where it is sent": (
        {**MAIL, "smtp": "smtp.example.com", "password": SECRET},
        {"smtp": "smtp.elsewhere.example"},
        "password",
    ),
    "email, without encryption": (
        {**MAIL, "smtp": "smtp.example.com", "password": SECRET},
        {"imap": "imap://imap.example.com:143"},
        "password",
    ),
    "xmpp": ({"jid": "shop@example.com", "password": SECRET}, {"host": "xmpp.elsewhere.example"}, "password"),
    "mqtt": (
        {"url": "mqtts://broker.example.com", "user": "shop", "password": SECRET},
        {"url": "mqtts://broker.elsewhere.example"},
        "password",
    ),
    "websocket": (
        {"url": "wss://line.example.com/in", "secret": SECRET},
        {"url": "wss://line.elsewhere.example/in"},
        "secret",
    ),
    "webhook, in a header": (
        {"secret": SECRET, "proof": "bearer", "answer": "both", "callback": "https://one.example.com/in"},
        {"callback": "https://elsewhere.example/in"},
        "secret",
    ),
    "webhook, in a header from now on": (
        {"secret": SECRET, "answer": "both", "callback": "https://one.example.com/in"},
        {"proof": "bearer"},
        "secret",
    ),
}


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path / "data")


@pytest.mark.parametrize("kind", KINDS)
def test_for_another_server_a_secret_is_entered_anew(control, kind):
    settings, moved, secret = KINDS[kind]
    channel = kind.partition(",")[0]
    id = publish(control, AGENT, channel, settings).publication
    for ask in (
        lambda: rotation(control, id, moved),
        lambda: publish(control, AGENT, channel, moved, id=id),
    ):
        with pytest.raises(BadSettings) as caught:
            ask()
        assert caught.value.field == secret
        assert SECRET not in caught.value.text.en
    again = publish(control, AGENT, channel, {**moved, secret: "another-0123456789abcdef"}, id=id)
    assert again.publication == id


def test_what_is_no_address_changes_without_it(control):
    settings, *_ = KINDS["email, where it is read"]
    id = publish(control, AGENT, "email", settings).publication
    rotate(control, rotation(control, id, {"name": "店", "imap": "imap.example.com:993"}))
    publish(control, AGENT, "email", {"name": "铺"}, id=id)
    assert control.channel_settings(id)["password"] == SECRET


def test_a_signature_shows_nobody_the_secret(control):
    settings, *_ = KINDS["webhook, in a header from now on"]
    id = publish(control, AGENT, "webhook", settings).publication
    publish(control, AGENT, "webhook", {"callback": "https://elsewhere.example/in"}, id=id)
    assert control.channel_settings(id)["secret"] == SECRET
