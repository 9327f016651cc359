"""Files in the playground: taken within bounds, given to the agent as on a surface, there in the next one."""

import asyncio
import io
import time

import pytest
from PIL import Image

from builder.actions import sent_files
from builder.actions.asking import Asker, asked
from builder.actions.asking import shown as as_kept
from runtime.access.actor import OWNER
from runtime.agents.agent import Agent
from runtime.errors import BadMedia, NotFound
from runtime.media.kept import HASH
from runtime.models.sound import Spoken
from script import says

MP3 = b"\xff\xfb\x90\x00" + bytes(400)


def picture():
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def shop(studio):
    def make(**more):
        flow = [{"type": "model", "id": "answer", "prompt": {"text": "你是店员"}}]
        agent = Agent.load({"id": "shop", "name": "店", "flow": flow, **more})
        made.append(studio.library.save(agent, made[-1] if made else None))

    made = []
    make()
    return make


async def kept(studio, content, name="a.md"):
    return await sent_files.keep_file(studio, name, io.BytesIO(content))


TAKEN = [
    ("条款.md", b"# a", "条款.md", "file", "text/plain"),
    ("../../etc/\x00p\u202e.png", picture(), "../../etc/p.png", "image", "image/png"),
    ("", MP3, "file.mp3", "voice", "audio/mpeg"),
    ("x" * 500, b"%PDF-1.7", "x" * 120, "file", "application/pdf"),
]


async def test_a_file_is_kept_as_what_it_is_under_no_name_of_its_own(studio, tmp_path):
    for given, content, name, kind, type in TAKEN:
        told = await kept(studio, content, given)
        assert (told["name"], told["kind"], told["type"], told["bytes"]) == (name, kind, type, len(content))
        assert await studio.senses.kept.read(told["hash"]) == content
    names = {file.name.partition(".")[0] for file in (tmp_path / "data" / "media").rglob("*.*")}
    assert len(names) == len(TAKEN)
    assert all(HASH.fullmatch(name) for name in names)


async def test_all_files_together_have_an_end(studio, monkeypatch):
    monkeypatch.setattr(sent_files, "MOST_KEPT", 10)
    assert (await kept(studio, b"# eight8"))["bytes"] == 8
    with pytest.raises(BadMedia) as told:
        await kept(studio, b"# b")
    assert told.value.code == "too_many"
    await studio.senses.kept.sweep(lambda hashes: asyncio.sleep(0, set(hashes)), lambda: time.time() + 4000)
    assert (await kept(studio, b"# b"))["bytes"] == 3


REFUSED = {
    "nothing": (b"", "empty"),
    "more than a surface takes": (bytes(20_000_001), "too_large"),
    "a video": (b"\0\0\0\x18ftypmp42" + bytes(50), "type"),
    "a broken picture": (picture()[:20], "damaged"),
}  # fmt: skip


async def test_what_is_not_taken_is_told(studio, tmp_path):
    for name, (content, code) in REFUSED.items():
        with pytest.raises(BadMedia) as refused:
            await kept(studio, content)
        assert refused.value.code == code, name
    assert not [file for file in (tmp_path / "data" / "media").rglob("*") if file.is_file()]


async def ask(studio, text, files=(), said=None):
    """`said`: what the chat came to before."""
    told = said.result if said else {}
    who = Asker("shop", "owner", told.get("chat", ""), told.get("tip", ""))
    states = [state async for state in asked(studio, who, text, list(files))]
    return states[-1]


async def test_a_document_is_read_and_stays_in_the_chat_that_is_kept(studio, script, shop):
    script.answers = [says("三年。")]
    file = await kept(studio, "# 保修\n\n龙井茶具保修三年。".encode(), "条款.md")
    said = await ask(studio, "保修多久", [file])
    chat = said.said
    asked = script.requests[0].messages[-1]["content"]
    assert asked.startswith('<data kind="file" name="条款.md"')
    assert asked.endswith("</data>\n\n保修多久")
    assert chat[0]["content"] == "📎 条款.md\n保修多久"
    await ask(studio, "再说一遍", said=said)
    history, now = script.requests[1].messages[1], script.requests[1].messages[-1]
    assert history["content"] == "[文件] 条款.md 保修多久"
    assert "龙井茶具保修三年" in now["content"]
    assert sent_files.text_of(chat[0]["content"], sent_files.files_in(chat[0])) == "保修多久"
    assert said.usage["over"]


