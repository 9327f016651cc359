"""A Mini Program's side, played: codes, its customer-service window, and what may be told unasked."""

import asyncio
import base64
import io
import json

import pytest
from PIL import Image

from played_world import faced, jumping
from runtime import simulator
from runtime.channels import ApiAnswer, registry
from runtime.errors import Refused, SendFailed
from runtime.simulator.http import Request
from runtime.simulator.miniprogram.simulation import TEMPLATE
from script import Slow, says, services

THEM = "o6_bmjrCr0wd6_2sgVt70000007"
AGENT = {
    "format": 1,
    "id": "shop",
    "name": "店",
    "texts": {"greeting": "欢迎"},
    "safety": {"label": {"when": "never"}},
    "flow": [{"type": "model", "id": "answer", "prompt": {"text": "https://shop.example/"}}],
}


class Clock:
    now = 1_790_000_000.0

    def __call__(self):
        return self.now


def world(folder, kind, *answers, slow=0.0):
    played = simulator.registry()["miniprogram"](kind, asyncio.get_running_loop().wall)
    return faced(folder, played, ("miniprogram", AGENT), services(Slow(list(answers), seconds=slow)), url="")


def shown(played):
    return [one.sent for one in played.seen() if one.side != "me"]


@pytest.mark.parametrize("kind", ["safe", "plain"])
def test_who_writes_in_its_window_sees_that_it_is_written_and_the_answer_once(tmp_path, kind):
    async def work(folder):
        async with world(folder, kind, says("**好**"), slow=8) as w:
            played = w.played
            await played.write("你好")
            await w.come_to("delivered")
            assert (shown(played), played.pushes()) == (["好"], (1, 5))
            assert played.typing()

    jumping(work)(tmp_path)


def test_who_comes_in_is_greeted_and_an_answer_has_at_most_five_messages(tmp_path):
    async def work(folder):
        async with world(folder, "safe", says("长" * 9000)) as w:
            played = w.played
            phone = played.window.phone()
            await played.window.enter(phone, "tea")
            await w.until(lambda: phone.received == ["欢迎"])
            await phone.write("说说")
            await asyncio.sleep(60)
            assert 2 <= len(played.platform.sent) <= 6
            assert {call.code for call in played.platform.called} <= {0, 40003}  # the last is our probe's

    jumping(work)(tmp_path)


def png():
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    return made.getvalue()


PNG = png()
TEA = f"![红茶](data:image/png;base64,{base64.b64encode(PNG).decode()})"


@pytest.mark.parametrize(
    ("answer", "kinds", "seen"),
    [
        (f"请看\n{TEA}", ["text", "image"], ["请看", "[图片]"]),
        (f"[{TEA}](pages/chat/chat?id=1)", ["miniprogrampage"], ["红茶\npages/chat/chat?id=1"]),
        (f"[{TEA}](pages/none/none)", ["text"], ["红茶"]),
        (
            '[新茶](https://shop.example/tea "明前龙井")',
            ["link"],
            ["新茶\n明前龙井\nhttps://shop.example/tea"],
        ),
    ],
    ids=["a picture", "a page of its own", "a page that is not online goes in words", "a link"],
)
def test_pictures_and_cards_are_seen_in_its_window(tmp_path, answer, kinds, seen):
    async def work(folder):
        async with world(folder, "safe", says(answer)) as w:
            played = w.played
            await played.write("你好")
            await w.come_to("delivered")
            assert [one.kind for one in played.platform.sent] == kinds
            assert shown(played) == seen

    jumping(work)(tmp_path)


def test_a_picture_that_somebody_sends_there_is_got_and_told_to_the_agent(tmp_path):
    async def work(folder):
        async with world(folder, "safe", says("一张图")) as w:
            played = w.played
            phone = played.window.phone()
            await phone.send_file("image", PNG)
            await w.come_to("delivered")
            row = await w.gateway.messages.database.read(
                lambda db: db.execute("select message from messages").fetchone()
            )
            [file] = json.loads(row["message"])["data"]["files"]
            assert (file["kind"], file["type"]) == ("image", "image/png")

    jumping(work)(tmp_path)


def asked(played, request):
    body = json.dumps(request.body, ensure_ascii=False).encode() if request.body else b""
    made = Request("POST" if body else "GET", request.path, dict(request.query), body)
    return ApiAnswer(200, json.loads(played.call(made).body))


def authorized(channel, played, request):
    token = channel.token(asked(played, channel.token_request())).value
    return asked(played, channel.authorized(request, token))


@pytest.fixture
def both():
    """Our channel, the platform, and its clock."""
    clock, kind = Clock(), registry()["miniprogram"]
    played = simulator.registry()["miniprogram"]("safe", clock)
    return kind(kind.Settings(**played.settings)), played, clock


@pytest.mark.parametrize(
    ("later", "again", "code"),
    [(0, False, ""), (299, False, ""), (300, False, "40029"), (0, True, "40163")],
)
def test_a_code_tells_who_it_is_once_and_for_five_minutes(both, later, again, code):
    channel, played, clock = both
    request = channel.signs_in(played.sign_in(7), clock())
    clock.now += later
    answer = asked(played, request)
    if again:
        answer = asked(played, request)
    assert str(answer.data.get("errcode", "")) == code
    if code:
        with pytest.raises(Refused):
            channel.told_who(answer)
    else:
        assert channel.told_who(answer).sender == THEM


def test_each_yes_lets_one_notice_come(both):
    channel, played, _ = both
    played.sign_in(7)
    played.platform.subscriptions.agree(THEM, TEMPLATE)

    def told():
        channel.pushed(authorized(channel, played, channel.push("茶到了", THEM, "k")))

    told()
    with pytest.raises(SendFailed) as refused:
        told()
    assert refused.value.code == "43101"
    [sent] = played.platform.sent
    assert (sent.to, sent.text[:5], played.pushes()[0]) == (THEM, "茶到了 2", 0)


def test_what_somebody_writes_is_checked_within_two_hours_of_their_being_there(both):
    channel, played, clock = both
    played.platform.inspector.risky["坏话"] = 20003
    played.sign_in(7)

    def judged(text):
        return channel.inspected(authorized(channel, played, channel.inspect(text, THEM, "comment")))

    assert [judged(text).suggestion for text in ("好话", "坏话")] == ["pass", "risky"]
    clock.now += 2 * 3600
    with pytest.raises(SendFailed) as refused:
        judged("好话")
    assert refused.value.code == "61010"
