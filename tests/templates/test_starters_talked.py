"""What people really write to the starters: questions, half sentences, silence. A question undoes nothing;
nobody hears an answer to what they did not say."""

import pytest
from test_starters import LIBRARY, PROMPTS, SHOWN, Demo, Shop

from runtime.agents.agent import walk
from runtime.blocks.ask import Ask
from runtime.person import Person
from runtime.turn.events import BlockFinished, Replied, Waited
from runtime.turn.keeping import KeptHere, Value
from runtime.turn.turn import Services
from runtime.turn.waiting import Came
from talking import Talk

BEGINS = {
    "booking-assistant": ("我想约剪发", "I would like a haircut"),
    "event-signup": ("我要报名", "I want to sign up"),
    "feedback-survey": ("我要评价", "I want to rate you"),
    "homework-helper": ("记错题", "Note a mistake"),
    "invoice-desk": ("我要开发票", "I need an invoice"),
    "leave-approval": ("我想请假", "I would like some leave"),
    "quiz": ("开始答题", "Start the quiz"),
    "quote-desk": ("我要报价", "I need a quote"),
    "recruiting-desk": ("我想应聘", "I want to apply"),
    "reminders": ("提醒我开会", "Remind me"),
    "returns-desk": ("我要退货", "I want to return it"),
    "travel-planner": ("帮我安排一次旅行", "Plan a trip for me"),
}
LATER = {
    "quote-desk": ("名片 / 100", "posters / 10"),
    "feedback-survey": ("2 / 服务 / 不会", "2 / The service / Perhaps"),
    "invoice-desk": ("A1 / 100", "A1 / 100"),
}
"""…and to their second question."""
ASKS = [one for one in SHOWN if any(isinstance(block, Ask) for _, block in walk(one.flow))]
GIVEN_UP = ("先不", "好的", "All right", "Fine")


def talk(agent, shop=None, **more):
    return Talk(agent, Services(Demo(), PROMPTS, shop or Shop()), **more)


def in_its_language(pair, agent):
    return pair[agent.language == "en"]


def test_each_that_asks_is_begun_here():
    assert {one.id for one in ASKS} == set(BEGINS)


@pytest.mark.parametrize("agent", ASKS, ids=lambda one: f"{one.id}.{one.language}")
async def test_who_does_not_answer_is_not_written_to_unasked(agent):
    for more in ("", *([in_its_language(LATER[agent.id], agent)] if agent.id in LATER else [])):
        it = talk(agent)
        for text in [in_its_language(BEGINS[agent.id], agent), *filter(None, more.split(" / "))]:
            assert isinstance(await it.says(text), Waited)
        end = await it.goes_on(Came("late"))
        assert isinstance(end, Replied)
        assert end.text == ""


@pytest.mark.parametrize(
    ("id", "began"),
    [("event-signup", "我要报名 / 周六上午 / 小明"), ("reminders", "提醒我"), ("leave-approval", "我想请假")],
)
async def test_who_was_not_understood_is_not_told_that_they_gave_up(id, began):
    it = talk(LIBRARY.starter(id))
    for text in began.split(" / "):
        assert isinstance(await it.says(text), Waited)
    for _ in range(3):
        end = await it.says("嗯嗯你猜")
    assert isinstance(end, Replied)
    assert "没弄清" in end.text
    assert not end.text.startswith(GIVEN_UP)


BOOKED = {
    "zh": "明天下午3点约剪发，13800000000 / 对",
    "en": "Book a haircut tomorrow at 15:00, 13800000000 / yes",
}
SIGNED = {
    "zh": "我要报名 / 周六上午 / 小明 / 13800000000",
    "en": "I want to sign up / Saturday morning / Ann / 13800000000",
}
REMINDED = {
    "zh": "明天早上 8 点提醒我 / 交水费 / 明天早上 9 点提醒我 / 开会",
    "en": "Remind me tomorrow at 8:00 / pay / Remind me tomorrow at 9:00 / meet",
}
NOTHING = {"zh": "", "en": ""}
QUESTIONS = [
    ("event-signup", "zh", SIGNED, ["报名之后可以取消吗？", "怎么取消？", "别取消啊"], "release"),
    ("event-signup", "en", SIGNED, ["Can I cancel later?"], "release"),
    ("booking-assistant", "zh", BOOKED, ["取消预约要收费吗？", "可以取消吗"], "release"),
    ("booking-assistant", "en", BOOKED, ["Can I cancel it?"], "release"),
    ("reminders", "zh", REMINDED, ["明天 10 点提醒我取消订阅", "取消 3 点那个"], "drop"),
    ("reminders", "en", REMINDED, ["Remind me tomorrow at 10:00 to cancel the gym"], "drop"),
    ("invoice-desk", "zh", NOTHING, ["我改天再开发票", "退换货还能开票吗？", "能改税号吗？"], "cleared"),
    ("invoice-desk", "en", NOTHING, ["Do you exchange cups?", "Can I change it later?"], "cleared"),
]