async def test_a_picture_is_put_into_words_and_counted(studio, script, shop):
    shop(vision="x/vl")
    script.answers = [says("一只猫", cost=0.01), says("是猫。", cost=0.02)]
    said = await ask(studio, "", [await kept(studio, picture(), "猫.png")])
    chat, usage = said.said, said.usage
    assert "一只猫" in script.requests[1].messages[-1]["content"]
    assert (usage["cost"], usage["prompt_tokens"]) == (0.03, 20)
    assert [event["sense"] for event in said.result["events"] if event["type"] == "sensed"] == ["seeing"]
    assert sent_files.files_in(chat[0])[0]["described"] == "一只猫"


async def test_what_only_says_that_it_is_a_file_is_none(studio, script, shop):
    hostile = [{"hash": "../../x", "kind": "file"}, {"hash": "a" * 64, "kind": "evil"}, "x", None]
    assert sent_files.checked(hostile) == []
    assert sent_files.checked({"a": 1}) == []
    gone = sent_files.checked([{"hash": "a" * 64, "kind": "file", "name": "a.md", "evil": [1]}])
    await ask(studio, "里面是什么", gone)
    assert "没有收到" in script.requests[0].messages[-1]["content"]


async def test_what_was_sent_stays_as_long_as_a_link_to_the_chat_may_last(studio, script, shop):
    file = await kept(studio, picture())
    await ask(studio, "", [file])

    async def unused(hashes):
        return set(hashes)

    now, day = time.time(), 86_400
    assert await studio.senses.kept.sweep(unused, lambda: now + 29 * day) == 0
    assert await studio.senses.kept.sweep(unused, lambda: now + 31 * day) >= 1
    assert await sent_files.sent_file(studio, file["hash"]) is None


async def test_a_file_is_told_by_where_it_lies_so_that_it_leaves_in_pieces(studio, shop):
    file = await kept(studio, picture())
    _, type, where = await sent_files.sent_file(studio, file["hash"])
    assert (type, where.read_bytes()) == (file["type"], picture())


class Sound:
    async def speak(self, model, voice, text, seconds):
        return Spoken(MP3, model, 0.001)


async def test_an_answer_that_is_read_out_is_played_and_no_other_file_is(studio, script, shop):
    shop(speech={"when": "always", "model": "x/tts"})
    studio.senses.speaking._sound = Sound()
    script.answers = [says("有的。", cost=0.002)]
    usage = (await ask(studio, "有吗")).usage
    assert (usage["voice"]["type"], usage["cost"]) == ("audio/mpeg", 0.003)
    assert (await sent_files.voice(studio, usage["voice"]["hash"]))["type"] == "audio/mpeg"
    secret = await kept(studio, picture())
    for hash in (secret["hash"], "../../secret", "a" * 64, ""):
        with pytest.raises(NotFound):
            await sent_files.voice(studio, hash)


async def test_on_the_phone_each_file_is_what_its_person_sees_and_the_words_stand_alone(studio, shop):
    shop(flow=[{"type": "reply", "id": "say", "text": "好"}])
    image = await kept(studio, picture(), "图.png")
    paper = await kept(studio, "保修三年。".encode(), "条款.md")
    shown = [one async for one in asked(studio, Asker("shop", OWNER.id), "看看", [image, paper])]
    for result in [one.result for one in shown if one.result.get("exchanges")]:
        [exchange] = result["exchanges"]
        assert exchange["asked"] == "看看"
        assert [(one["kind"], one["name"], one["bytes"]) for one in exchange["came"]] == [
            ("image", "图.png", image["bytes"]),
            ("file", "条款.md", 15),
        ]
        assert exchange["came"][0]["url"].startswith(f"gradio_api/file=kept/{image['hash']}/")
    again = as_kept(studio, Asker("shop", OWNER.id, chat=shown[-1].result["chat"]))
    [then] = again.result["exchanges"]
    assert (then["asked"], then["came"]) == (exchange["asked"], exchange["came"])
