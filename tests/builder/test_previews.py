"""What a preview shows is what people get: the same bytes as arrive at a played platform, on every surface.

Each surface gets 12 of 500 generated answers, each its own; PREVIEWS=500 gives it all of them.
"""

import asyncio
import base64
import functools
import io
import json
import os
import random
import re
from types import SimpleNamespace

import pytest
from PIL import Image

from builder import phone
from builder.actions import stage
from builder.actions.stage import Recorded, Scene
from runtime import wellformed
from runtime.agents.agent import Agent
from runtime.simulator import registry
from runtime.simulator.fast_loop import FastLoop
from runtime.templating import sandbox
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services

ALL = 500
PACED = 60
"""Looks, on a clock that jumps: for longer than any platform has an answer wait for its pace."""
DRAWN_THERE = {"webhook"}
"""They are sent choices as words and as data, and draw what they like of it."""
SURFACES = [name for name in phone.surfaces() if name in registry() and name not in DRAWN_THERE]
EACH = int(os.environ.get("PREVIEWS") or 12)
ABLE = {
    "wechat": "verified_service",
    "wechat_component": "verified_service",
    "wecom_kf": "verified",
    "wecom_app": "trusted",
    "wecom_bot": "connection",
    "dingtalk": "connection",
    "feishu": "connection",
    "ilink": "person",
    "telegram": "poll",
    "whatsapp": "number",
    "slack": "app",
    "discord": "bot",
    "miniprogram": "safe",
}
"""Of each surface an account that may do what its surface can, which is what a preview shows."""
AGENT = Agent.load(
    {
        "format": 1,
        "id": "a",
        "name": "A",
        "flow": [{"type": "model", "id": "answer"}],
        "safety": {"label": {"when": "never"}},
    }
)


@functools.cache
def picture():
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    return made.getvalue()


class Gives:
    """A picture, wherever one looks."""

    async def fetch(self, *_, **__):
        return SimpleNamespace(cut=False, status=200, body=picture())


HERE = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
SOME = (
    "一叶茶铺早上七点开门。", "Open from 7 to 10, closed on Mondays.", "👨‍👩‍👧‍👦🏳️‍🌈👍🏽", "שלום עולם abc",
    "مرحبا ١٢٣ بكم", "<b>&amp;</b> ]]> <a href='x'>y</a>", "50% off & \"quotes\" 'n' \\backslash\\",
    "a\0b", "x\ud83dy", "\ud83d\ude00", "e\u0301\u0323", "\u202eback\u202c", "$E=mc^2$", "\ufeff\u200b零宽",
    "`code` 与 **粗** 和 *斜* ~~删~~", "[看菜单](https://tea.example/menu?a=1&b=2)", "\r\n回车\r",
    "https://tea.example/%E8%8C%B6?q=茶", "<think>no</think>", "{{ braces }} {% raw %}",
)  # fmt: skip


def block(dice):
    """One paragraph, list, table, code …"""

    def some():
        return dice.choice(SOME)

    return dice.choice(
        (
            lambda: " ".join(some() for _ in range(dice.randint(1, 4))),
            lambda: f"{'#' * dice.randint(1, 6)} {some()}",
            lambda: "\n".join(f"- {some()}" for _ in range(dice.randint(1, 5))),
            lambda: "\n".join(f"{i}. {some()}\n   - {some()}" for i in range(1, dice.randint(2, 5))),
            lambda: f"| a | {some()} |\n| --- | :-: |\n| {some()} | 2 |",
            lambda: f"```{dice.choice(('', 'python', 'mermaid'))}\n{some()}\n  {some()}\n```",
            lambda: "> " + "\n> ".join(some() for _ in range(2)),
            lambda: some() * dice.choice((1, 60, 400)),
            lambda: dice.choice("字aé😀") * dice.choice((300, 2049, 7000)),
            lambda: (
                f"![{dice.choice(('图', '', some()))}]({dice.choice((HERE, 'https://shop.example/a.png'))})"
            ),
            lambda: "---",
        )
    )()


