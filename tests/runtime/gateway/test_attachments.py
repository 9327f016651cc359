"""What comes with a message is got once, looked at, kept, and shown to models that see or put into words."""

import asyncio
from dataclasses import dataclass, field

import pytest
from test_showing import picture, world

from example_channel.channels.pigeon import CHANNEL, WRAPPED
from runtime.agents.agent import Agent
from runtime.errors import ModelFailed
from runtime.gateway.delivery.sender import is_of_platform
from runtime.lang import Text

SEES = Agent.load(
    {
        "id": "shop",
        "name": "店",
        "texts": {"unsupported": "看不懂"},
        "voice": "openai/whisper-1",
        "flow": [{"type": "model", "id": "answer", "images": True}],
    }
)
DEAF = SEES.model_copy(update={"voice": ""})
AMR = b"#!AMR\n" + b"\x3c" + b"\0" * 31
DOWN = ModelFailed(Text("没有回应", "down"), code="down")


@dataclass
class Ears:
    """Implements Hears."""

    text: str | Exception = "来一斤龙井"
    heard: list = field(default_factory=list)

    async def transcribe(self, model, recording, seconds):
        self.heard.append((model, recording.type, recording.content))
        if isinstance(self.text, Exception):
            raise self.text
        return self.text


async def came(w, kind="picture", text="", **more):
    letter = w.played.letter(text)
    await w.played.knock({"letters": [{**letter, "parcels": [{"kind": kind, "parcel": "P0", **more}]}]})


def seen(request):
    """What the model was shown besides text, of the last message."""
    content = request.messages[-1]["content"]
    return [part["image_url"]["url"] for part in content if part["type"] == "image_url"]


async def data_of(w):
    rows = await w.gateway.messages.database.read(
        lambda db: [dict(row) for row in db.execute("select text, message, state from messages order by seq")]
    )
    return rows[-1]


async def test_a_picture_is_kept_and_shown_to_a_model_that_sees(tmp_path):
    async with world(tmp_path, "好看", agent=SEES) as w:
        w.post.parcels["P0"] = WRAPPED + picture()
        await came(w)
        await w.answered("delivered")
        [url] = seen(w.models.requests[0])
        assert await w.gateway.kept.read(url.removeprefix("kept:")) == picture()
        assert [text for _, text in w.post.sent] == ["好看"]


async def test_it_is_shown_again_though_the_platform_has_it_no_more(tmp_path):
    async with world(tmp_path, "好看", "是的", agent=SEES) as w:
        w.post.parcels["P0"] = WRAPPED + picture()
        await came(w)
        await w.answered("delivered")
        w.post.parcels.clear()
        await w.played.write("是茶吗")
        await w.answered("delivered", "delivered")
        [earlier, *_] = w.models.requests[1].messages
        assert earlier["content"][1]["image_url"]["url"] == seen(w.models.requests[0])[0]
        assert w.post.asked.count("/parcels/P0") == 1


async def test_a_turn_that_is_taken_up_again_does_not_get_it_again(tmp_path):
    async with world(tmp_path, "好看", agent=SEES) as w:
        w.post.parcels["P0"] = WRAPPED + picture()
        w.models.gate = asyncio.Event()
        await came(w)
        for _ in range(2000):
            if w.models.requests:
                break
            await asyncio.sleep(0.1)
        played = w.played
    assert played.post.asked.count("/parcels/P0") == 1
    async with world(tmp_path, "好看", agent=SEES, played=played) as w:
        await w.answered("delivered")
        assert played.post.asked.count("/parcels/P0") == 1
        assert len(seen(w.models.requests[0])) == 1


HOSTILE = {
    "nothing": b"",
    "another kind": WRAPPED + b"%PDF-1.7",
    "a bomb": WRAPPED + b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0" + b"\0" * 4,
    "a broken picture": WRAPPED + picture()[:20],
    "what cannot be opened": picture(),
    "too much": WRAPPED + picture() + b"\0" * 1_000_001,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
async def test_what_is_no_good_is_not_kept_and_the_answer_comes_all_the_same(tmp_path, content):
    async with world(tmp_path, "什么", agent=SEES) as w:
        w.post.parcels["P0"] = content
        await came(w)
        await w.answered("delivered")
        assert not [file for file in (tmp_path / "media").rglob("*") if file.is_file()]
        assert '"lost"' in (await data_of(w))["message"]
        assert w.models.requests[0].messages[-1]["content"] == "[图片]"


async def test_voice_is_put_into_words_by_the_model_of_the_agent(tmp_path):
    ears = Ears()
    async with world(tmp_path, "好的", agent=SEES, ears=ears) as w:
        w.post.parcels["P0"] = WRAPPED + AMR
        await came(w, "song")
        await w.answered("delivered")
        assert ears.heard == [("openai/whisper-1", "audio/amr", AMR)]
        assert w.models.requests[0].messages[-1]["content"] == "来一斤龙井"
        assert (await data_of(w))["text"] == "来一斤龙井"


async def test_words_that_the_platform_gave_cost_no_model(tmp_path):
    ears = Ears()
    async with world(tmp_path, "好的", agent=SEES, ears=ears) as w:
        w.post.parcels["P0"] = WRAPPED + AMR
        await came(w, "song", "平台听到的")
        await w.answered("delivered")
        assert ears.heard == []
        assert w.models.requests[0].messages[-1]["content"] == "平台听到的"


@pytest.mark.parametrize(
    ("agent", "ears"),
    [(DEAF, Ears()), (SEES, None), (SEES, Ears(DOWN)), (SEES, Ears("  "))],
    ids=["no model chosen", "nobody listens", "the model is down", "nothing was said"],
)
async def test_voice_that_nobody_understands_is_answered_with_a_request_for_text(tmp_path, agent, ears):
    async with world(tmp_path, "好的", agent=agent, ears=ears) as w:
        w.post.parcels["P0"] = WRAPPED + AMR
        await came(w, "song")
        await w.answered("delivered")
        assert [text for _, text in w.post.sent] == ["看不懂"]
        assert w.models.requests == []


async def test_a_file_is_kept_and_named_in_words(tmp_path):
    async with world(tmp_path, "好的", agent=SEES) as w:
        w.post.parcels["P0"] = WRAPPED + b"%PDF-1.7 ..."
        await came(w, "papers", called="报价.pdf")
        await w.answered("delivered")
        await w.played.write("看到了吗")
        await w.answered("delivered", "delivered")
        assert w.models.requests[0].messages[0]["content"] == "[文件] 报价.pdf"


HOSTS = {
    "https://north.basket.example": True,
    "https://basket.example": False,
    "https://basket.example.evil.example": False,
    "https://evil.example/.basket.example": False,
    "https://x.basket.example:8443": False,
    "https://user@x.basket.example": False,
    "http://x.basket.example": False,
    "https://169.254.169.254": False,
    "https://X.BASKET.example": False,
    "": False,
}


@pytest.mark.parametrize(("host", "is_theirs"), HOSTS.items(), ids=HOSTS)
def test_a_file_is_got_from_the_platforms_own_servers_only(host, is_theirs):
    channel = CHANNEL(CHANNEL.Settings(loft="north", passphrase="kr0-kr0-kr0-kr0-kr0"))
    assert is_of_platform(channel, host) is is_theirs
