"""Pictures of an answer: fetched, looked at, put to the platform once, and shown; else told in words."""

import asyncio
import base64
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from PIL import Image

import example_channel
from example_channel.simulator.pigeon import PigeonSimulation
from played_world import PlayedWorld, faced
from runtime.agents.agent import Agent
from runtime.errors import Blocked, ToolFailed
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.network.fetched import Fetched
from runtime.store.messages.sealed_files import SealedFiles
from script import Script, says, services

PROMPT = {"text": "图片都在 https://shop.example/ 下"}
AGENT = Agent.load(
    {"id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer", "prompt": PROMPT}]}
)
URL = "https://shop.example/prices.png"
MP3 = b"\xff\xfb\x90\x00" + bytes(400)
SHOWN = f"今天的价目表：\n\n![价目表]({URL})\n\n还要什么？"


def picture(form="PNG", size=(8, 8), color=1):
    made = io.BytesIO()
    Image.new("RGB", size, (color, 2, 3)).save(made, form)
    return made.getvalue()


def data_url(content, type="image/png"):
    return f"data:{type};base64,{base64.b64encode(content).decode()}"


@dataclass
class Web:
    """What lies elsewhere, by address; and what was asked for."""

    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    async def fetch(self, method, url, *, seconds, max_bytes, reach):
        self.asked.append(url)
        found = self.pages.get(url, 404)
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return Fetched(url, found, "text/html", "", b"")
        return Fetched(url, 200, "text/plain", "", found[:max_bytes], len(found) > max_bytes)


class World(PlayedWorld):
    @property
    def post(self):
        return self.played.post

    @property
    def web(self):
        return self.around.http

    async def answered(self, *states):
        await self.come_to(*states, seconds=300, every=0.1)


@asynccontextmanager
async def world(folder, *answers, web=None, played=None, agent=AGENT, senses=None, around=services):
    played = played or PigeonSimulation("carrier", asyncio.get_running_loop().wall)
    models = Script([says(answer) for answer in answers])
    around = around(models, http=web or Web({URL: picture()}))
    if senses:
        senses = senses(models, KeptMedia(folder / "media", SealedFiles(folder / "messages.db")))
    with example_channel.installed():
        begun = faced(folder, played, ("pigeon", agent.to_json()), around, World, url="", senses=senses)
        async with begun as it:
            yield it


async def test_a_picture_is_put_to_the_platform_and_shown_between_the_words(tmp_path):
    async with world(tmp_path, SHOWN) as w:
        await w.played.write("价目表")
        await w.answered("delivered")
        assert [text for _, text in w.post.sent] == ["今天的价目表：", "[P0]", "还要什么？"]
        assert w.post.parcels["P0"].endswith(picture())


async def test_the_same_picture_is_put_there_once_for_everybody(tmp_path):
    async with world(tmp_path, SHOWN, SHOWN, SHOWN) as w:
        await asyncio.gather(*(w.played.knock({"letters": [w.played.letter("?", who)]}) for who in "abc"))
        await w.answered("delivered", "delivered", "delivered")
        assert len(w.post.parcels) == 1
        assert [text for _, text in w.post.sent].count("[P0]") == 3


async def test_it_is_put_there_again_when_its_time_there_is_over(tmp_path):
    async with world(tmp_path, SHOWN, SHOWN) as w:
        await w.played.write("一")
        await w.answered("delivered")
        await asyncio.sleep(600)
        await w.played.write("二")
        await w.answered("delivered", "delivered")
        assert len(w.post.parcels) == 2


async def test_what_the_platform_lost_before_its_time_is_put_there_again(tmp_path):
    async with world(tmp_path, SHOWN, SHOWN) as w:
        await w.played.write("一")
        await w.answered("delivered")
        w.post.faults.script("/send", 0, "eaten")
        await w.played.write("二")
        await w.answered("delivered", "delivered")
        assert [text for _, text in w.post.sent][3:] == ["今天的价目表：", "[P1]", "还要什么？"]


