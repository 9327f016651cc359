"""What a model is sent of a chat that is longer than it can read."""

import base64
import random

import pytest

from runtime.models.context_window import (
    PICTURE,
    RESULT,
    UNKNOWN,
    fitted,
    known_window,
    recent,
    shortened,
    size,
    tokens,
)
from runtime.turn.chat import with_pictures

SYSTEM = {"role": "system", "content": "你是助手"}
LONG = [{"role": "user", "content": "长" * 900}, {"role": "assistant", "content": "答" * 900}]
ASKED = {"role": "user", "content": "你好"}


def rounds(*results):
    """Rounds of tools: what the model asked for, and what it got."""
    found = []
    for i, result in enumerate(results):
        found.append({"role": "assistant", "content": "", "tool_calls": [{"id": str(i)}]})
        found.append({"role": "tool", "tool_call_id": str(i), "content": result})
    return found


def roles(messages):
    return "".join(message["role"][0] for message in messages)


def test_old_exchanges_go_first_then_results_get_shorter_then_whole_rounds_go():
    messages = [SYSTEM, *LONG, *LONG, ASKED, *rounds("果" * 5000, "实" * 5000)]
    assert fitted(messages, 100_000) == (messages, 0, 0)
    kept, left_out, cut = fitted([*messages[:6], *rounds("果" * 100)], 2500)
    assert (roles(kept), left_out, cut) == ("suauat", 2, 0)
    kept, left_out, cut = fitted(messages, 1500)
    assert (roles(kept), left_out, cut) == ("suatat", 4, 2)
    assert [len(one["content"]) for one in kept if one["role"] == "tool"] == [RESULT + 1] * 2
    kept, left_out, cut = fitted(messages, 800)
    assert (roles(kept), left_out, kept[-1]["tool_call_id"]) == ("suat", 6, "1")


def test_a_conversation_that_the_assistant_began_gets_shorter_too():
    assert fitted([{"role": "assistant", "content": "欢迎"}, *LONG, ASKED], 1000).messages == [ASKED]


def test_what_always_stays_is_cut_in_the_middle_with_a_mark_when_it_alone_is_too_long():
    asked = {"role": "user", "content": "头" + "问" * 5000 + "尾"}
    [system, user], left_out, cut = fitted([SYSTEM, *LONG, asked], 500)
    assert (system, left_out, cut) == (SYSTEM, 2, 1)
    assert user["content"][0] + user["content"][-1] == "头尾"
    assert "省略 4" in user["content"]
    [system, user], _, cut = fitted([{"role": "system", "content": "规" * 5000}, ASKED], 500)
    assert cut == 1 + (user != ASKED)
    assert size([system, user]) <= 500
    seen = {"role": "user", "content": with_pictures("看" * 5000, ["https://x.example/a.png"])}
    [user], _, _ = fitted([seen], PICTURE + 300)
    assert user["content"][1] == seen["content"][1]
    assert len(user["content"][0]["text"]) < 400


def test_whatever_is_in_a_chat_it_fits():
    dice = random.Random(7)
    stuff = [
        "中文",
        "word ",
        "0123456789",
        "🙂",
        "ไทย",
        "\n",
        '{}[]"',
        "Ж",
        base64.b64encode(b"x" * 40).decode(),
    ]
    for _ in range(60):
        said = [dice.choice(stuff) * dice.randrange(1, 400) for _ in range(dice.randrange(1, 24))]
        history = [
            {"role": ("ua"[i % 2] == "u" and "user") or "assistant", "content": one}
            for i, one in enumerate(said)
        ]
        chat = [SYSTEM, *history, ASKED, *rounds(*said[: dice.randrange(3)])]
        kept, left_out, _ = fitted(chat, 400)
        assert size(kept) <= 400
        assert left_out == len(chat) - len(kept)
        assert (kept[0], roles(kept[:2])) == (SYSTEM, "su")
        calls = [one["tool_calls"][0]["id"] for one in kept if "tool_calls" in one]
        assert calls == [one["tool_call_id"] for one in kept if one["role"] == "tool"]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [  # what tokenizers of well-known models count: cl100k_base, o200k_base, Qwen2.5, DeepSeek-V3
        ("The quick brown fox jumps over the lazy dog. " * 20, 200, 300),
        ("请把订单 20261129001 的收货地址改成上海市静安区。", 17, 45),
        (base64.b64encode(bytes(range(256))).decode(), 200, 360),
        ("Привет, как дела?", 6, 12),
        ("🙂" * 10, 20, 30),
        ("def f(x):\n    return {'a': x[0]}\n", 14, 26),
    ],
)
def test_tokens_are_rather_counted_too_many(text, least, most):
    assert least <= tokens(text) <= most


def test_a_picture_takes_as_much_room_as_many_words():
    picture = {"role": "user", "content": with_pictures("两字", ["https://x.example/a.png"])}
    assert size([picture]) == 2 + PICTURE


def test_a_window_is_known_by_name_or_family_else_earlier_exchanges_are_bounded():
    names = ("moonshot-v1-8k", "glm-4-32k", "deepseek-chat", "gpt-4o-mini", "my-own")
    assert [known_window(name) for name in names] == [8000, 32_000, 64_000, 128_000, None]
    chat = [SYSTEM, *LONG * 40, {"role": "user", "content": "问" * 50_000}]
    kept, left_out, cut = recent(chat)
    assert (kept[0], kept[-1], cut) == (chat[0], chat[-1], 0)
    assert UNKNOWN - 2000 < size(kept[1:-1]) <= UNKNOWN
    assert left_out == 81 - len(kept) + 1
    assert shortened("短", 1) == "短"
