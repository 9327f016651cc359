"""Who writes like a machine, and who only writes fast."""

import random

import pytest

from runtime.message import Message
from runtime.safety.machines import LONGEST, Pace

PROSE = "谢谢您的耐心解答，关于这款茶叶我还有一个问题想请教一下您，它的保质期是多久呢"


def found(turns, thinks=2.0):
    """What gives them away, and at which message; `turns`: seconds after our answer, and the words."""
    pace, at = Pace(), 0.0
    for n, (gap, text, *more) in enumerate(turns, 1):
        at += gap
        message = Message(f"m{n}", "u1", text, *more)
        if sign := pace.came(message, at):
            return sign, n
        at += thinks
        pace.answered_at = at
    return None


def test_machines():
    dice = random.Random(3)
    echo = [(0.4, "Thanks for your message, we are back on Monday.")] * 30
    ticket = [
        (1.5, f"Your request #{n} was received at 12:{n:02}. We answer within a day.") for n in range(30)
    ]
    quick = [(dice.uniform(0.5, 2.5), f"{PROSE}{'甲乙丙丁戊己庚辛'[n % 8]}？") for n in range(30)]
    model = [(dice.uniform(2, 7), PROSE * 2 + "甲乙丙丁戊己庚"[n % 7] * (n % 9)) for n in range(60)]
    short = [(2.0, "收到")] * 30
    assert found(echo) == ("same", 8)
    assert found(ticket) == ("same", 8)
    assert found(quick) == ("fast", 9)
    assert found(model) == ("endless", 41)
    assert found(short) == ("same", 14)


WORDS = [
    "在吗",
    "你好",
    "这个多少钱",
    "能便宜点吗",
    "那发货要多久",
    "好的",
    "谢谢",
    "还有红茶吗",
    "?",
    "嗯嗯",
]


@pytest.mark.parametrize(
    ("who", "turns"),
    [
        ("one who asks where the order is, again and again", [(6.0, "我的订单到哪里了呢？")] * 7),
        ("one who is impatient", [(1.0, "在吗")] * 12),
        ("one who plays a quiz", [(1.5, "ABCD"[n * 7 % 4]) for n in range(200)]),
        ("one who taps the same thing", [(1.0, "orders", "event", 0.0, {"event": "menu"})] * 60),
        ("one who chooses", [(1.0, "查一下我的订单", "text", 0.0, {"choice": "查订单"})] * 60),
        ("one who chats fast", [(2.0 + n % 3, WORDS[n * 7 % 10]) for n in range(300)]),
        ("one who pastes paragraphs to be translated", [(14.0, PROSE[n % 40 :] * 8) for n in range(200)]),
        ("one who pastes prepared questions", [(3.5, f"{WORDS[n % 10]}？{PROSE}") for n in range(30)]),
        ("one who writes at length", [(25.0, PROSE + WORDS[n % 10]) for n in range(200)]),
        ("one who sends pictures", [(1.0, "", "image")] * 60),
    ],
)
def test_people(who, turns):
    assert found(turns) is None, who


def test_a_burst_before_our_answer_is_nobodys_answer_to_it():
    """Ten forwarded notes in a second: each waits behind the one before."""
    pace = Pace(answered_at=100.0)
    for n in range(200):
        assert pace.came(Message(f"m{n}", "u1", PROSE), 99.0 + n / 1000) is None


def test_people_who_write_at_random_paces_are_not_caught():
    for seed in range(300):
        dice = random.Random(seed)
        turns = []
        for n in range(60):
            text = dice.choice(WORDS) if dice.random() < 0.8 else PROSE + str(n)
            turns.append((dice.uniform(0.8, 3) + len(text) / dice.uniform(3, 9), text))
        assert found(turns) is None, seed


def test_a_silence_grows_and_begins_small_again_after_a_calm_day():
    pace = Pace()
    assert [pace.silence(0.0) for _ in range(3)] == [600.0, 1200.0, 2400.0]
    assert max(pace.silence(0.0) for _ in range(10)) == LONGEST
    assert pace.silence(10 * LONGEST) == 600.0
