"""Discord: ids as discord.py reads them, and a played gateway that is cut and goes on."""

import asyncio
from types import SimpleNamespace

import discord_table as table
import pytest

from runtime import simulator
from runtime.channels import Shown
from runtime.channels.discord import CHANNEL
from runtime.gateway.gateway import Gateway
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.discord.rest import BOT, TOKEN
from runtime.simulator.discord.simulation import PERSON
from runtime.simulator.fast_loop import FastLoop
from runtime.simulator.hosting import hosted
from runtime.simulator.http import Request
from script import Script, says, services

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]}
SNOWFLAKES = {"1390000000000000000": 1751472224.951, "175928847299117063": 1462015105.796}
"""By id, the time that discord.py 2.7.1's utils.snowflake_time reads of it."""


@pytest.mark.parametrize(("id", "at"), SNOWFLAKES.items())
def test_an_id_says_when_it_was_made(id, at):
    link = table.APP.link()
    for text in (table.HELLO, table.READY):
        link.frame(text, 0.0)
    [message] = link.frame(table.said(id=id), 0.0).messages
    assert message.at == pytest.approx(at, abs=0.001)


def test_its_token_says_whose_it_is():
    assert table.APP.account == table.BOT


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "Bot MTA5.x.y", "MTA5ODc2NTQzMjEwOTg3NjU0.Gs3cr3"])
def test_what_is_no_token_is_told_at_once(token):
    with pytest.raises(ValueError, match="token"):
        CHANNEL.Settings(bot_token=token)


class Doctor(SimpleNamespace):
    def saw(self, publication, what, code, at, compared=()):
        """Not asked for here."""

    def trouble(self, publication, text, at):
        self.troubles.append(text and text.en)


def played(test):
    """With our gateway behind a played Discord, on a clock that jumps."""

    async def work(folder):
        loop = asyncio.get_running_loop()
        made, doctor = simulator.registry()["discord"]("bot", loop.wall), Doctor(troubles=[])
        offer = says("要什么？\n- [查订单](menu:orders)\n- [人工](menu:human)")
        models = services(Script([says("一"), offer, says("好"), says("四")]))
        publication = OnePublication("discord", made.settings, AGENT)
        async with hosted(made) as hosts:
            gateway = Gateway(
                folder, publication, models, doctor, hosts, clock=loop.wall, outside=loop.outside
            )
            made.connect(None, None)
            await gateway.start()
            await test(made, doctor)
            await gateway.stop()

    def run(tmp_path):
        with asyncio.Runner(loop_factory=FastLoop) as runner:
            runner.run(work(tmp_path))

    return run


async def said(made, *texts):
    for _ in range(2000):
        if [one.text for one in made.rest.posted] == list(texts):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(([one.text for one in made.rest.posted], made.rest.asked[-9:]))


@played
async def test_it_answers_keeps_the_heart_beating_and_goes_on_where_it_was(made, doctor):
    await made.write("你好")
    await said(made, "一")
    await asyncio.sleep(300)
    assert 5 <= made.beats <= 9
    [wire] = made.wires
    made.wires.clear()  # what is written now comes once it is there again
    await made._dispatch(
        "MESSAGE_CREATE", {**made.events[-1]["d"], "id": made.rest.new_id(), "content": "选"}
    )
    await wire.close()
    await said(made, "一", "要什么？")
    assert (made.identified, made.resumed) == (1, 1)
    await made.tap(PERSON, "查订单")
    await said(made, "一", "要什么？", "好")
    assert len(made.rest.answered) == 1
    await made.says(PERSON, "今天好热", server="555555555555")
    await made.says(PERSON, f"<@{BOT}> 几点", server="555555555555")
    await said(made, "一", "要什么？", "好", "四")
    assert made.rest.posted[-1].reply


@played
async def test_what_its_owner_has_to_mend_is_told_at_the_first_hang_up(made, doctor):
    await made.write("你好")
    await said(made, "一")
    doctor.troubles.clear()
    made.refuses = 4014
    [wire] = made.wires
    await wire.close(4009)
    await asyncio.sleep(60)
    assert [one for one in doctor.troubles if one] == [CHANNEL.explain("4014").en]
    assert made.identified == 1, "and it was said once"


@played
async def test_a_file_goes_along_with_what_is_said_of_it(made, doctor):
    await made.write("你好")
    await said(made, "一")
    request = table.APP.push_media(Shown("image", {}, "新茶", table.MEDIA["image"]), f"{table.PLACE}/1", "k9")
    name, content = request.upload.name, request.upload.content
    parts = {**request.upload.more, request.upload.key: (name, content)}
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{key}"'.encode()
        + (
            f'; filename="{one[0]}"\r\n\r\n'.encode() + one[1]
            if isinstance(one, tuple)
            else b"\r\n\r\n" + one.encode()
        )
        + b"\r\n"
        for key, one in parts.items()
    )
    headers = {
        "authorization": table.APP.outgoing(request).headers["Authorization"].replace(table.TOKEN, TOKEN)
    }
    made.rest.call(Request("POST", request.path, body=body + b"--x--\r\n", headers=headers))
    assert made.rest.posted[-1].text == "[图片]"


@played
async def test_what_may_have_arrived_is_sent_again_and_is_there_once(made, doctor):
    made.rest.faults.script("messages", "lost")
    await made.write("你好")
    await said(made, "一")
    await asyncio.sleep(60)
    assert [one.text for one in made.rest.posted] == ["一"]
    assert made.rest.asked.count("messages") == 2
