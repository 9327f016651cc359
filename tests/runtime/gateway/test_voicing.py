"""An answer is read out where voice is played: paid once, beside its text or instead of it."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from test_attachments import AMR, DOWN, came, data_of
from test_showing import world

from example_channel.channels.pigeon import WRAPPED
from runtime.agents.agent import Agent
from runtime.models.senses import UsualModels
from runtime.models.sound import Heard, Spoken
from runtime.senses.senses import Senses
from runtime.senses.spoken_words import spoken_words
from script import says

MP3 = b"\xff\xfb\x90\x00" + bytes(400)
AGENT = Agent.load(
    {
        "id": "shop",
        "name": "店",
        "voice": "y/asr",
        "speech": {"when": "always", "model": "y/tts", "voice": "少女"},
        "flow": [{"type": "model", "id": "answer"}],
    }
)


def speaking(**speech):
    return AGENT.model_copy(update={"speech": AGENT.speech.model_copy(update=speech)})


@dataclass
class Sound:
    """Implements runtime.models.sound.Sound."""

    says: bytes | Exception = MP3
    amr: bytes = AMR
    asked: list = field(default_factory=list)
    converted_to: list = field(default_factory=list)

    async def transcribe(self, model, recording, seconds):
        return Heard("有龙井吗", model, 2.0, 0.0002)

    async def speak(self, model, voice, text, seconds):
        self.asked.append((model, voice, text))
        if isinstance(self.says, Exception):
            raise self.says
        return Spoken(self.says, model, 0.001)

    async def converted(self, recording, type, seconds):
        self.converted_to.append((recording.type, type))
        return self.amr


def having(sound, **usual):
    return lambda models, kept: Senses(models, sound, kept, lambda: UsualModels(**usual))


def sent(w):
    return [text for _, text in w.post.sent]


async def test_the_voice_follows_the_text_and_the_same_words_are_paid_and_put_there_once(tmp_path):
    sound = Sound()
    async with world(tmp_path, agent=AGENT, senses=having(sound)) as w:
        w.models.answers = [says("**有的**，龙井。", cost=0.002)]
        await w.played.write("有龙井吗")
        await w.answered("delivered")
        await w.played.write("再说一遍")
        await w.answered("delivered", "delivered")
        assert sent(w) == ["**有的**，龙井。", "[P0]"] * 2
        assert w.post.parcels == {"P0": WRAPPED + AMR}
        assert sound.asked == [("y/tts", "少女", "有的，龙井。")]
        assert sound.converted_to == [("audio/mpeg", "audio/amr")]
        rows = await w.gateway.messages.database.read(
            lambda db: [
                tuple(row)[1:] for row in db.execute("select seq, cost, trace from messages order by seq")
            ]
        )
        assert [cost for cost, _ in rows] == [0.003, 0.002]
        assert all('"sense": "speaking"' in trace for _, trace in rows)


async def test_without_its_text_the_voice_is_all_and_its_words_are_what_it_says(tmp_path):
    async with world(tmp_path, "有的。", agent=speaking(text=False), senses=having(Sound())) as w:
        await w.played.write("有龙井吗")
        await w.answered("delivered")
        assert sent(w) == ["[P0]"]
        assert (await parts_of(w)) == [("有的。", "voice")]


async def parts_of(w):
    sql = "select seq, number, text, kind from parts order by seq, number"
    return await w.gateway.messages.database.read(lambda db: [tuple(row)[2:] for row in db.execute(sql)])


async def test_who_speaks_is_spoken_to_and_who_writes_is_written_to(tmp_path):
    async with world(tmp_path, "有的。", agent=speaking(when="spoken"), senses=having(Sound())) as w:
        await w.played.write("有龙井吗")
        await w.answered("delivered")
        w.post.parcels["P0"] = WRAPPED + AMR
        await came(w, "song")
        await w.answered("delivered", "delivered")
        assert sent(w) == ["有的。", "有的。", "[P1]"]
        assert (await data_of(w))["text"] == "有龙井吗"


LONG = "很长的回答。" * 60
TEXT_ONLY = {
    "the model is down": (AGENT, Sound(DOWN), "有的。"),
    "what it gave is no voice": (AGENT, Sound(b"<html>no</html>"), "有的。"),
    "what it gave is nothing": (AGENT, Sound(b""), "有的。"),
    "it lasts too long": (AGENT, Sound(amr=AMR * 1 + (b"\x3c" + bytes(31)) * 4000), "有的。"),
    "it has too many bytes": (AGENT, Sound(amr=b"#!AMR\n" + b"\x3c" * 100_001), "有的。"),
    "the answer is too long": (AGENT, Sound(), LONG),
    "code is not read out": (AGENT, Sound(), "```\nx=1\n```"),
    "no model speaks": (speaking(model=""), Sound(), "有的。"),
    "it is switched off": (speaking(when="never"), Sound(), "有的。"),
    "and without the text it is the text": (speaking(text=False), Sound(DOWN), "有的。"),
}


@pytest.mark.parametrize("name", TEXT_ONLY)
async def test_what_cannot_be_read_out_is_text_only(tmp_path, name):
    agent, sound, answer = TEXT_ONLY[name]
    async with world(tmp_path, answer, agent=agent, senses=having(sound)) as w:
        await w.played.write("有龙井吗")
        await w.answered("delivered")
        assert "".join(sent(w)) == answer
        assert w.post.parcels == {}


async def test_what_was_too_long_to_be_played_is_not_paid_for_again(tmp_path):
    sound = Sound(amr=b"#!AMR\n" + (b"\x3c" + bytes(31)) * 4000)
    async with world(tmp_path, agent=AGENT, senses=having(sound)) as w:
        w.models.answers = [says("有的。"), says("有的。")]
        for many in (1, 2):
            await w.played.write("有龙井吗")
            await w.answered(*["delivered"] * many)
        assert sent(w) == ["有的。", "有的。"]
        assert len(sound.asked) == 1


KILLED = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {gateway!r}]
from test_voicing import *
from runtime.simulator.fast_loop import FastLoop
async def main():
    async with world(Path({home!r}), "有的。", agent=AGENT, senses=having(Counting(Path({home!r})))) as w:
        w.post.parcels["P0"] = WRAPPED + AMR
        await came(w, "song")
        await w.answered("delivered")
asyncio.Runner(loop_factory=FastLoop).run(main())
"""


