"""Telegram: its HTML whole wherever it is cut, and its calls as python-telegram-bot 22.8 makes and reads
them."""

import inspect
import json
import re
from datetime import UTC, datetime

import pytest
import telegram
import telegram_table
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.channels import ApiAnswer, Bubble, WebRequest
from runtime.channels.telegram import CHANNEL, rendering
from runtime.channels.telegram.codes import check
from runtime.choices import Choice, Choices
from runtime.errors import Refused, SendFailed
from runtime.simulator import Link
from runtime.simulator.telegram.wire import parsed

TABLES, LOOKING = telegram_table.TABLES, telegram_table.LOOKING
NOW = datetime.fromtimestamp(telegram_table.DATE, UTC)
ANN = telegram.User(1001, "Ann", is_bot=False)
ALONE = telegram.Chat(1001, "private")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**粗** *斜* `a<b`", "<b>粗</b> <i>斜</i> <code>a&lt;b</code>"),
        ("***都***", "<b><i>都</i></b>"),
        ("# 标题", "<b>标题</b>"),
        ("> 一\n> 二", "<blockquote>一\n二</blockquote>"),
        ("```py\nif a < b:\n  **x**\n```", "<pre>if a &lt; b:\n  **x**</pre>"),
        ("[看](https://a.example/?a=1&b=2)", '<a href="https://a.example/?a=1&amp;b=2">看</a>'),
        ("[**看** `这`](https://a.example)", '<a href="https://a.example">看 这</a>'),
        ("[看](tg://user?id=1)", "看（tg://user?id=1）"),
        ("[看](javascript:alert(1))", "看（javascript:alert(1)）"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("**粗 `码` 粗**", "<b>粗 </b><code>码</code><b> 粗</b>"),
        ("- 一\n- **二**", "• 一\n• <b>二</b>"),
        ("138****1234", "138****1234"),
    ],
)
def test_markdown_becomes_its_tags(markdown, html):
    assert CHANNEL.render(markdown) == [html]


LONG = [
    ("a bold one", "**" + "很长的一段话。" * 1500 + "**"),
    ("code", "```\n" + "x = '<&>'\n" * 1500 + "```"),
    ("one word", "&" * 9000),
    ("emoji, each two of what is counted", "😀" * 5000),
    ("addresses", "[a](https://a.example/" + "&" * 900 + ") " * 200),
    ("quotes", "> 引用 **粗**\n" * 900),
]


@pytest.mark.parametrize("markdown", [one for _, one in LONG], ids=[name for name, _ in LONG])
def test_a_long_answer_is_cut_into_messages_that_are_whole(markdown):
    parts = CHANNEL.render(markdown)
    assert len(parts) > 1
    for part in parts:
        assert len(part.encode("utf-16-le")) // 2 <= 4096
        assert parsed(part).text.strip()


def test_a_cut_keeps_every_word_and_what_is_bold_is_bold_in_both_halves():
    words = [f"w{n}" for n in range(3000)]
    parts = CHANNEL.render("**" + " ".join(words) + "**")
    assert [word for part in parts for word in parsed(part).text.split()] == words
    assert all(part.startswith("<b>") and part.endswith("</b>") for part in parts)


MARKS = st.text(alphabet="*_`[]()<>&~#|\n -ab好😀:/.\"'\\$", max_size=300)


@given(MARKS, st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_html_that_the_platform_takes(written, times):
    for part in CHANNEL.render(written * times):
        assert parsed(part).text.strip()
        assert len(part.encode("utf-16-le")) // 2 <= 4096
        assert rendering.safe(part) == part


@pytest.mark.parametrize(
    "own", ["a < b", "<b>", "</b>", "<b><i></b></i>", "&copy; x", "<a href='x'>", "<b>a</b"]
)
def test_a_sentence_of_the_owners_is_shown_as_it_is(own):
    assert parsed(rendering.safe(own)).text == own


def test_an_invitation_is_a_link():
    assert parsed(CHANNEL.invite("看全文", "https://x.example/r/1?a&b", "")).pieces == [
        Link("看全文", "https://x.example/r/1?a&b")
    ]


# Judged by python-telegram-bot


def receive(update):
    body = json.dumps(update.to_dict()).encode()
    return TABLES.channel.receive(
        WebRequest("POST", {}, body, {"x-telegram-bot-api-secret-token": telegram_table.SECRET}), 0.0
    ).messages


def said(**content):
    chat = content.pop("chat", ALONE)
    return telegram.Update(7, message=telegram.Message(3, NOW, chat, from_user=ANN, **content))


VOICE = telegram.Voice("AwACAgIAAxkBAAIB", "u", 3)
PHOTO = (
    telegram.PhotoSize("SmallSmallSmall", "u", 90, 90),
    telegram.PhotoSize("LargeLargeLarge", "v", 900, 900),
)
GROUP = telegram.Chat(-1002003, "supergroup")


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (said(text="你好"), ("1001", "你好", "text")),
        (said(text="@tea_shop_bot 在吗", chat=GROUP), ("-1002003/1001", "在吗", "text")),
        (said(photo=PHOTO, caption="这是？"), ("1001", "这是？", "image")),
        (said(voice=VOICE), ("1001", "", "voice")),
        (said(location=telegram.Location(120.16, 30.25)), ("1001", "", "location")),
        (said(document=telegram.Document("BQACAgIAAxkBAAIB", "u", "a.pdf")), ("1001", "", "file")),
        (said(dice=telegram.Dice(3, "🎲")), ("1001", "", "event")),
        (
            telegram.Update(
                7,
                callback_query=telegram.CallbackQuery(
                    "42", ANN, "1", message=telegram.Message(3, NOW, ALONE), data="orders"
                ),
            ),
            ("1001", "orders", "event"),
        ),
        (
            telegram.Update(
                7,
                my_chat_member=telegram.ChatMemberUpdated(
                    ALONE, ANN, NOW, telegram.ChatMemberMember(ANN), telegram.ChatMemberBanned(ANN, NOW)
                ),
            ),
            ("1001", "", "event"),
        ),
    ],
    ids=["text", "group", "photo", "voice", "location", "document", "dice", "tap", "stopped"],
)
def test_an_update_that_it_builds_is_read(update, expected):
    [message] = receive(update)
    assert (message.sender, message.text, message.kind) == expected
    assert message.id == "7"


