"""A picture that a model draws is kept, given and paid once."""

import hashlib
import io
import json

import pytest
from PIL import Image

from pictures import picture
from runtime.engine import run
from runtime.errors import ModelFailed, ToolFailed
from runtime.lang import Text
from runtime.media.ai_label import told
from runtime.media.kept import KeptMedia
from runtime.media.made import MadeFiles
from runtime.models.painting import Painted
from runtime.network.fetched import Fetched
from runtime.templating.prompts import Prompts
from runtime.tools import Power
from runtime.tools.image import TOOL
from runtime.turn.events import Drawn
from runtime.turn.turn import Services
from script import Script, agent, calls, says, wrote
from tool_fakes import env

PNG = picture()


class Painter:
    """Implements Paints."""

    def __init__(self, *painted):
        self.painted, self.asked = list(painted), []

    async def paint(self, model, prompt, size, seconds):
        self.asked.append((model, prompt, size))
        found = self.painted.pop(0) if len(self.painted) > 1 else self.painted[0]
        if isinstance(found, Exception):
            raise found
        return found


class Web:
    def __init__(self, answer):
        self.answer, self.asked = answer, []

    async def fetch(self, method, url, *, reach, **_):
        self.asked.append((url, reach.chosen, reach.hosts))
        return self.answer


def files(tmp_path):
    def marked(what):
        return hashlib.sha256(what.encode()).hexdigest()

    return MadeFiles(KeptMedia(tmp_path), marked, lambda: "https://bot.example", "")


def tool(**more):
    return TOOL(type="image", model="openai/gpt-image-1", **more)


async def test_a_picture_is_kept_under_an_address_of_ours_wherever_it_lay(tmp_path):
    made = files(tmp_path)
    for painted in (Painted("m", PNG), Painted("m", url="https://img.example/a.png")):
        web, painter = Web(Fetched("", 200, "image/png", "", PNG)), Painter(painted)
        got = await tool(size="512x512").call({"prompt": "一只猫"}, env(web, makes=made, paints=painter))
        assert painter.asked == [("openai/gpt-image-1", "一只猫", "512x512")]
        assert got["markdown"] == f"![一只猫.png]({got['url']})"
        kept = await made.read(made.find(got["url"].removeprefix("https://bot.example")).hash)
        assert json.loads(told(kept))["AIGC"]["Label"] == "1"
        assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(PNG)).tobytes()
        assert web.asked == ([("https://img.example/a.png", "model", ())] if painted.url else [])


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
FAILS = {
    "no picture": (Painted("m", SVG), None),
    "a page": (Painted("m", url="https://x"), Fetched("", 200, "text/html", "", b"<html>")),
    "gone": (Painted("m", url="https://x"), Fetched("", 404, "", "", b"")),
    "endless": (Painted("m", url="https://x"), Fetched("", 200, "", "", PNG, cut=True)),
    "a bomb": (Painted("m", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8 + bytes(40)), None),
    "refused": (ModelFailed(Text("不行", "content policy")), None),
}


@pytest.mark.parametrize("name", FAILS)
async def test_what_is_no_picture_is_told(tmp_path, name):
    painted, answer = FAILS[name]
    with pytest.raises(ToolFailed):
        await tool().call({"prompt": "x"}, env(Web(answer), makes=files(tmp_path), paints=Painter(painted)))
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


async def test_what_the_owner_forbids_is_not_asked_for(tmp_path):
    painter = Painter(Painted("m", PNG))
    with pytest.raises(ToolFailed, match="Logo"):
        await tool(never=["Logo"]).call(
            {"prompt": "我们的 logo"}, env(None, makes=files(tmp_path), paints=painter)
        )
    for lacking in ({"paints": painter}, {"makes": files(tmp_path)}):
        with pytest.raises(ToolFailed):
            await tool().call({"prompt": "x"}, env(None, **lacking))
    assert painter.asked == []
    assert (TOOL(type="image").draws, tool().draws) == ("", "openai/gpt-image-1")
    assert (tool().powers, tool().repeatable) == ({Power.SPENDS}, False)


async def test_what_it_costs_is_told_and_a_model_that_wants_many_gets_one(tmp_path):
    painter = Painter(Painted("x/draw", PNG, cost=0.04))
    model = Script([calls(*[("image", {"prompt": str(i)}) for i in range(5)]), says("好")])
    composed = agent(
        {
            "type": "model",
            "id": "m",
            "prompt": {"text": "x"},
            "tools": [tool().model_dump(exclude_defaults=True)],
        }
    )
    services = Services(model, Prompts([]), None, makes=files(tmp_path), paints=painter)
    events = [event async for event in run(composed, wrote(), [], services)]
    assert [(e.block, e.model, e.cost) for e in events if isinstance(e, Drawn)] == [("m", "x/draw", 0.04)]
    assert len(painter.asked) == 1