@pytest.mark.parametrize(("id", "lang", "began", "questions", "undoes"), QUESTIONS)
async def test_a_question_undoes_nothing(id, lang, began, questions, undoes):
    it = talk(LIBRARY.starter(id, lang))
    for text in filter(None, began[lang].split(" / ")):
        await it.says(text)
    before = len(it.events)
    for text in questions:
        await it.says(text)
        it.waited = None
    done = {event.block for event in it.events[before:] if isinstance(event, BlockFinished)}
    # What is in ways that were not taken finishes nothing.
    assert undoes not in done


@pytest.mark.parametrize("text", ["我不能来了，取消预约", "可以帮我取消预约了，谢谢"])
async def test_who_says_why_they_cancel_is_not_taken_for_asking(text):
    it = talk(LIBRARY.starter("booking-assistant"))
    for said in ("明天下午3点约剪发，13800000000", "对"):
        await it.says(said)
    assert "已取消" in (await it.says(text)).text


async def test_one_reminder_of_several_is_cancelled_by_what_it_is_about():
    it = talk(LIBRARY.starter("reminders"))
    for text in ("明天早上 8 点提醒我", "交水费", "明天早上 9 点提醒我", "开会"):
        await it.says(text)
    assert "要取消哪个" in (await it.says("取消提醒")).text
    assert (await it.says("取消交水费")).text == "取消了 1 个提醒。"
    left = (await it.says("我的提醒")).text
    assert ("开会" in left, "交水费" in left) == (True, False)
    await it.says("明天早上 8 点提醒我")
    await it.says("买菜")
    assert (await it.says("全部取消提醒")).text == "取消了 2 个提醒。"
    assert (await it.says("取消提醒")).text == "现在没有提醒。"


async def test_a_booking_that_is_over_is_neither_shown_nor_cancelled():
    past = {"booking": Value("booking", "text", "2020-01-01 10:00 剪发")}
    it = talk(LIBRARY.starter("booking-assistant"), kept=KeptHere(who=Person("u1"), values=past))
    for text in ("我的预约", "取消预约"):
        assert "您还没有预约" in (await it.says(text)).text


async def test_the_slot_before_is_given_back_aloud():
    it = talk(LIBRARY.starter("booking-assistant"))
    for text in ("明天下午3点约剪发，13800000000", "对"):
        assert "退掉" not in (await it.says(text)).text
    await it.says("后天下午3点约剪发，13800000000")
    assert "15:00 剪发 已退掉" in (await it.says("对")).text


async def test_with_a_booking_system_nobody_has_two_bookings():
    shop = Shop()
    it = talk(
        LIBRARY.starter("booking-assistant"), shop, variables={"booking_api": "https://shop.example.com"}
    )
    await it.says("明天下午3点约剪发，13800000000")
    assert "约好了" in (await it.says("对")).text
    assert "先说「取消预约」" in (await it.says("后天下午3点约剪发，13800000000")).text
    assert len(shop.urls) == 1
    assert "已取消" in (await it.says("取消预约")).text
    assert isinstance(await it.says("后天下午3点约剪发，13800000000"), Waited)


@pytest.mark.parametrize(
    ("id", "lang", "text"),
    [(id, "zh", "你是人工智能吗？") for id in ("my-orders", "quote-desk", "returns-desk", "tea-shop")]
    + [(id, "en", "Are you human?") for id in ("my-orders", "quote-desk", "returns-desk", "tea-shop")]
    + [("my-orders", "en", "My personal order?")],
)
async def test_who_asks_what_it_is_calls_nobody(id, lang, text):
    assert not (await talk(LIBRARY.starter(id, lang)).says(text)).handoff


