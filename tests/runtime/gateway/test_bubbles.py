"""One bubble grows with the answer and is ended once, whatever happens."""

import asyncio
import itertools

import pytest
from links_world import world

from example_channel.simulator.telegraph import TelegraphSimulation
from played_world import now
from script import DOWN, says


def shown(w, id="T1"):
    """All that the person has of an answer: the form, and what was wired after it."""
    form = w.office.forms.get(f"F{id}")
    return (form.text if form else "") + "".join(text for _, text in w.office.sent)


async def asks(w, text="有茶吗"):
    await w.until(lambda: w.office.lines)
    return await w.office.telegram(text)


async def test_it_shows_what_was_written_so_far_and_ends_with_the_answer(tmp_path):
    async with world(tmp_path, "一", "二", "三", "四") as w:
        await asks(w)
        await w.come_to("delivered")
        form = w.office.forms["FT1"]
        texts = [text for _, text, _ in form.versions]
        assert texts[0] == ""
        assert texts[-1] == "一二三四"
        assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(texts))
        assert len(texts) > 3
        assert [done for _, _, done in form.versions].count(True) == 1
        assert form.done


async def test_once_there_is_a_sentence_it_grows_by_whole_ones(tmp_path):
    async with world(tmp_path, "有。我", "们有", "龙井！还", "有[红", "茶](https://x.example)") as w:
        await asks(w)
        await w.come_to("delivered")
        texts = [text for _, text, done in w.office.forms["FT1"].versions if not done]
        assert set(texts) <= {"", "有。", "有。我们有龙井！"}
        assert "有。我们有龙井！" in texts
        assert shown(w) == "有。我们有龙井！还有[红茶](https://x.example)"


async def test_pieces_are_batched_as_the_surface_wants_it(tmp_path):
    async with world(tmp_path, *"字" * 50, seconds=0.5) as w:
        await asks(w)
        await w.come_to("delivered")
        times = [at for at, _, _ in w.office.forms["FT1"].versions]
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)][:-1]
        assert min(gaps[:2]) >= 1.0
        assert min(gaps[3:]) >= 4.0


async def test_what_does_not_fit_goes_as_telegrams_of_its_own(tmp_path):
    async with world(tmp_path, "字" * 150) as w:
        await asks(w)
        await w.come_to("delivered")
        assert w.office.forms["FT1"].text == "字" * 60
        assert [text for _, text in w.office.sent] == ["字" * 60, "字" * 30]


async def test_a_turn_that_fails_ends_its_bubble_with_the_agents_sentence(tmp_path):
    async with world(tmp_path, "一", answer=DOWN) as w:
        await asks(w)
        await w.come_to("delivered")
        assert (w.office.forms["FT1"].text, w.office.forms["FT1"].done) == ("出错了", True)


@pytest.mark.parametrize("word", ["mute", "cut", "busy"])
async def test_an_end_that_may_have_been_shown_is_sent_again_since_that_changes_nothing(word, tmp_path):
    async with world(tmp_path, "龙井", seconds=0.0) as w:
        await w.until(lambda: w.office.lines)
        w.office.refuse = ["", word]
        await asks(w)
        await w.come_to("delivered")
        assert shown(w) == "龙井"
        assert w.office.forms["FT1"].done


async def test_one_that_takes_nothing_more_is_left_and_only_the_rest_is_sent(tmp_path):
    async with world(tmp_path, "一", "二", "三", seconds=4.0) as w:
        await w.until(lambda: w.office.lines)
        w.office.refuse = ["", "", "torn"]
        await asks(w)
        await w.come_to("delivered")
        assert shown(w) == "一二三"
        assert w.office.sent != []


@pytest.mark.parametrize("ahead", [1000.0, -86_400.0])
async def test_a_clock_that_is_set_neither_ends_a_bubble_nor_keeps_it_open(ahead, tmp_path):
    async with world(tmp_path, *"茶" * 12, seconds=10.0) as w:
        await asks(w)
        await w.until(lambda: "FT1" in w.office.forms)
        began = now()
        asyncio.get_running_loop().ahead = ahead
        await w.until(lambda: w.office.forms["FT1"].done, 200)
        assert now() - began == pytest.approx(100, abs=3)
        await w.come_to("delivered")
        assert shown(w) == "茶" * 12