WORDS = "价目表"
TOLD_IN_WORDS = {
    "nothing there": {URL: 404},
    "not public": {URL: Blocked(Text("不行", "no"))},
    "a server that is down": {URL: ToolFailed(Text("断了", "down"))},
    "no picture": {URL: b"<html>"},
    "a broken picture": {URL: picture()[:20]},
    "an endless one": {URL: picture() + b"\0" * 300_000},
    "a bomb": {URL: b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0" + b"\0" * 4},
    "a kind that is not shown there": {URL: MP3},
    "voice that lasts too long": {URL: b"#!AMR\n" + (b"\x3c" + bytes(31)) * 3001},
}


@pytest.mark.parametrize("pages", TOLD_IN_WORDS.values(), ids=TOLD_IN_WORDS)
async def test_what_cannot_be_shown_is_told_in_words(tmp_path, pages):
    async with world(tmp_path, SHOWN, web=Web(pages)) as w:
        await w.played.write("价目表")
        await w.answered("delivered")
        assert [text for _, text in w.post.sent][1] == f"![价目表]({URL})"
        assert w.post.parcels == {}


async def test_a_picture_in_the_answer_itself_is_shown_and_never_read_out(tmp_path):
    async with world(tmp_path, f"![图表]({data_url(picture())})", f"![坏]({data_url(b'x')})") as w:
        await w.played.write("图表")
        await w.answered("delivered")
        await w.played.write("再来")
        await w.answered("delivered", "delivered")
        assert [text for _, text in w.post.sent] == ["[P0]", "坏"]
        assert w.web.asked == []


async def test_a_picture_of_another_format_or_size_is_made_fit(tmp_path):
    noise = Image.effect_noise((1200, 900), 90).convert("RGB")
    big = io.BytesIO()
    noise.save(big, "PNG")
    web = Web({URL: picture("WEBP"), "https://shop.example/big": big.getvalue()[:190_000]})
    async with world(tmp_path, SHOWN, web=web) as w:
        await w.played.write("价目表")
        await w.answered("delivered")
        assert [text for _, text in w.post.sent][1] == f"![价目表]({URL})", "this post takes PNG only"


async def test_an_account_that_may_put_nothing_there_is_not_asked_again_and_again(tmp_path):
    async with world(tmp_path, SHOWN, SHOWN) as w:
        w.post.faults.script("/parcels", "no_rights")
        await w.played.write("一")
        await w.answered("delivered")
        await w.played.write("二")
        await w.answered("delivered", "delivered")
        assert w.post.asked.count("/parcels") == 1
        assert w.web.asked == [URL]


async def test_a_post_that_sleeps_gets_it_when_it_is_awake(tmp_path):
    async with world(tmp_path, SHOWN) as w:
        w.post.faults.script("/parcels", "asleep")
        await w.played.write("一")
        await w.answered("delivered")
        assert [text for _, text in w.post.sent][1] == "[P0]"


async def test_what_the_platform_does_not_take_goes_in_words(tmp_path):
    async with world(tmp_path, SHOWN) as w:
        w.post.faults.script("/send", 0, "ugly")
        await w.played.write("一")
        await w.answered("delivered")
        assert [text for _, text in w.post.sent][1] == f"![价目表]({URL})"


async def test_a_file_goes_when_no_message_has_it(tmp_path):
    async with world(tmp_path, SHOWN) as w:
        await w.played.write("一")
        await w.answered("delivered")
        kept = [file for file in (tmp_path / "media").rglob("*") if file.is_file()]
        assert len(kept) == 1

        def later():
            return kept[0].stat().st_mtime + 4000

        assert await w.gateway.kept.sweep(w.gateway.messages.media.unused, later) == 0
        await w.gateway.messages.database.write(lambda db: db.execute("delete from messages").rowcount)
        assert await w.gateway.kept.sweep(w.gateway.messages.media.unused, later) == 1
        assert not kept[0].exists()


async def test_a_stop_while_it_is_put_there_costs_no_second_model_run_and_doubles_nothing(tmp_path):
    async with world(tmp_path, SHOWN) as w:
        w.post.faults.script("/parcels", "lost")
        await w.played.write("价目表")
        while not w.post.parcels:  # noqa: ASYNC110 # there is nothing to wait for but the post
            await asyncio.sleep(0.1)
        played, asked = w.played, len(w.models.requests)
    assert (asked, played.post.sent) == (1, [])
    async with world(tmp_path, SHOWN, played=played) as w:
        await w.answered("delivered")
        assert w.models.requests == []
        assert [text for _, text in played.post.sent] == ["今天的价目表：", "[P1]", "还要什么？"]


async def test_a_letter_that_comes_twice_shows_its_picture_once(tmp_path):
    async with world(tmp_path, SHOWN) as w:
        letters = [w.played.letter("价目表")]
        for _ in range(3):
            await w.played.knock({"letters": letters})
        await w.answered("delivered")
        await w.played.knock({"letters": letters})
        await asyncio.sleep(5)
        assert [text for _, text in w.post.sent].count("[P0]") == 1
