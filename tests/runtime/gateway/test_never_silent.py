"""Whatever comes between the end of a turn and its record, the person is told something."""

import asyncio

import pytest
from world import Account, Doctor, Plain, world

from runtime.errors import NotSaved
from runtime.gateway.delivery.tokens import Tokens
from runtime.lang import Text
from runtime.metrics.metrics import Metrics
from script import says


class Explodes(str):
    """An answer that cannot be rendered."""

    def strip(self, *_):
        return self

    def __getitem__(self, _):
        raise RecursionError("too deep")


@pytest.mark.parametrize(
    "answer",
    [
        says("半个字 \ud83d"),
        says("好", cost=float("nan"), finish="\udc00"),
        says(Explodes("好")),
    ],
    ids=["half an emoji", "its trace", "rendering"],
)
async def test_an_answer_that_cannot_be_kept_becomes_a_failure_that_is_told(answer, tmp_path):
    async with world(tmp_path, answer, account=Account(can_push=False)) as w:
        said = await w.push()
        assert said in ("reply:出错了", "reply:好")
        assert "accepted" not in await w.states()
        assert (await w.push("在吗", id="m2")).startswith("reply:")


async def test_numbers_that_no_database_takes_are_no_silence(tmp_path):
    huge = says("好")
    object.__setattr__(huge, "prompt_tokens", 10**30)
    async with world(tmp_path, huge, account=Account(can_push=False)) as w:
        assert await w.push() == "reply:出错了"


async def test_where_even_the_failure_cannot_be_rendered_it_is_told_in_our_words(tmp_path):
    def render(markdown):
        raise RecursionError("too deep")

    async with world(tmp_path, account=Account(can_push=False)) as w:
        [surface] = w.gateway.surfaces.all()
        surface.channel.parts = render
        assert (await w.push()).startswith("reply:抱歉，我暂时回答不了")


async def test_a_push_that_breaks_its_reader_is_no_part_that_is_being_sent_for_ever(tmp_path):
    account = Account(refusals=[RecursionError("deep")])
    gate = asyncio.Event()
    async with world(tmp_path, says("龙井"), account=account, gate=gate) as w:
        await w.push()
        gate.set()
        await w.until(lambda: len(account.sent) == 1)
        assert "可能没有送达" in account.sent[0][1]
        await w.come_to("unknown")


class Broken:
    account = "wx1"

    def __init__(self):
        self.fetched = 0

    async def fetch(self):
        self.fetched += 1
        await asyncio.sleep(0)
        raise RecursionError


async def test_who_waits_for_a_token_that_fails_shares_the_failure():
    tokens, channel = Tokens(Metrics()), Broken()
    asked = await asyncio.gather(
        *(tokens.get(channel, channel.fetch) for _ in range(80)), return_exceptions=True
    )
    assert {error.code for error in asked} == {"token"}
    assert channel.fetched == 1
    with pytest.raises(Exception, match="access token"):
        await tokens.get(channel, channel.fetch)
    assert channel.fetched == 2


class SickDoctor(Doctor):
    """Nothing that it wants to keep can be kept."""

    def saw(self, publication, what, code, at, compared=()):
        raise OSError("Too many open files")


async def test_a_doctor_that_cannot_write_stops_nobody(tmp_path):
    async with world(tmp_path, account=Account(can_push=False), doctor=SickDoctor()) as w:
        assert await w.push() == "reply:好的"


async def test_a_publication_whose_record_cannot_be_read_just_now_answers_as_it_did(tmp_path):
    def publication(id):
        raise NotSaved(Text("打开的文件太多", "Too many open files"))

    async with world(tmp_path, account=Account(can_push=False)) as w:
        await w.push()
        w.book.publication = publication
        assert await w.push("在吗", id="m2") == "reply:好的"


@pytest.mark.parametrize("error", [OSError("Too many open files"), RecursionError("deep"), KeyError("bug")])
async def test_whatever_goes_wrong_while_a_message_is_taken_the_person_is_told(error, tmp_path):
    async def accept(*_):
        raise error

    async with world(tmp_path, account=Account(can_push=False)) as w:
        w.gateway.messages.accept = accept
        assert (await w.push()).startswith("reply:现在问的人太多了")


class Keyed(Plain):
    by_key = True


def breaks(*given):
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("hook", "reply"), [("user_of_key", "出错了"), ("cap_of_key", "出错了"), ("paid", "龙井")]
)
async def test_what_breaks_around_the_turn_is_no_silence(hook, reply, tmp_path):
    """Before it, at its end, and once it is stored: the next message is answered, too."""
    async with world(tmp_path, says("龙井"), account=Account(can_push=False), kind=Keyed) as w:
        setattr(w.gateway.spending, hook, breaks)
        said = [await w.push(f"{n}", id=f"m{n}") for n in range(2)]
        assert said == [f"reply:{reply}"] * 2
        assert "accepted" not in await w.states()