async def test_an_answer_that_comes_too_late_is_sent_after_its_bubble_ended(tmp_path):
    async with world(tmp_path, "一", "二", "三", seconds=60.0) as w:
        await asks(w)
        await w.come_to("delivered", seconds=400)
        form = w.office.forms["FT1"]
        assert (form.text, form.done) == ("一", True)
        assert form.versions[-1][0] - form.versions[0][0] <= 100
        assert shown(w) == "一二三"


async def test_nothing_before_the_end_of_a_bubble_is_said_in_the_agents_words(tmp_path):
    async with world(tmp_path, "一", seconds=200.0) as w:
        await asks(w)
        await w.come_to("delivered", seconds=400)
        assert w.office.forms["FT1"].text == "还在想"
        assert [text for _, text in w.office.sent] == ["一"]


async def test_what_a_model_takes_back_is_not_in_the_answer(tmp_path):
    async with world(tmp_path, "我查一查", answer=says("有龙井")) as w:
        await asks(w)
        await w.come_to("delivered")
        assert shown(w) == "有龙井"


# Deaths


@pytest.mark.parametrize("seconds", [2.0, 20.0])
@pytest.mark.of_files
async def test_after_a_death_in_the_turn_the_same_bubble_goes_on(seconds, tmp_path):
    played = TelegraphSimulation("station", asyncio.get_running_loop().wall)
    async with world(tmp_path, "一", "二", seconds=10.0, played=played) as w:
        await asks(w)
        await asyncio.sleep(seconds - 0.5)
        await w.kill()
    assert not played.office.forms["FT1"].done
    async with world(tmp_path, "一", "二", played=played) as w:
        await w.come_to("delivered")
        assert shown(w) == "一二"
        assert list(played.office.forms) == ["FT1"]


@pytest.mark.of_files
async def test_after_a_death_when_it_had_been_ended_early_only_the_rest_is_sent(tmp_path):
    played = TelegraphSimulation("station", asyncio.get_running_loop().wall)
    async with world(tmp_path, "一", "二", seconds=60.0, played=played) as w:
        await asks(w)
        await w.until(lambda: played.office.forms and played.office.forms["FT1"].done, 200)
        await w.kill()
    async with world(tmp_path, "一", "二", played=played) as w:
        await w.come_to("delivered")
        assert shown(w) == "一二"


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.of_files
async def test_a_death_around_the_end_shows_it_once(point, tmp_path):
    """The end is on its way: shown again it is the same."""
    played = TelegraphSimulation("station", asyncio.get_running_loop().wall)
    async with world(tmp_path, "龙井", played=played) as w:
        await w.until(lambda: w.office.lines)
        stuck, grow = asyncio.Event(), w.gateway.sender.grow

        async def dies(*given, done, **more):
            if done and point == "before":
                stuck.set()
                await asyncio.Event().wait()
            await grow(*given, done=done, **more)
            if done:
                stuck.set()
                await asyncio.Event().wait()

        w.gateway.sender.grow = dies
        await asks(w)
        await asyncio.wait_for(stuck.wait(), 30)
        await w.kill()
    assert played.office.forms["FT1"].done == (point == "after")
    async with world(tmp_path, "别的", played=played) as w:
        await w.come_to("delivered")
        assert shown(w) == "龙井"
        assert played.office.forms["FT1"].done
        assert w.models.requests == []


@pytest.mark.of_files
async def test_a_death_around_the_end_long_ago_is_a_doubt_and_is_not_sent_twice(tmp_path):
    played = TelegraphSimulation("station", asyncio.get_running_loop().wall)
    async with world(tmp_path, "龙井", played=played) as w:
        await w.until(lambda: w.office.lines)
        stuck, grow = asyncio.Event(), w.gateway.sender.grow

        async def dies(*given, done, **more):
            await grow(*given, done=done, **more)
            if done:
                stuck.set()
                await asyncio.Event().wait()

        w.gateway.sender.grow = dies
        await asks(w)
        await asyncio.wait_for(stuck.wait(), 30)
        await w.kill()
    await asyncio.sleep(300)
    async with world(tmp_path, "别的", played=played) as w:
        await w.come_to("unknown")
        await w.until(lambda: w.office.sent)
        assert "龙井" not in "".join(text for _, text in w.office.sent)
        assert now() > 300
