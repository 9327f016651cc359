"""Pictures, voice and cards of an Official Account, both ways, against a simulated WeChat."""

import asyncio
import base64
import io
import json
import wave

import pytest
from ladder import AGENT, world
from PIL import Image

from played_world import run
from runtime.media.ai_label import labelled, said, told
from runtime.media.kept import KeptMedia
from runtime.models.senses import UsualModels
from runtime.models.sound import Spoken
from runtime.senses.senses import Senses
from runtime.simulator.http import Request
from runtime.simulator.wechat.account_played import OUT_OF_SERVICE, Habits
from runtime.simulator.wechat.accounts import RIGHTS, of_kind
from runtime.simulator.wechat.material import DAYS_3, Shelf
from runtime.simulator.wechat.platform import Platform

CARD = '[![新茶上市](https://shop.example/tea.jpg)](https://shop.example/tea "明前龙井")'


@pytest.fixture(autouse=True)
def owners_host(monkeypatch):
    """The owner names where the pictures are; of others a link is left."""
    monkeypatch.setitem(AGENT["flow"][0], "prompt", {"text": "图片都在 https://shop.example/ 下"})


def picture(form="PNG"):
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, form)
    return made.getvalue()


PICTURE = f"![价目表](data:image/png;base64,{base64.b64encode(picture()).decode()})"


@pytest.mark.parametrize("kind", RIGHTS)
@pytest.mark.parametrize("seconds", [2, 14, 40])
def test_a_picture_is_shown_where_the_account_may_and_told_in_words_where_it_may_not(kind, seconds, tmp_path):
    async def work():
        async with world(tmp_path, kind, seconds) as w:
            w.model.text = f"请看\n{PICTURE}"
            phone = w.wechat.phone()
            await phone.write("价目表")
            await asyncio.sleep(seconds + 60)
            if not RIGHTS[kind].pushes and seconds > 13:
                await phone.write("看回答")
                await asyncio.sleep(20)
            shown = [text for text in phone.received if "还在想" not in text]
            if RIGHTS[kind].pushes:
                assert shown == ["请看", "[图片]"]
                [kept] = [one for one in w.platform.shelf.kept.values()]
                assert kept.content == picture()
            else:
                assert "价目表" in shown[-1]
                assert "base64" not in "".join(shown)
            assert OUT_OF_SERVICE not in [bubble.text for bubble in phone.bubbles]
            assert (await w.states())[0] == "delivered"

    run(work())


AMR = b"#!AMR\n" + b"\x04" + bytes(12)


def recorded(seconds):
    made = io.BytesIO()
    with wave.open(made, "wb") as written:
        written.setparams((1, 2, 8000, 0, "NONE", ""))
        written.writeframes(bytes(int(8000 * seconds) * 2))
    return made.getvalue()


MP3 = b"\xff\xfb\x90\x00" + bytes(400)


class Sound:
    """Implements runtime.models.sound.Sound, as far as it speaks."""

    asked = 0

    def __init__(self):
        self.texts, self.made_of = [], []

    async def speak(self, model, voice, text, seconds):
        self.asked += 1
        self.texts.append(text)
        await asyncio.sleep(2)
        return Spoken(MP3, model, 0.001)

    async def converted(self, recording, type, seconds):
        self.made_of.append(recording)
        return recorded(0.5) if type == "audio/wav" else AMR


SPEAKING = {**AGENT, "speech": {"when": "always", "model": "x/tts"}}


@pytest.mark.parametrize("kind", RIGHTS)
@pytest.mark.parametrize("seconds", [1, 14])
def test_an_answer_is_read_out_behind_its_text_where_the_account_may(kind, seconds, tmp_path):
    sound = Sound()

    def senses(folder):
        return Senses(None, sound, KeptMedia(folder), UsualModels)

    async def work():
        async with world(tmp_path, kind, seconds, agent=SPEAKING, senses=senses) as w:
            phone, told = w.wechat.phone(), []
            for text in ("有的。", "还有红茶。"):
                w.model.text = text
                told += [text, "[语音]"] if RIGHTS[kind].pushes else [text]
                await phone.write("有龙井吗")
                await asyncio.sleep(seconds + 60)
                assert [one for one in phone.received if "还在想" not in one] == told
            assert OUT_OF_SERVICE not in [bubble.text for bubble in phone.bubbles]
            assert set(await w.states()) == {"delivered"}
            assert sound.asked == (2 if RIGHTS[kind].pushes else 0)
            assert len(w.platform.shelf.kept) == (2 if RIGHTS[kind].pushes else 0)

    run(work())


