"""Slack: its signature as slack-sdk makes it, its marks, and a played workspace."""

import asyncio
import base64
import json

import pytest
import slack_table as table

from pictures import picture
from played_world import faced, run
from runtime import simulator
from runtime.channels import ApiAnswer, Verified, WebRequest
from runtime.channels.slack import CHANNEL
from runtime.errors import SendFailed
from runtime.simulator.slack.simulation import MEMBER
from script import Script, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}
BODY = (
    '{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel_type":"im",'
    '"channel":"D1ABC","user":"U1ABC","text":"你好","ts":"1799999990.000100"}}'
)
SIGNATURE = "v0=659c4206659d24ca04a2195cc5ab6839669b9a2f3b6af312b5144a83d319dc20"
"""What slack-sdk 3.48.0's SignatureVerifier made of it with the table's secret, at 1799999999."""


PNG = picture()
PICTURE = f"![价目表](data:image/png;base64,{base64.b64encode(PNG).decode()})"
BUTTON = {"emoji": True, "text": "查订单", "type": "plain_text"}
"""A button's words as slack-sdk 3.48.0 makes them: of them `emoji` may be left out."""


def test_a_signature_that_slack_sdk_made_is_right():
    headers = {"x-slack-signature": SIGNATURE, "x-slack-request-timestamp": "1799999999"}
    [message] = table.APP.receive(WebRequest("POST", {}, BODY.encode(), headers), table.NOW).messages
    assert (message.sender, message.text) == ("U1ABC", "你好")


def test_the_address_is_verified_by_the_word_that_came():
    found = table.APP.receive(table.signed({"type": "url_verification", "challenge": "3eZbrw1a"}), table.NOW)
    assert isinstance(found.response, Verified)
    assert (found.response.body, found.response.mark) == ("3eZbrw1a", "3eZbrw1a")


def test_buttons_are_those_of_slack_sdk():
    [button, _] = table.TABLES.offered[0].request.body["blocks"][1]["elements"]
    assert button["text"].items() <= BUTTON.items()


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**粗** *斜* `码`", "*粗* _斜_ `码`"),
        ("[看](https://a.example/?a=1&b=2)", "<https://a.example/?a=1&amp;b=2|看>"),
        ("<@U1ANN> <!channel> a & b", "&lt;@U1ANN&gt; &lt;!channel&gt; a &amp; b"),
        ("> 一", "&gt; 一"),
        ("```\na < b\n```", "```\na &lt; b\n```"),
    ],
)
def test_markdown_becomes_its_marks_and_calls_nobody(markdown, shown):
    assert CHANNEL.render(markdown) == [shown]


def test_it_says_for_how_long_to_wait():
    with pytest.raises(SendFailed) as failed:
        table.APP.pushed(ApiAnswer(429, {"ok": False, "error": "ratelimited"}, wait=30.0))
    assert (failed.value.wait, failed.value.retryable) == (30.0, True)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"mode": "connection"},
        {"mode": "connection", "app_token": "xoxb-0123456789ab"},
        {"mode": "connection", "signing_secret": table.SECRET},
        {"app_token": table.APP_TOKEN},
    ],
)
def test_each_way_in_wants_its_own_secret(given):
    with pytest.raises(ValueError, match=r"signing secret|app-level token"):
        CHANNEL.Settings(bot_token=table.TOKEN, **given)


def test_where_to_connect_is_asked_with_the_apps_own_token():
    asked = table.LINKED.outgoing(table.LINKED.address_request())
    assert asked.headers["Authorization"] == f"Bearer {table.APP_TOKEN}"
    url = "wss://wss-primary.slack.com/link/?ticket=1&app_id=2"
    assert table.LINKED.address(ApiAnswer(200, {"ok": True, "url": url})) == url
    for told in (
        {},
        {"ok": True},
        {"ok": True, "url": "https://slack.com"},
        {"ok": False, "error": "invalid_auth"},
    ):
        with pytest.raises(SendFailed):
            table.LINKED.address(ApiAnswer(200, told))


def work(kind):
    """With our gateway before a played workspace, on a clock that jumps."""

    def wraps(test):
        async def inside(folder):
            loop = asyncio.get_running_loop()
            played = simulator.registry()["slack"](kind, loop.wall)
            offer = says("要什么？\n- [查订单](menu:orders)\n- [人工](menu:human)")
            script = [says("一"), says(f"二\n{PICTURE}"), offer, says("好")]
            around = services(Script(script))
            async with faced(folder, played, ("slack", AGENT), around, url="", probed=False):
                await test(played)

        return lambda tmp_path: run(inside(tmp_path))

    return wraps


async def talk(played):
    """Each thing once, however often it is told, and where it was asked."""
    event = {
        "type": "message",
        "channel": "D1ANN",
        "channel_type": "im",
        "user": MEMBER,
        "text": "你好",
        "ts": "1.1",
    }
    told = json.dumps({"type": "event_callback", "event_id": "Ev9", "event": event}).encode()
    for _ in range(2):
        assert await played.bring(told, "application/json")
    await said(played, "一")
    await played.says(MEMBER, "几点", channel="C1TEA")
    await said(played, "一", "二", "[图片]")
    text, picture = played.workspace.posted[1:]
    assert (picture.place, picture.file) == ("C1TEA", PNG)
    assert text.thread == picture.thread != ""
    await played.write("还有呢")
    await said(played, "一", "二", "[图片]", "要什么？")
    await played.tap(MEMBER, "查订单")
    await said(played, "一", "二", "[图片]", "要什么？\n✓ 查订单", "好")


test_it_is_asked_once_however_often_it_tells_and_answers_where_it_was_asked = work("app")(talk)


@work("socket")
async def test_over_a_connection_it_is_the_same_and_goes_on_when_it_is_sent_away(played):
    await talk(played)
    await played.send_away()
    await played.write("还在吗")
    assert len(set(played.acknowledged)) == len(played.acknowledged) == 6


@work("app")
async def test_without_the_scope_a_picture_goes_in_words_and_nothing_rests(played):
    played.workspace.files = False
    await played.write("一")
    await played.write("二")
    await said(played, "一", "二", "价目表")


async def said(played, *texts):
    for _ in range(1000):
        if [one.text for one in played.workspace.posted] == list(texts):
            return
        await asyncio.sleep(0.1)
    raise AssertionError([one.text for one in played.workspace.posted])


class Doctor:
    def saw(self, publication, what, code, at, compared=()):
        """Not asked for here."""

    def trouble(self, publication, text, at):
        """Nor this."""