@pytest.mark.parametrize(
    ("id", "lang", "text"),
    [
        ("event-signup", "zh", "我报名周六上午"),
        ("recruiting-desk", "zh", "我的经验 3 年，想应聘店员"),
        ("recruiting-desk", "en", "My name is Ann, I want to apply"),
        ("feedback-survey", "zh", "上次剪坏了，我要评价"),
    ],
)
async def test_who_wants_to_begin_begins(id, lang, text):
    assert isinstance(await talk(LIBRARY.starter(id, lang)).says(text), Waited)


@pytest.mark.parametrize(
    ("lang", "text"), [("zh", "发票多久能开好？"), ("en", "How long does the invoice take?")]
)
async def test_who_asks_about_invoices_gets_an_answer(lang, text):
    assert isinstance(await talk(LIBRARY.starter("invoice-desk", lang)).says(text), Replied)


@pytest.mark.parametrize("sure", ["没错", "没错，谢谢", "没毛病"])
async def test_whoever_says_that_nothing_is_wrong_has_confirmed(sure):
    it = talk(LIBRARY.starter("leave-approval"))
    for text in ("我想请假", "事假", "明天", "半天", "跳过"):
        end = await it.says(text)
    assert "几天：0.5" in end.text
    assert "已提交" in (await it.says(sure)).text


@pytest.mark.parametrize("agent", ASKS, ids=lambda one: f"{one.id}.{one.language}")
@pytest.mark.parametrize("leaves", [("算了。", "Never mind"), ("取消", "cancel")], ids=["colloquial", "word"])
async def test_who_says_in_their_own_words_that_they_leave_it_has_left(agent, leaves):
    it = talk(agent)
    assert isinstance(await it.says(in_its_language(BEGINS[agent.id], agent)), Waited)
    assert isinstance(await it.says(in_its_language(leaves, agent)), Replied)


@pytest.mark.parametrize(("id", "text"), [("reminders", "谢谢！"), ("leave-approval", "取消请假")])
async def test_who_wants_nothing_new_is_asked_nothing(id, text):
    assert isinstance(await talk(LIBRARY.starter(id)).says(text), Replied)


PROMISE = {"zh": "「人工」", "en": "“human”"}
PROMISED = [one for one in ASKS if any(word in one.texts.greeting for word in PROMISE.values())]


@pytest.mark.parametrize("agent", PROMISED, ids=lambda one: f"{one.id}.{one.language}")
@pytest.mark.parametrize("place", ["first", "later"])
async def test_the_word_that_brings_a_person_does_so_in_the_middle_of_a_question(agent, place):
    words = ("human", "Talk to a human.") if agent.language == "en" else ("人工", "转人工！", "我要找人工")
    later = {**LATER, "returns-desk": ("A1", "A1"), "booking-assistant": ("明天", "tomorrow")}
    further = {"first": ""}.get(place, in_its_language(later[agent.id], agent))
    for word in words:
        it = talk(agent)
        for text in [in_its_language(BEGINS[agent.id], agent), *filter(None, further.split(" / "))]:
            assert isinstance(await it.says(text), Waited)
        end = await it.says(word)
        assert isinstance(end, Replied)
        assert end.handoff
    assert not (await leaving(agent)).handoff


async def leaving(agent):
    it = talk(agent)
    await it.says(in_its_language(BEGINS[agent.id], agent))
    return await it.says("cancel")


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("zh", "明天早上 8 点提醒我交水费", "提醒：交水费"),
        ("zh", "半小时后提醒我关火。", "提醒：关火"),
        ("zh", "三天后早上九点提醒我开会", "09:00 提醒：开会"),
        ("zh", "半小时后 / 关火", "提醒：关火"),
        ("zh", "提醒我开会 / 明天 / 9点", "09:00 提醒：开会"),
        ("zh", "提醒我明天8点交水费 / 交水费", "08:00 提醒：交水费"),
        ("zh", "每天八点提醒我吃药", "只能设一个提醒"),
        ("zh", "提醒我 / 每天八点", "只能设一个提醒"),
        ("en", "Remind me tomorrow at 8:00 to pay the water bill", "08:00, pay the water bill"),
        ("en", "Remind me in 20 minutes to call", ", call"),
        ("en", "Remind me / every day", "cannot repeat"),
    ],
)
async def test_a_reminder_is_set_by_as_much_as_was_said(lang, text, told):
    it = talk(LIBRARY.starter("reminders", lang))
    *before, last = text.split(" / ")
    for said in before:
        assert isinstance(await it.says(said), Waited), said
    end = await it.says(last)
    assert isinstance(end, Replied)
    assert told in end.text