@pytest.mark.parametrize("kind", RIGHTS)
@pytest.mark.parametrize("wire", ["xml", "json"])
def test_a_card_needs_no_permission(kind, wire, tmp_path):
    async def work():
        async with world(tmp_path, kind, 2, wire=wire) as w:
            w.model.text = CARD
            phone = w.wechat.phone()
            await phone.write("新茶")
            await asyncio.sleep(60)
            assert phone.received == ["新茶上市\n明前龙井\nhttps://shop.example/tea"]
            route = {bubble.route for bubble in phone.bubbles if bubble.side == "account"}
            assert route == {"push" if RIGHTS[kind].pushes else "reply"}

    run(work())


DRAWN = (
    f"![茶](data:image/png;base64,{base64.b64encode(labelled(picture(), 'image/png', said('店'))).decode()})"
)
MARK = "（内容由 AI 生成）"


@pytest.mark.parametrize(
    ("label", "is_said", "is_seen"),
    [
        ({}, True, True),
        ({"when": "auto"}, True, True),
        ({"when": "always", "pictures": False}, True, False),
        ({"when": "never"}, False, False),
    ],
)
def test_what_ai_drew_reaches_wechat_with_its_marks(tmp_path, label, is_said, is_seen):
    async def work():
        async with world(tmp_path, "verified_service", 1, agent=labelling(label)) as w:
            w.model.text = f"请看\n{DRAWN}"
            phone = w.wechat.phone()
            await phone.write("画一杯茶")
            await asyncio.sleep(60)
            assert "[图片]" in phone.received
            assert (MARK in "".join(phone.received)) is is_said
            [kept] = w.platform.shelf.kept.values()
            assert json.loads(told(kept.content))["AIGC"]["ContentProducer"] == "店"
            shown = Image.open(io.BytesIO(kept.content)).convert("RGB").tobytes()
            assert (shown != Image.open(io.BytesIO(picture())).convert("RGB").tobytes()) is is_seen

    run(work())


def labelling(label, **more):
    return {**AGENT, "safety": {"label": label}, **more}


@pytest.mark.parametrize(
    ("label", "said_first"),
    [({}, "以下内容由AI生成。"), ({"when": "never"}, ""), ({"sound": "never"}, ""), ({"sound": "tone"}, "")],
)
def test_a_voice_reaches_wechat_with_its_marks(tmp_path, label, said_first):
    sound = Sound()

    def senses(folder):
        return Senses(None, sound, KeptMedia(folder), UsualModels)

    async def work():
        speech = {"when": "always", "model": "x/tts"}
        agent = labelling(label, speech=speech)
        async with world(tmp_path, "verified_service", 1, agent=agent, senses=senses) as w:
            w.model.text = "有的。"
            await w.wechat.phone().write("有龙井吗")
            await asyncio.sleep(60)
            assert sound.texts == [f"{said_first}有的。"]
            [kept] = w.platform.shelf.kept.values()
            if label.get("sound") == "tone":
                assert kept.content == AMR  # which has no place for more
                with wave.open(io.BytesIO(sound.made_of[-1].content)) as whole:
                    assert 1.5 < whole.getnframes() / whole.getframerate() < 2.5
            else:
                assert json.loads(told(kept.content))["AIGC"]["Label"] == "1"
                assert sound.made_of == []

    run(work())


def test_a_repeat_whose_response_was_lost_gets_the_same_card_again(tmp_path):
    async def work():
        async with world(tmp_path, "unverified_subscription", 2, Habits(loses=(1,))) as w:
            w.model.text = CARD
            phone = w.wechat.phone()
            await phone.write("新茶")
            assert phone.received == ["新茶上市\n明前龙井\nhttps://shop.example/tea"]
            assert len(w.model.requests) == 1

    run(work())


def test_a_picture_that_wechat_lost_is_put_there_again(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 1) as w:
            w.model.text = PICTURE
            phone = w.wechat.phone()
            for _ in range(2):
                await phone.write("价目表")
                await asyncio.sleep(60)
            assert len(w.platform.shelf.kept) == 1
            w.platform.shelf.kept.clear()
            await phone.write("价目表")
            await asyncio.sleep(60)
            assert phone.received == ["[图片]"] * 3
            assert [call.code for call in w.platform.called if call.path == "message/custom/send"] == [
                0, 0, 40007, 0,
            ]  # fmt: skip

    run(work())


