"""Slack: its signature as slack-sdk makes it, its marks, and a played workspace."""

import asyncio
import json

import pytest
import slack_table as table

from runtime import simulator
from runtime.channels import ApiAnswer, Verified, WebRequest
from runtime.channels.slack import CHANNEL
from runtime.errors import SendFailed
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.fast_loop import FastLoop
from runtime.simulator.http import Server
from runtime.simulator.slack.simulation import MEMBER
from script import Script, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}
BODY = (
    '{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel_type":"im",'
    '"channel":"D1ABC","user":"U1ABC","text":"你好","ts":"1799999990.000100"}}'
)
SIGNATURE = "v0=659c4206659d24ca04a2195cc5ab6839669b9a2f3b6af312b5144a83d319dc20"
"""What slack-sdk 3.48.0's SignatureVerifier made of it with the table's secret, at 1799999999."""
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


@pytest.mark.parametrize(("said", "wait"), [("30", 30.0), ("999999", 0.0), ("x", 0.0), ("99999", 3600.0)])
def test_it_says_for_how_long_to_wait(said, wait):
    with pytest.raises(SendFailed) as failed:
        table.APP.pushed(ApiAnswer(429, {"ok": False, "error": "ratelimited"}, headers={"retry-after": said}))
    assert (failed.value.wait, failed.value.retryable) == (wait, True)


def test_it_is_asked_once_however_often_it_tells_and_answers_where_it_was_asked(tmp_path):
    async def work():
        loop = asyncio.get_running_loop()
        played = simulator.registry()["slack"]("app", loop.wall)
        offer = says("要什么？\n- [查订单](menu:orders)\n- [人工](menu:human)")
        async with Server(played.call) as server:
            gateway = Gateway(
                tmp_path,
                OnePublication("slack", played.settings, AGENT),
                services(Script([says("一"), says("二"), offer, says("好")])),
                Doctor(),
                {"HONGYAN_SLACK_API": server.url},
                clock=loop.wall,
                outside=loop.outside,
            )

            async def door(knock):
                headers = {name.lower(): value for name, value in knock.headers.items()}
                response = await gateway.callback(
                    "p", WebRequest(knock.method, knock.query, knock.body, headers)
                )
                return response.status, response.body

            played.connect(door, None)
            await gateway.start()
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
            await said(played, "一", "二")
            assert (played.workspace.posted[-1].place, bool(played.workspace.posted[-1].thread)) == (
                "C1TEA",
                True,
            )
            await played.write("还有呢")
            await said(played, "一", "二", "要什么？")
            await played.tap(MEMBER, "查订单")
            await said(played, "一", "二", "要什么？\n✓ 查订单", "好")
            await gateway.stop()

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(work())


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
