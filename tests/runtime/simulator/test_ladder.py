"""Every kind of account, every speed of the model: the person gets the whole answer, with one tap at most."""

import asyncio
from dataclasses import dataclass, replace

import pytest
from ladder import world

from bench.invariants import check
from played_world import run
from runtime.simulator.wechat.account_played import OUT_OF_SERVICE, Habits
from runtime.simulator.wechat.accounts import RIGHTS

pytestmark = pytest.mark.usefixtures("engine")

SECONDS = (2, 6, 14, 40, 300)
MATRIX = [(kind, seconds) for kind in RIGHTS for seconds in SECONDS]
SLOW = "unverified_subscription"


def has(phone, mark):
    return any(f"A{mark}A" in text for text in phone.received)


async def asks(w, phone, mark, wait):
    """Write, wait so long, and tap once if the answer is not there by then."""
    began = w.wechat.clock()
    delivered = await phone.write(f"你好 Q{mark}E")
    await asyncio.sleep(max(0.0, began + wait - w.wechat.clock()))
    tapped = not has(phone, mark)
    if tapped:
        await phone.tap()
        await asyncio.sleep(1)
    return delivered, tapped


@pytest.mark.parametrize(("kind", "seconds"), MATRIX, ids=[f"{kind}-{seconds}s" for kind, seconds in MATRIX])
def test_everybody_gets_the_whole_answer_once(kind, seconds, tmp_path):
    async def work():
        async with world(tmp_path, kind, seconds) as w:
            phone = w.wechat.phone()
            phone.open_page = w.page
            delivered, tapped = await asks(w, phone, 7, seconds + 3)
            await asyncio.sleep(60)
            assert sum(text.count("A7A") for text in phone.received) == 1
            assert tapped == (not RIGHTS[kind].pushes and seconds > 14)
            assert OUT_OF_SERVICE not in [bubble.text for bubble in phone.bubbles]
            assert delivered.reply.kind != "fault"
            assert len(w.model.requests) == 1
            assert await w.states() == ["delivered"]
            assert check(w.wechat.history).broken == ()

    run(work())


@pytest.mark.parametrize("seconds", [40, 300])
def test_a_tap_before_the_answer_is_there_is_enough(seconds, tmp_path):
    async def work():
        async with world(tmp_path, SLOW, seconds) as w:
            phone = w.wechat.phone()
            phone.open_page = w.page
            _, tapped = await asks(w, phone, 7, 16)
            assert tapped
            assert has(phone, 7)
            assert len(w.model.requests) == 1

    run(work())


def test_without_a_public_address_the_tap_sends_a_word_and_the_answer_comes_in_the_chat(tmp_path):
    async def work():
        async with world(tmp_path, SLOW, 40, public_url="") as w:
            phone = w.wechat.phone()
            _, tapped = await asks(w, phone, 7, 43)
            assert tapped
            assert phone.bubbles[-1].route == "reply"
            assert has(phone, 7)
            assert len(w.model.requests) == 1

    run(work())


@dataclass(frozen=True)
class Weather:
    id: str
    habits: Habits
    kind: str = SLOW
    seconds: float = 12


WEATHERS = [
    Weather("three repeats", Habits(attempts=4)),
    Weather("the first response is lost", Habits(loses=(1,)), seconds=2),
    Weather("the second response is lost", Habits(loses=(2,)), seconds=7),
    Weather("every request comes twice", Habits(copies=2)),
    Weather("every request comes three times", Habits(copies=3), seconds=6),
    Weather("pushed, three times each", Habits(copies=3), kind="verified_service"),
    Weather("pushed, and the response is lost", Habits(loses=(1, 2)), kind="verified_service"),
    Weather("a bad status is final", Habits(failed_status_is_final=True)),
]