@pytest.mark.parametrize("fault", ["hang", "http_502", "html", "lost", "deep", -1, 45011])
def test_trouble_at_the_upload_delays_a_picture_and_doubles_nothing(fault, tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 1) as w:
            w.model.text = PICTURE
            w.platform.faults.script("media/upload", fault)
            phone = w.wechat.phone()
            await phone.write("价目表")
            await asyncio.sleep(150)
            assert phone.received == ["[图片]"]

    run(work())


async def shown_to_model(w, phone, send):
    await send(phone)
    await asyncio.sleep(60)
    content = w.model.requests[0].messages[-1]["content"]
    return [part["image_url"]["url"] for part in content if isinstance(part, dict) and "image_url" in part]


@pytest.mark.parametrize("kind", RIGHTS)
def test_a_picture_that_is_sent_is_seen_on_every_kind_of_account(kind, tmp_path, monkeypatch):
    """By its address, which needs no permission."""
    monkeypatch.setitem(AGENT["flow"][0], "images", True)

    async def work():
        async with world(tmp_path, kind, 1) as w:
            phone = w.wechat.phone()
            [url] = await shown_to_model(w, phone, lambda phone: phone.send_file("image", picture("JPEG")))
            assert await w.gateway.kept.read(url.removeprefix("kept:")) == picture("JPEG")

    run(work())


@pytest.mark.parametrize("kind", RIGHTS)
def test_voice_of_an_account_that_may_not_fetch_it_is_answered_in_words(kind, tmp_path):
    async def work():
        async with world(tmp_path, kind, 1) as w:
            phone = w.wechat.phone()
            await phone.send_file("voice", b"#!AMR\n\x3c" + bytes(31), Format="amr")
            await asyncio.sleep(60)
            [answer] = phone.received
            assert "请发文字" in answer
            kept = [file for file in (tmp_path / "media").rglob("*") if file.is_file()]
            assert bool(kept) == RIGHTS[kind].media

    run(work())


# The platform itself


def form(content, name="media"):
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'.encode()
    return head + content + b"\r\n--b--\r\n"


UPLOADS = {
    "a picture": ("image", picture(), 0),
    "voice": ("voice", b"#!AMR\n", 0),
    "no picture": ("image", b"<html>", 40005),
    "a kind that there is not": ("file", b"%PDF", 40004),
    "too large": ("image", picture() + bytes(10_000_001), 40009),
    "a thumb that is too large": ("thumb", b"\xff\xd8\xff" + bytes(64_000), 40012),
}


@pytest.mark.parametrize(("kind", "content", "code"), UPLOADS.values(), ids=UPLOADS)
def test_what_may_lie_there(kind, content, code):
    found = Shelf().upload("wx", kind, form(content), 0)
    assert (found if isinstance(found, int) else 0) == code


def test_a_form_without_the_file_is_told():
    assert Shelf().upload("wx", "image", form(picture(), "file"), 0) == 41005
    assert Shelf().upload("wx", "image", b"{}", 0) == 41005


def test_what_lies_there_is_its_owners_for_three_days():
    shelf = Shelf()
    id = shelf.upload("wx", "image", form(picture()), 0)
    assert shelf.find("wx", id, DAYS_3 - 1).content == picture()
    assert shelf.find("wx", id, DAYS_3) is None
    assert shelf.find("another", id, 1) is None


def test_a_test_account_may_put_five_hundred_there_a_day():
    now = [1_800_000_000.0]
    account = of_kind("test")
    platform = Platform([account], lambda: now[0])
    given = {"appid": account.app_id, "secret": account.app_secret}
    answer = platform.call(Request("POST", "/cgi-bin/stable_token", {}, json.dumps(given).encode()))
    token = json.loads(answer.body)["access_token"]

    def upload():
        query = {"access_token": token, "type": "image"}
        request = Request("POST", "/cgi-bin/media/upload", query, form(picture()))
        return json.loads(platform.call(request).body).get("errcode", 0)

    assert [upload() for _ in range(501)] == [0] * 500 + [45009]
