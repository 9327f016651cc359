"""WeChat's API, or its token endpoint, is slow, hangs or talks nonsense: what did not leave is sent later,
and what may have left is offered once, when the API is well."""

import asyncio
from collections import Counter

import pytest
from ladder import world

from played_world import run

SEND = "message/custom/send"
TOKEN = "stable_token"
OFFER = "可能没有送达"
EVERYTHING = "*"


async def write(w, people, first=1):
    """So many people write one message each, at once."""
    phones = [w.wechat.phone() for _ in range(people)]
    await asyncio.gather(*(phone.write(f"Q{first + i}E") for i, phone in enumerate(phones)))
    return phones


def shown(phone):
    """How often the answer and the offer of it came."""
    return (
        sum("这是回答" in text for text in phone.received),
        sum(OFFER in text for text in phone.received),
    )


def test_an_api_that_takes_six_seconds_a_message_gets_every_answer_once(tmp_path):
    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.latency = 6
            phones = await write(w, 400)
            await asyncio.sleep(60)
            assert Counter(await w.states()) == {"delivered": 400}
            assert {shown(phone) for phone in phones} == {(1, 0)}

    run(work())


@pytest.mark.parametrize(
    "fault", ["html", "hang", "http_502", "http_302", "empty", "deep", "gzip", -1, 40125]
)
def test_without_a_token_nothing_was_sent_so_it_is_sent_later(fault, tmp_path):
    async def work():
        async with world(tmp_path, seconds=6, probed=False) as w:
            w.platform.faults.always(TOKEN, fault)
            w.platform.tokens.void()
            phones = await write(w, 20)
            await asyncio.sleep(30)
            assert "unknown" not in await w.states()
            assert w.platform.counts[str(fault)] <= 10  # one fetch for all who wait
            w.platform.faults.clear()
            await asyncio.sleep(130)
            assert {shown(phone) for phone in phones} == {(1, 0)}
            assert Counter(await w.states()) == {"delivered": 20}

    run(work())


def test_what_an_api_that_hung_may_have_taken_is_offered_once_when_it_is_well(tmp_path):
    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.always(EVERYTHING, "hang")
            phones = await write(w, 50)
            await asyncio.sleep(30)
            assert set(await w.states()) <= {"unknown", "held"}
            assert [phone.received for phone in phones] == [[]] * 50
            w.platform.faults.clear()
            await asyncio.sleep(100)
            assert {shown(phone) for phone in phones} <= {(1, 0), (0, 1)}
            for number, phone in enumerate(phones):
                await phone.write(f"Q{100 + number}E")
            await asyncio.sleep(60)
            assert {shown(phone) for phone in phones} <= {(2, 0), (1, 1)}

    run(work())


def test_an_api_that_hangs_is_left_alone(tmp_path):
    """Those that were on their way may have arrived; nothing more is sent into it."""

    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.always(EVERYTHING, "hang")
            await write(w, 400)
            await asyncio.sleep(40)
            states = Counter(await w.states())
            assert states["unknown"] <= 150
            assert states["held"] == 400 - states["unknown"]

    run(work())


@pytest.mark.parametrize("kind", ["verified_service", "unverified_subscription"])
def test_what_may_have_left_is_offered_with_the_persons_next_message_once(kind, tmp_path):
    """The account may not push any more by then, or the API hangs still: it comes in the response."""

    async def work():
        async with world(tmp_path, seconds=1) as w:
            w.model.seconds = 6
            w.platform.faults.script(SEND, "hang")
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(9)
            w.platform.faults.always(EVERYTHING, 48001 if kind == "unverified_subscription" else "hang")
            await asyncio.sleep(60)
            assert await w.states() == ["unknown"]
            w.model.seconds = 1
            await phone.write("Q8E")
            assert shown(phone) == (1, 1)
            await phone.write("Q9E")
            assert shown(phone) == (2, 1)

    run(work())


@pytest.mark.parametrize("fault", ["lost", "cut", "gzip", "deep", "html", "empty", "http_504"])
def test_an_answer_that_cannot_be_read_leaves_it_open_whether_it_arrived(fault, tmp_path):
    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.script(SEND, fault)
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(40)
            assert await w.states() == ["unknown"]
            assert shown(phone)[1] == 1

    run(work())