@pytest.mark.parametrize("weather", WEATHERS, ids=lambda weather: weather.id)
def test_the_answer_comes_through_in_any_weather(weather, tmp_path):
    async def work():
        async with world(tmp_path, weather.kind, weather.seconds, weather.habits) as w:
            phone = w.wechat.phone()
            phone.open_page = w.page
            _, tapped = await asks(w, phone, 7, 30)
            assert not tapped
            assert sum(text.count("A7A") for text in phone.received) == 1
            assert len(w.model.requests) == 1

    run(work())


@pytest.mark.parametrize("kind", RIGHTS)
def test_the_very_first_message_is_answered_before_we_know_what_the_account_may_do(kind, tmp_path):
    async def work():
        async with world(tmp_path, kind, 40, probed=False) as w:
            w.platform.faults.latency = 1.0
            phone = w.wechat.phone()
            phone.open_page = w.page
            delivered, tapped = await asks(w, phone, 7, 43)
            assert has(phone, 7)
            assert tapped == (not RIGHTS[kind].pushes)
            assert delivered.seconds < 15

    run(work())


def test_a_burst_of_one_person_is_answered_in_order(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 3) as w:
            phone = w.wechat.phone()
            for mark in range(1, 6):
                await phone.write(f"Q{mark}E")
                await asyncio.sleep(0.1)
            await asyncio.sleep(60)
            assert [text[:3] for text in phone.received] == ["A1A", "A2A", "A3A", "A4A", "A5A"]
            assert check(w.wechat.history).broken == ()

    run(work())


def test_a_long_answer_never_meets_the_quota(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 8) as w:
            w.model.text = "很长的回答。" * 2500
            phone = w.wechat.phone()
            phone.open_page = w.page
            await phone.write("Q7E")
            await asyncio.sleep(30)
            assert len(w.platform.sent) <= 5
            assert "45047" not in w.platform.counts
            await phone.tap()
            assert phone.received[-1].endswith(w.model.text[-100:])

    run(work())


def test_a_stale_token_is_replaced_once_however_many_sends_meet_it(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 6) as w:
            phones = [w.wechat.phone() for _ in range(20)]
            await phones[0].write("Q99E")
            await asyncio.sleep(20)
            issued = w.platform.tokens.issued
            w.platform.tokens.void()
            await asyncio.gather(*(phone.write(f"Q{i}E") for i, phone in enumerate(phones)))
            await asyncio.sleep(30)
            assert all(has(phone, i) for i, phone in enumerate(phones))
            assert w.platform.tokens.issued == issued + 1

    run(work())


def test_a_person_who_left_is_not_answered_and_nothing_is_repeated(tmp_path):
    async def work():
        async with world(tmp_path, "verified_service", 30) as w:
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await phone.unfollow()
            await asyncio.sleep(60)
            assert not has(phone, 7)
            assert w.platform.counts["45015"] <= 2
            assert (await w.states())[0] in ("unreachable", "kept")

    run(work())


@pytest.mark.parametrize(
    ("mode", "wire"), [("safe", "json"), ("compatible", "xml"), ("plain", "xml"), ("plain", "json")]
)
def test_every_mode_of_the_console_works(mode, wire, tmp_path):
    async def work():
        async with world(tmp_path, SLOW, 2, mode=mode, wire=wire) as w:
            phone = w.wechat.phone()
            assert await w.wechat.verify()
            await phone.write("Q7E ]]> <b>")
            assert has(phone, 7)
            kind = await phone.send("image", PicUrl="http://127.0.0.1/1.jpg", MediaId="m1")
            assert kind.reply.kind == "text"

    run(work())


def test_another_accounts_push_is_refused(tmp_path):
    async def work():
        async with world(tmp_path, SLOW, 2) as w:
            w.wechat._wire = type(w.wechat._wire)(replace(w.wechat.account, token="another"))
            phone = w.wechat.phone()
            delivered = await phone.write("Q7E")
            assert delivered.reply.kind == "fault"
            assert w.model.requests == []

    run(work())