def answer(seed):
    """As it comes out of a model's reader: text that can be kept."""
    dice = random.Random(seed)
    blocks = [block(dice) for _ in range(dice.randint(1, 6))]
    if dice.random() < 0.15:
        about = dice.choice(SOME)[:9].replace('"', "")
        blocks = [f'[![新茶](https://a.example/tea.jpg)](https://a.example/{seed} "明前 {about}")']
    if dice.random() < 0.2:
        options = (f"- [{dice.choice(('查订单', 'Refund', '甲' * 30))}{i}](menu:o{i})" for i in range(3))
        blocks.append("\n".join(options))
    return wellformed.text("\n\n".join(blocks))


async def arrived(channel, answers, folder):
    """What the platform got for each, in order."""
    loop = asyncio.get_running_loop()
    simulation = registry()[channel](ABLE[channel], loop.wall)
    services = Services(stage.RecordedModels(Recorded(), 0.5), Prompts([]), Gives())
    scene = Scene(AGENT, [Recorded(text=one) for one in answers], channel, ABLE[channel], 0.5)
    found = []
    async with stage._gateway(folder, scene, services, simulation, loop) as gateway:
        [surface] = gateway.surfaces.all()
        await gateway.abilities.find_out(surface)
        for number, one in enumerate(answers):
            before = len(simulation.seen())
            services.models.recorded = Recorded(text=one)
            await simulation.write(f"问{number}")
            due = len(phone.parts(one, channel))
            for _ in range(PACED):
                await asyncio.sleep(1.5)
                arrived = [seen for seen in simulation.seen()[before:] if is_ours(seen)]
                if len(arrived) >= due:
                    break
            await asyncio.sleep(12)  # what is too much; and nobody writes faster than a platform answers
            arrived = [seen for seen in simulation.seen()[before:] if is_ours(seen)]
            found.append([told(seen.sent) for seen in arrived])
            if any(PAGE.search(seen.sent) for seen in arrived):  # who taps has the rest, and is not sent it
                await simulation.follow(stage.invitation(simulation))
    return found


def is_ours(seen):
    """Not the page behind a link."""
    return seen.side == "account" and seen.route != "page"


def expected(part):
    """What a part of a preview looks like at the platform."""
    shown = part.shown
    if part.kind == "text" or (part.kind == "choices" and not shown):
        return part.text
    if part.kind == "choices":
        return "\n".join([shown["question"], *(one["text"] for one in shown["options"])])
    if part.kind == "news":
        told = [shown["title"], shown.get("description", ""), shown["url"]]
        return "\n".join(one for one in told if one)
    return part.kind


PICTURES = ("[图片]", "[2]")
PAGE = re.compile(r"https://rehearsal\.example/r/[\w-]+")
MENU = re.compile(r'<a href="weixin://bizmsgmenu\?[^"]*">(.*?)</a>')


def told(sent):
    """The same of what arrived: a picture is one, a menu its words, a card its fields."""
    if sent in PICTURES:
        return "image"
    if sent.startswith('{"articles":'):
        [card] = json.loads(sent)["articles"]
        return "\n".join(one for one in (card["title"], card.get("description", ""), card["url"]) if one)
    return PAGE.sub("https://…/r/…", MENU.sub(r"\1", sent))


@pytest.mark.timeout(60 * max(1, EACH // 12))
@pytest.mark.parametrize("channel", SURFACES)
def test_people_get_what_the_preview_shows(channel, tmp_path):
    at = SURFACES.index(channel) * EACH
    answers = [answer(seed % ALL) for seed in range(at, at + EACH)]
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        got = runner.run(arrived(channel, answers, tmp_path))
    differing = [
        (text, sent, shown)
        for text, sent in zip(answers, got, strict=True)
        if sent != (shown := [expected(part) for part in phone.parts(text, channel)])
    ]
    assert differing[:1] == []


def test_what_a_template_makes_can_be_kept_and_sent():
    assert sandbox.render("{{ '\\ud83d' }}{{ 'a\\0b' }}", {}) == "\ufffdab"
    assert sandbox.compute("['\\ud83d']", {}) == ["\ufffd"]
