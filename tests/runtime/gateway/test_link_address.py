"""Where a platform may send us to connect: to itself, and nowhere else."""

import pytest

from runtime.channels.dingtalk import CHANNEL
from runtime.errors import SendFailed
from runtime.gateway.delivery.hosts import link_address

CHANNEL_OF_ONE = CHANNEL(CHANNEL.Settings(client_id="ding0123456789", client_secret="s" * 20))
TOLD = "wss://wss-open-connection.dingtalk.com:443/connect?ticket=a%2Fb"
SETTING = CHANNEL.link_host_setting


def test_what_the_platform_tells_is_taken_as_it_is():
    assert link_address(CHANNEL_OF_ONE, TOLD, {}) == TOLD


def test_whoever_replaces_the_host_gets_the_rest_of_the_address():
    assert (
        link_address(CHANNEL_OF_ONE, TOLD, {SETTING: "ws://127.0.0.1:9/"})
        == "ws://127.0.0.1:9/connect?ticket=a%2Fb"
    )


def test_without_being_told_it_is_the_usual_one():
    assert link_address(CHANNEL_OF_ONE, "", {}) == CHANNEL.link_host


@pytest.mark.parametrize(
    "told",
    [
        TOLD.replace("wss://", "ws://"),
        TOLD.replace("wss://", "https://"),
        TOLD.replace(":443", ":444"),
        TOLD.replace("dingtalk.com", "dingtalk.com.evil.example"),
        TOLD.replace("wss://", "wss://a@"),
        TOLD.replace("dingtalk.com:443", "dingtalk.com@evil.example"),
        TOLD.replace("dingtalk.com", "notdingtalk.com"),
        TOLD.replace("dingtalk.com:443", "evil.example\\.dingtalk.com"),
        "wss://169.254.169.254/connect",
        "wss://[::1]/connect",
        TOLD + " x",
        TOLD + "\r\nHost: evil.example",
    ],
)
@pytest.mark.parametrize("hosts", [{}, {SETTING: "ws://127.0.0.1:9"}])
def test_an_address_that_is_not_the_platforms_is_refused(told, hosts):
    with pytest.raises(SendFailed) as failed:
        link_address(CHANNEL_OF_ONE, told, hosts)
    assert failed.value.code == "other_host"
