"""What comes with a message in words: scanned pages and pictures by a model that sees."""

import hashlib
import io

import pytest
from PIL import Image

from runtime.agents.agent import Agent
from runtime.media.kept import KeptMedia
from runtime.message import Message, in_words
from runtime.models.senses import UsualModels
from runtime.senses.fitting import Passages, written
from runtime.senses.senses import Senses
from script import DOWN, Script, says

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "model", "id": "answer"}]})


def scanned(pages=2):
    made = io.BytesIO()
    first, *rest = [Image.new("RGB", (300, 400), (250, 250, n)) for n in range(pages)]
    first.save(made, "PDF", save_all=True, append_images=rest)
    return made.getvalue()


@pytest.fixture
def kept(tmp_path):
    return KeptMedia(tmp_path / "media")


async def taken(kept, content, name, *answers, seeing="x/vl", agent=AGENT):
    models = Script(list(answers) or [says()])
    senses = Senses(models, None, kept, lambda: UsualModels(seeing=seeing))
    hash = await kept.keep(content)
    file = {"kind": "file", "name": name, "hash": hash, "type": "x/y", "bytes": len(content)}
    message = Message("m1", "u1", "", "file", data={"files": [file]})
    message, sensed = await senses.taken_in(agent, message)
    files = await senses.opened(agent, message, ())
    return files.now[0], sensed, models


async def test_pages_without_text_are_looked_at_by_a_model_that_sees_and_counted(kept):
    content = scanned()
    file, sensed, models = await taken(kept, content, "扫描.pdf", says("保修两年", cost=0.01), DOWN)
    assert (file.pages, file.is_whole, file.shown) == (2, True, "# 第 1 页 / page 1\n\n保修两年")
    assert [(one.cost, one.failed) for one in sensed] == [(0.01, False), (0.0, True)]
    assert "没有读出来" in file.told("zh").partition("\n")[0]
    [_, asked] = models.requests[0].messages
    assert asked["content"][1]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    again, sensed, models = await taken(kept, content, "别名.pdf", DOWN)
    assert (again.shown, list(sensed), models.requests) == (file.shown, [], [])


async def test_without_such_a_model_the_reason_is_told(kept):
    file, sensed, _ = await taken(kept, scanned(1), "a.pdf", seeing="")
    assert (file.shown, list(sensed)) == ("", [])
    assert "扫描" in file.why.zh
    assert file.why.zh in file.told("zh")


async def test_a_picture_of_a_calling_program_is_described_where_it_lies(kept):
    models = Script([says("一只猫")])
    senses = Senses(models, None, kept, lambda: UsualModels(seeing="x/vl"))
    message = Message("m1", "u1", "这是什么", "image", data={"url": "data:image/png;base64,AA=="})
    message, sensed = await senses.taken_in(AGENT, message)
    assert in_words(message.text, message.kind, message.data).startswith('[图片]\n<data kind="picture"')
    assert (len(sensed), message.data["described"]) == (1, "一只猫")
    again, none = await senses.taken_in(AGENT, message)
    assert (again, list(none)) == (message, [])


def test_several_long_files_share_the_budget_and_the_newest_comes_first():
    text = "".join(f"第{n}段讲茶叶的第{n}种泡法，水温不同。\n\n" for n in range(2000))
    first, second = Passages().fitting([text, text + "末尾"], "第77种泡法", 3000)
    assert "第77种泡法" in first.text
    assert "第77种泡法" in second.text
    assert len(first.text) >= len(second.text) > 100
    assert len(first.text) + len(second.text) < 4000
    [nothing] = Passages().fitting([text], "泡法", 0)
    assert (nothing.text, nothing.is_whole) == ("", False)
    [beginning] = Passages().fitting([text], "", 500)
    assert beginning.text.startswith("第0段")
    assert written([]) == ""


def test_a_voice_that_was_made_is_named_by_all_that_it_was_made_from():
    from runtime.senses.speaking import _name

    names = {_name(*each) for each in (("m", "v", "a"), ("m", "va", ""), ("mv", "", "a"))}
    assert len(names) == 3
    assert all(len(name) == len(hashlib.sha256().hexdigest()) for name in names)