def ours():
    """Each request of ours."""
    channel = TABLES.channel
    shown = [row.request for row in (*TABLES.outgoing, *TABLES.offered, *TABLES.media_pushed, *TABLES.edited)]
    taps = [row.shown for row in TABLES.tapped] + [row.request for row in TABLES.settled if row.request]
    own = [
        channel.register("https://a.example"),
        channel.unregister(),
        channel.probe(),
        channel.typing("1001"),
        channel.withdraw("-1002003 6"),
    ]
    drafts = [channel.draft(Bubble("7-00000000000a", TABLES.bubble.message), "好")]
    return [*shown, *taps, *own, *drafts, LOOKING.fetch("8", "")]


@pytest.mark.parametrize("request_", ours(), ids=lambda one: one.path)
def test_a_request_of_ours_is_one_that_it_makes(request_):
    method = getattr(telegram.Bot, re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", request_.path[1:]))
    known = inspect.signature(method).parameters
    given_ = {
        **(request_.body or {}),
        **({request_.upload.key: 1, **request_.upload.more} if request_.upload else {}),
    }
    assert given_.keys() <= known.keys()
    if keys := given_.get("reply_markup"):
        assert telegram.InlineKeyboardMarkup.de_json(keys, None).to_dict() == keys
    if reply := given_.get("reply_parameters"):
        reply = json.loads(reply) if isinstance(reply, str) else reply  # in a form
        assert telegram.ReplyParameters.de_json(reply, None).to_dict() == reply


def test_the_token_is_in_nothing_but_what_leaves():
    for request in ours():
        assert telegram_table.TOKEN not in repr(request)
        leaving = TABLES.channel.outgoing(request)
        assert leaving.path == f"/bot{telegram_table.TOKEN}{request.path}"
    [file] = TABLES.channel.attached(TABLES.got[0].message)
    steps = TABLES.channel.get(file)
    next(steps)
    asked = steps.send(ApiAnswer(200, {"ok": True, "result": {"file_path": "photos/1.jpg"}}))
    assert TABLES.channel.outgoing(asked).path == f"/file/bot{telegram_table.TOKEN}/photos/1.jpg"


@pytest.mark.parametrize("path", ["../getMe", "a/../../b", "", "a b", "x?y=1", 7, "a#b"])
def test_where_a_file_lies_is_a_path_and_leads_nowhere_else(path):
    [file] = TABLES.channel.attached(TABLES.got[0].message)
    steps = TABLES.channel.get(file)
    next(steps)
    with pytest.raises(SendFailed):
        steps.send(ApiAnswer(200, {"ok": True, "result": {"file_path": path}}))


# What waits, and what is refused


def test_a_page_is_what_waited_and_the_next_one_begins_behind_it():
    told = [
        telegram_table.update(text="一"),
        {"update_id": 871, "future": 1},
        "x",
        {"update_id": 872, "message": 7},
    ]
    page = LOOKING.page(ApiAnswer(200, {"ok": True, "result": told}))
    assert ([one.text for one in page.messages], page.cursor) == (["一"], "873")
    assert LOOKING.fetch("873", "").body["offset"] == 873
    assert LOOKING.page(ApiAnswer(200, {"ok": True, "result": []})).cursor is None


def test_who_looks_is_not_called_and_who_is_called_does_not_look():
    assert LOOKING.fetches
    assert not TABLES.channel.fetches
    with pytest.raises(Refused) as refused:
        LOOKING.receive(telegram_table.call(telegram_table.update(text="x"), ""), 0.0)
    assert refused.value.code == "method"


@pytest.mark.parametrize(
    ("parameters", "wait"),
    [
        ({"retry_after": 5}, 5.0),
        ({"retry_after": 10**5}, 3600.0),
        ({"retry_after": "5"}, 0.0),
        ([], 0.0),
        ({"retry_after": -1}, 0.0),
    ],
)
def test_it_says_for_how_long_to_wait(parameters, wait):
    data = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": parameters}
    with pytest.raises(SendFailed) as failed:
        check(ApiAnswer(429, data))
    assert (failed.value.wait, failed.value.retryable) == (wait, True)


@pytest.mark.parametrize(("text", "is_button"), [("a" * 64, True), ("字" * 21, True), ("字" * 22, False)])
def test_what_a_button_brings_fits_in_64_bytes(text, is_button):
    offer = Choices("?", [Choice("x", text)])
    assert CHANNEL.choice_limits.fit(offer) is is_button


@pytest.mark.parametrize(
    "token", ["", "123", "abc:def", "7000000001:short", "7000000001:AAH/../x" + "a" * 40]
)
def test_what_is_no_token_is_told_at_once(token):
    with pytest.raises(ValueError, match="token"):
        CHANNEL.Settings(bot_token=token)
