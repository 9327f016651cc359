"""Files and recordings that a client of OpenAI's API puts into its question, sent by OpenAI's own client."""

import base64
import io
import re
import wave

import openai
import pytest
from open_world import ANSWERS, opened
from test_attachments import DOWN, Ears, having
from test_files_sent import NOTE, TERMS
from test_files_sent import having as reading
from test_showing import data_url, picture

from runtime.server.api.openai_files import MOST_BYTES
from script import calls, says

HEARS = {**ANSWERS, "voice": "openai/whisper-1"}
WORDLESS = {"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "r", "text": "好"}]}
TOLD = f'<data kind="file" name="条款.md" part="all" {NOTE}>\n## 保修条款\n\n龙井茶具保修三年。'


def spoken():
    """A quarter of a second of nothing."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\0" * 2000)
    return made.getvalue()


BYTES = TERMS.encode()
WAV = spoken()
MP3 = b"\xff\xfb\x90\x00" + b"\0" * 413


def packed(content):
    return base64.b64encode(content).decode()


def file(content=BYTES, name="条款.md", type="text/markdown"):
    return {"type": "file", "file": {"filename": name, "file_data": data_url(content, type)}}


def audio(content=WAV, format="wav"):
    return {"type": "input_audio", "input_audio": {"data": packed(content), "format": format}}


def text(words):
    return {"type": "text", "text": words}


def user(*parts):
    return {"role": "user", "content": list(parts)}


def client(w):
    return openai.AsyncOpenAI(
        base_url="http://localhost/v1", api_key=w.key, http_client=w.http, max_retries=0
    )


async def ask(w, *messages, **more):
    return await client(w).chat.completions.create(model="shop", messages=list(messages), **more)


async def kept(w):
    """What is known of the files of messages."""
    sql = "select type, bytes from media order by type"
    rows = await w.gateway.messages.database.read(lambda db: db.execute(sql).fetchall())
    return [tuple(row) for row in rows]


def files_in(folder):
    return [one for one in (folder / "messages" / "media").rglob("*") if one.is_file()]


async def test_a_file_is_read_and_given_to_the_model_as_data_and_goes_with_its_message(tmp_path):
    async with opened(tmp_path, says("三年"), says("是"), senses=reading()) as w:
        first = user(text("保修多久？"), file())
        answer = await ask(w, first)
        then = [{"role": "assistant", "content": answer.choices[0].message.content}, user(text("真的？"))]
        await ask(w, first, *then)
        assert await kept(w) == [("text/plain", len(BYTES))]
    asked = w.asked[0][-1]["content"]
    assert asked.startswith(TOLD)
    assert asked.count("</data>") == 1
    assert asked.endswith("</data>\n\n保修多久？")
    assert [one["content"] for one in w.asked[1][-3:]] == ["保修多久？\n[文件] 条款.md", "三年", "真的？"]


async def test_what_was_sent_just_before_the_question_belongs_to_it(tmp_path):
    async with opened(tmp_path, says("三年"), senses=reading()) as w:
        await ask(w, user(file()), user(text("保修多久？")))
    assert w.asked[0][-1]["content"].startswith(TOLD)


async def test_a_response_that_goes_on_from_another_has_its_files(tmp_path):
    part = {"type": "input_file", "filename": "条款.md", "file_data": data_url(BYTES, "text/plain")}
    async with opened(tmp_path, says("三年"), says("是"), senses=reading()) as w:
        responses = client(w).responses
        asked = [{"role": "user", "content": [{"type": "input_text", "text": "保修多久？"}, part]}]
        first = await responses.create(model="shop", input=asked)
        await responses.create(model="shop", input="真的？", previous_response_id=first.id)
    assert w.asked[0][-1]["content"].startswith(TOLD)
    assert "龙井茶具保修三年" in str(w.asked[1])


async def test_the_same_key_gets_the_same_answer_also_once_a_file_was_read(tmp_path):
    async with opened(tmp_path, says("三年"), says("又"), agent=HEARS, senses=having(Ears("一斤"))) as w:
        again = {"extra_headers": {"idempotency-key": "k1"}}
        said = user(text("要多少？"), audio())
        told = [(await ask(w, said, **again)).choices[0].message.content for _ in range(2)]
        with pytest.raises(openai.ConflictError):
            await ask(w, user(text("要多少？"), audio(MP3, "mp3")), **again)
    assert told == ["三年", "三年"]


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ([audio()], "来一斤龙井"),
        (
            [text("他说什么？"), audio(MP3, "mp3")],
            f'他说什么？\n<data kind="voice" {NOTE}>\n来一斤龙井\n</data>',
        ),
    ],
    ids=["alone", "beside words"],
)
async def test_a_recording_is_listened_to(tmp_path, parts, asked):
    ears = Ears()
    async with opened(tmp_path, says("好"), agent=HEARS, senses=having(ears)) as w:
        await ask(w, user(*parts))
    assert [one[1] for one in ears.heard] == ["audio/mpeg" if len(parts) > 1 else "audio/wav"]
    assert w.asked[0][-1]["content"] == asked


async def test_a_recording_that_nobody_understood_is_told_as_that(tmp_path):
    async with opened(tmp_path, says("没听清"), agent=HEARS, senses=having(Ears(DOWN))) as w:
        await ask(w, user(text("他说什么？"), audio()))
    assert w.asked[0][-1]["content"] == "他说什么？\n[语音，听不到内容]"


async def test_a_picture_beside_words_is_told_to_a_model_that_sees_none(tmp_path):
    blind = {**ANSWERS, "vision": "x/vl"}
    async with opened(tmp_path, says("龙井 88 元"), says("好"), agent=blind, senses=having(None)) as w:
        await ask(w, user(text("多少钱？"), file(picture(), "a.png", "image/png")))
    mark = f'<data kind="picture" {NOTE}>\n龙井 88 元\n</data>'
    assert w.asked[1][-1]["content"] == f"多少钱？\n[图片]\n{mark}"


async def test_results_of_tools_hear_a_recording_no_second_time(tmp_path):
    ears, tool = Ears(), {"type": "function", "function": {"name": "price"}}
    answers = calls(("price", {})), says("88 元")
    async with opened(tmp_path, *answers, agent=HEARS, senses=having(ears)) as w:
        said = user(text("多少钱？"), audio())
        called = (await ask(w, said, tools=[tool])).choices[0].message
        (call,) = called.tool_calls
        result = {"role": "tool", "tool_call_id": call.id, "content": "88"}
        told = await ask(w, said, called.model_dump(exclude_none=True), result, tools=[tool])
    assert told.choices[0].message.content == "88 元"
    assert len(ears.heard) == 1


async def test_a_picture_in_a_file_is_seen_beside_others(tmp_path):
    sees = {**ANSWERS, "flow": [{"type": "model", "id": "answer", "images": True}]}
    shown = {"type": "image_url", "image_url": {"url": "https://x/y.png"}}
    async with opened(tmp_path, says("茶"), agent=sees, senses=having(None)) as w:
        await ask(w, user(text("这是什么？"), shown, file(picture(), "a.pdf", "application/pdf")))
    urls = [one["image_url"]["url"] for one in w.asked[0][-1]["content"] if one["type"] == "image_url"]
    assert [url.partition(":")[0] for url in urls] == ["kept", "https"]


BOMB = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\1\0\0\0\1\0\0" + b"\x08\x02\0\0\0"
HOSTILE = {
    "no base64": (ANSWERS, [{"type": "file", "file": {"file_data": "data:a/b;base64,QQ=*"}}], 400),
    "signs between that are none": (ANSWERS, [{"type": "file", "file": {"file_data": "Q*Q=!="}}], 400),
    "half of it": (ANSWERS, [{"type": "file", "file": {"file_data": packed(b"12345")[:-3]}}], 400),
    "an address": (ANSWERS, [{"type": "file", "file": {"file_data": "https://x/a.pdf"}}], 400),
    "no base64 said": (ANSWERS, [{"type": "file", "file": {"file_data": "data:text/plain,abc"}}], 400),
    "an endless head": (
        ANSWERS,
        [{"type": "file", "file": {"file_data": f"data:{'a' * 300};base64,QQ=="}}],
        400,
    ),
    "nothing in it": (ANSWERS, [{"type": "file", "file": {"filename": "a.pdf"}}], 400),
    "nothing behind the comma": (ANSWERS, [{"type": "file", "file": {"file_data": "data:;base64,"}}], 400),
    "an id": (ANSWERS, [{"type": "file", "file": {"file_id": "file-1"}}], 400),
    "no file at all": (ANSWERS, [{"type": "file"}], 400),
    "a text for a file": (ANSWERS, [{"type": "file", "file": "a.pdf"}], 400),
    "a bomb": (ANSWERS, [file(BOMB)], 400),
    "a broken picture": (ANSWERS, [file(picture()[:20])], 400),
    "a video": (ANSWERS, [file(b"\0\0\0\x18ftypmp42" + b"\0" * 20)], 400),
    "one too many": (ANSWERS, [file(b"x")] * 10, 413),
    "too much": (ANSWERS, [file(b"x" * (MOST_BYTES + 10_000))], 413),
    "sound too long": (HEARS, [audio(b"ID3" + b"\0" * (5 * 2**20), "mp3")], 413),
    "another sound than said": (HEARS, [audio(WAV, "mp3")], 400),
    "words for sound": (HEARS, [audio(b"hello")], 400),
    "a format of none": (HEARS, [audio(WAV, "flac")], 400),
    "nobody listens": (ANSWERS, [audio()], 400),
    "sound as a file that nobody hears": (ANSWERS, [file(WAV, "a.txt")], 400),
    "nobody reads": (WORDLESS, [file()], 400),
    "one good, one bad": (ANSWERS, [file(), file(BOMB)], 400),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_file_to_be_taken_is_refused_and_nothing_of_it_kept(tmp_path, name):
    agent, parts, status = HOSTILE[name]
    async with opened(tmp_path, agent=agent, senses=having(Ears())) as w:
        said = {"model": "shop", "messages": [user(text("看"), *parts)]}
        response = await w.http.post("/v1/chat/completions", json=said)
        error = response.json()["error"]
        assert (response.status_code, error["type"]) == (status, "invalid_request_error")
        assert error["param"].startswith("messages")
        assert not files_in(tmp_path)
        assert not w.models.requests


@pytest.mark.parametrize("role", ["system", "assistant", "developer"])
async def test_a_file_of_anybody_but_the_user_is_refused_by_name(tmp_path, role):
    async with opened(tmp_path) as w:
        messages = [user(text("一")), {"role": role, "content": [file()]}, user(text("二"))]
        response = await w.http.post("/v1/chat/completions", json={"model": "shop", "messages": messages})
    assert (response.status_code, "'file'" in response.json()["error"]["message"]) == (400, True)


@pytest.mark.parametrize("field", ["file_id", "file_url"])
@pytest.mark.parametrize("kind", ["input_file", "input_image"])
async def test_a_response_gets_nothing_by_an_id_or_an_address(tmp_path, kind, field):
    async with opened(tmp_path) as w:
        said = [{"role": "user", "content": [{"type": kind, field: "https://x/y"}]}]
        response = await w.http.post("/v1/responses", json={"model": "shop", "input": said})
    assert (response.status_code, field in response.json()["error"]["message"]) == (400, True)


async def test_a_name_is_a_name_and_never_a_path(tmp_path):
    called = ["../../etc/passwd", "C:\\a\\b.txt", "a\n\0b", "长" * 500]
    async with opened(tmp_path, says("好"), senses=reading()) as w:
        await ask(w, user(text("看"), *(file(b"x", one) for one in called)))
    asked = w.asked[0][-1]["content"]
    assert re.findall(r' name="(.*?)"', asked) == ["passwd", "b.txt", "ab", "长" * 120]