class Counting(Sound):
    """Writes down what was paid for."""

    def __init__(self, home):
        super().__init__()
        self.paid = home / "paid"

    def pay(self, what):
        with self.paid.open("a") as file:
            file.write(f"{what} ")

    async def transcribe(self, model, recording, seconds):
        self.pay("heard")
        return await super().transcribe(model, recording, seconds)

    async def speak(self, model, voice, text, seconds):
        self.pay("said")
        return await super().speak(model, voice, text, seconds)


@pytest.mark.parametrize("point", ["after_media", "after_speech"])
async def test_a_kill_while_a_voice_is_heard_or_made_pays_for_nothing_twice(tmp_path, point):
    root = Path(__file__).parents[3]
    code = KILLED.format(tests=str(root / "tests"), gateway=str(Path(__file__).parent), home=str(tmp_path))
    environment = {**os.environ, "HONGYAN_CRASH_AT": point, "PYTHONPATH": str(root)}
    run = [sys.executable, "-c", code]
    done = await asyncio.to_thread(subprocess.run, run, env=environment, cwd=root, check=False)
    assert done.returncode == -9
    answers = () if point == "after_speech" else ("有的。",)
    async with world(tmp_path, *answers, agent=AGENT, senses=having(Counting(tmp_path))) as w:
        w.post.parcels["P0"] = WRAPPED + AMR
        await w.answered("delivered")
        assert [text for _, text in w.post.sent] == ["有的。", "[P1]"]
        assert len(w.models.requests) == len(answers)
    assert (tmp_path / "paid").read_text().split() == ["heard", "said"]


async def test_a_platform_that_takes_no_file_gets_the_text(tmp_path):
    async with world(tmp_path, "有的。", agent=AGENT, senses=having(Sound())) as w:
        w.post.faults.script("/parcels", "no_rights")
        await w.played.write("有龙井吗")
        await w.answered("delivered")
        assert sent(w) == ["有的。"]


async def test_a_turn_that_is_taken_up_again_pays_for_no_second_voice_and_counts_the_first(tmp_path):
    sound = Sound()
    async with world(tmp_path, agent=AGENT, senses=having(sound)) as w:
        w.models.answers = [says("有的。", cost=0.002)]
        w.post.faults.script("/parcels", "lost")
        await w.played.write("有龙井吗")
        for _ in range(3000):
            if "/parcels" in w.post.asked:
                break
            await asyncio.sleep(0.1)
        played = w.played
        played.post.faults.clear()
    async with world(tmp_path, agent=AGENT, played=played, senses=having(sound)) as w:
        w.models.answers = [says("有的。", cost=0.002)]
        await w.answered("delivered")
        assert sent(w) == ["有的。", "[P1]"]
        assert (len(sound.asked), w.models.requests) == (1, [])
        assert (await data_of(w))["cost"] == 0.003


READ = [
    ("# 标题\n\n- **龙井** 88 元 😀", "标题\n龙井 88 元"),
    ("[点这里](https://x.example/z)看 ![图](https://a.example/b.png)", "点这里看"),
    ("见 https://a.example/b。2 * 3 = 6，a_b_c", "见 。2 * 3 = 6，a_b_c"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", ""),
    ("~~~\ncode\n~~~", ""),
    ("***", ""),
    ("😀", ""),
    ("长" * 20_001, ""),
]


def test_what_is_read_out_is_the_words_without_what_is_for_eyes():
    for markdown, words in READ:
        assert spoken_words(markdown) == words, markdown[:40]