@pytest.mark.parametrize(
    "fault", ["http_502", "http_503", "http_429", "http_302", "http_404", -1, 45011, 40164]
)
def test_what_was_certainly_not_taken_is_sent_later(fault, tmp_path):
    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.script(SEND, *[fault] * 5)
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(400)
            assert (await w.states(), shown(phone)) == (["delivered"], (1, 0))

    run(work())


def test_an_errcode_that_is_text_is_an_errcode(tmp_path):
    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.always(EVERYTHING, "text")
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(20)
            assert (await w.states(), shown(phone)) == (["delivered"], (1, 0))

    run(work())


@pytest.mark.parametrize(("fault", "people"), [(40164, 1), (40164, 50), (45009, 50), (-1, 50)])
def test_what_was_refused_comes_out_when_the_account_is_well(fault, people, tmp_path):
    async def work():
        await asyncio.sleep(8 * 3600 - 20 * 60)  # midnight in Beijing, when quotas begin anew, is near
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.always(SEND, fault)
            phones = []
            for i in range(people):
                phone = w.wechat.phone()
                phones.append(phone)
                await phone.write(f"Q{i + 1}E")
                await asyncio.sleep(1)
            await asyncio.sleep(20)
            assert set(await w.states()) <= {"held", "delivered", "kept"}
            w.platform.faults.clear()
            await asyncio.sleep(1900)
            assert Counter(await w.states()) == {"delivered": people}
            assert {shown(phone)[0] for phone in phones} == {1}

    run(work())


def test_an_account_that_is_verified_later_may_push_from_then_on(tmp_path):
    async def work():
        async with world(tmp_path, "unverified_subscription", seconds=40) as w:
            phone = w.wechat.phone()
            await phone.write("Q7E")
            await asyncio.sleep(60)
            [account] = w.platform.accounts
            w.platform.accounts[account] = type(w.platform.accounts[account])("verified_service")
            await asyncio.sleep(3700)
            assert await w.states() == ["delivered"]
            assert shown(phone)[0] == 1

    run(work())


def test_a_clock_set_back_delays_nobody(tmp_path):
    async def work():
        loop, jumped = asyncio.get_running_loop(), [0]
        async with world(tmp_path, seconds=6, wall=lambda: loop.wall() + jumped[0]) as w:
            phone = w.wechat.phone()
            for number in range(5):
                await phone.write(f"Q{number}E")
                await asyncio.sleep(10)
            jumped[0] = -250  # within which a push is still believed
            for number in range(5, 8):
                await phone.write(f"Q{number}E")
                await asyncio.sleep(10)
            assert shown(phone) == (8, 0)

    run(work())


def test_pairs_within_five_milliseconds_are_answered_in_order(tmp_path):
    async def work():
        async with world(tmp_path, seconds=3) as w:
            phones = [w.wechat.phone() for _ in range(20)]

            async def pair(i, phone):
                first = asyncio.create_task(phone.write(f"Q{2 * i}E"))
                await asyncio.sleep(0.005)
                await asyncio.gather(first, phone.write(f"Q{2 * i + 1}E"))

            await asyncio.gather(*(pair(i, phone) for i, phone in enumerate(phones)))
            await asyncio.sleep(30)
            for i, phone in enumerate(phones):
                assert [text.split()[0] for text in phone.received] == [f"A{2 * i}A", f"A{2 * i + 1}A"]

    run(work())


def test_a_token_that_is_refused_while_the_account_rests_is_replaced_by_the_next_look(tmp_path):
    """Nothing but that look asks such an account: it would rest until its token ends by itself, for hours."""

    async def work():
        async with world(tmp_path, seconds=6) as w:
            w.platform.faults.always(EVERYTHING, -1)
            phones = await write(w, 20)
            await asyncio.sleep(30)
            w.platform.tokens.void()  # another system fetched one
            w.platform.faults.clear()
            await asyncio.sleep(130)
            assert {shown(phone) for phone in phones} == {(1, 0)}
            assert Counter(await w.states()) == {"delivered": 20}

    run(work())
