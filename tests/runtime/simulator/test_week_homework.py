"""Homework by photo, for a week: everybody is answered about their own picture, and their notebook keeps what
they said."""

import asyncio
import re
import struct
import zlib
from hashlib import sha256

import pytest
from towns import OfficialAccount
from week_truth import counted_right, each_answered_once, nothing_lost_nor_twice
from week_world import WeekWorld, published, week

from played_world import jumping
from script import says

PEOPLE = 20
POINTS = ["", "after_media", "after_model", "before_model", "after_value", "before_value", "after_send"]
POINTS += ["after_persist", "before_ack", "before_block", "after_record", "after_taken"]
PICTURE = re.compile(r"kept:([0-9a-f]{64})")
LEFT = "好的，先不记"


def photo(width):
    """A PNG that is told by its width."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, 8, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes([200, 180, width % 256]) * width) * 8
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


NUMBERS = {sha256(photo(number)).hexdigest(): number for number in range(100, 100 + 3 * PEOPLE)}
"""Of what is in which picture, by the name under which it is kept."""


def thinks(request):
    """A model that knows the newest picture."""
    found = [NUMBERS[hash] for hash in PICTURE.findall(str(request.messages[-1]))]
    return says(f"题目 {found[-1]} 号：先想想第一步。" if found else "哪一步不会？")


async def lives(it, who):
    """They send a photo a day for three days, and note what went wrong."""
    for turn in range(3):
        await it.at(it.moment(who % 4 + turn, 15 + it.draw.random() * 7))
        number = 100 + who * 3 + turn
        for _ in range(8):
            heard = await it.says(who, "", it.town.shows(who, photo(number)))
            if f"题目 {number} 号" in heard:
                break
            await it.at(it.loop.wall() + 1200)
        else:
            raise AssertionError(heard)
        await it.talks(who, [("不会第二步", "哪一步|题目")])
    await it.talks(who, [("记错题", "错在哪"), (f"第 {who} 题忘了进位", "记好了|哪一步")])
    await it.at(it.loop.wall() + 3 * 3600)
    heard = await it.talks(who, [("我的错题本", "题忘了进位|空的")])
    assert f"第 {who} 题忘了进位" in heard[-1]


@pytest.mark.timeout(120)
@jumping
async def test_for_a_week_everybody_is_helped_with_their_own_picture(tmp_path, monkeypatch):
    agent = published("homework-helper")
    world = WeekWorld(thinks=thinks)
    async with week(tmp_path, monkeypatch, world, OfficialAccount, {1: agent, 2: agent}) as it:
        world.slow.append((it.moment(2, 18), it.moment(2, 19)))
        world.down.append((it.moment(3, 18), it.moment(3, 19)))
        people = (lives(it, who) for who in range(PEOPLE))
        await asyncio.gather(*people, it.dies_daily(POINTS), it.is_run(share=10, released=4, moved=3))
        assert it.died >= 20
        each_answered_once(it, lambda text: text.startswith(LEFT))
        await nothing_lost_nor_twice(it)
        await counted_right(it)
