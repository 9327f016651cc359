"""What the owner of a chat page may enter, and what is told of it."""

import re

import pytest

from runtime.channels.web import CHANNEL
from runtime.channels.web.settings import MOST_ASKED
from runtime.errors import BadSettings
from runtime.publish.credentials import checked


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("origins", "shop.example"),
        ("origins", "https://shop.example/path"),
        ("origins", "http://shop.example"),
        ("origins", "https://*.example"),
        ("origins", "null"),
        ("origins", "\n".join(f"https://s{n}.example" for n in range(21))),
        ("suggestions", "\n".join(f"q{n}" for n in range(MOST_ASKED + 1))),
        ("suggestions", "x" * 61),
        ("color", "red"),
        ("position", "top"),
        ("identity_secret", "short"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field, value):
    with pytest.raises(BadSettings) as refused:
        checked(CHANNEL, {field: value})
    assert refused.value.field == field


def test_a_site_is_named_as_browsers_write_it():
    channel = CHANNEL(
        CHANNEL.Settings(origins="https://Shop.example\nhttps://a.example:8443\nhttps://shop.example")
    )
    assert channel.origins == {"https://shop.example", "https://a.example:8443"}
    assert channel.reminders == ()
    assert channel.caution is None


def test_a_site_on_plain_http_is_a_caution_and_no_site_a_reminder():
    assert CHANNEL(CHANNEL.Settings(origins="http://localhost:8000")).caution is not None
    assert len(CHANNEL(CHANNEL.Settings()).reminders) == 1


def test_the_secret_is_made_up_and_copied_to_the_site():
    secret = CHANNEL.suggest()["identity_secret"]
    assert re.fullmatch(r"[\w-]{43}", secret)
    assert secret != CHANNEL.suggest()["identity_secret"]
    channel = CHANNEL(CHANNEL.Settings(identity_secret=secret))
    assert [line.value for line in channel.to_copy("https://us.example/c/p")] == [secret]


@pytest.mark.parametrize(
    ("pasted", "id"),
    [
        ("网站上看不到按钮，widget 不显示", "widget_not_shown"),
        (
            "Refused to load the script because it violates the following Content Security Policy",
            "widget_not_shown",
        ),
        ("blocked by CORS policy: No 'Access-Control-Allow-Origin' header", "widget_origin"),
        ("Mixed Content: the page was loaded over HTTPS", "widget_mixed"),
        ("WebSocket connection to 'wss://x/agent/ws' failed", "widget_socket"),
        ("What the site says of who comes does not count", "widget_member"),
    ],
)
def test_what_users_report_is_known(pasted, id):
    assert id in [one.id for one in CHANNEL.symptoms if one.matches(pasted)]
