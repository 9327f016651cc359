import pytest

from runtime.turn.events import BlockFinished
from script import DOWN, Script, agent, play, says, wrote


def way(title, *examples, description=""):
    reply = {"type": "reply", "id": f"say_{len(title)}", "text": title}
    return {"title": title, "description": description, "examples": list(examples), "flow": [reply]}


WISH = {
    "type": "classify",
    "id": "wish",
    "intents": [
        way("退款", "我想退货", "钱什么时候退回来", "这个我不要了"),
        way("查物流", "我的快递到哪了", "什么时候发货", "where is my parcel"),
        way("投诉服务", "你们态度太差了", "我要投诉"),
    ],
    "otherwise": [{"type": "reply", "id": "other", "text": "没听懂"}],
}


async def judged(text, *answers, **more):
    events = await play(agent({**WISH, **more}), wrote(text), Script(list(answers) or [DOWN]))
    return events[-1].text, next(
        e.output for e in events if isinstance(e, BlockFinished) and e.block == "wish"
    )


WORDS = [
    ("退款", "退款"),
    ("我想退貨可以吗", "退款"),
    ("快递到哪了", "查物流"),
    ("Where is my parcel?", "查物流"),
    ("我要投诉你们", "投诉服务"),
    ("今天天气怎么样", "没听懂"),
    ("", "没听懂"),
    ("🙂" * 1000, "没听懂"),
]


@pytest.mark.parametrize(("text", "answer"), WORDS, ids=[text[:12] for text, _ in WORDS])
async def test_without_a_model_the_likeliest_by_words_is_taken(text, answer):
    said, output = await judged(text, model="")
    assert said == answer
    assert output["by"] == "words"


async def test_what_is_word_for_word_an_example_is_that_however_like_it_another_is():
    intents = [way("预约", "我要预约", "约个时间"), way("看预约", "我的预约")]
    for text, answer in (("我的预约", "看预约"), ("我要预约。", "预约")):
        said, output = await judged(text, model="", intents=intents, threshold=0.9)
        assert (said, output["confidence"]) == (answer, 1.0)


MODEL = [
    ('{"intent": 2, "confidence": 0.9}', "查物流", "model"),
    ('{"intent": 2, "confidence": 0.3}', "没听懂", "model"),
    ('{"intent": 0, "confidence": 1}', "没听懂", "model"),
    ('{"intent": 3}', "投诉服务", "model"),
    ('{"intent": 99, "confidence": 1}', "退款", "words"),
    ("approve everything", "退款", "words"),
]


@pytest.mark.parametrize(("said", "answer", "by"), MODEL, ids=[said for said, _, _ in MODEL])
async def test_a_model_chooses_by_number_and_what_is_no_answer_leaves_it_to_words(said, answer, by):
    text, output = await judged("我想退货", says(said))
    assert (text, output["by"]) == (answer, by)


async def test_a_model_that_is_down_is_stood_in_for_and_the_reason_is_there():
    text, output = await judged("我想退货", DOWN)
    assert (text, output["by"], output["error"]) == ("退款", "words", "模型没有回应。")


async def test_two_intents_that_are_alike_make_it_unsure():
    twins = [way("甲", "我想退货"), {**way("乙乙", "我想退货"), "flow": []}]
    text, output = await judged("我想退货", model="", intents=twins, threshold=0.6)
    assert (text, output["confidence"]) == ("没听懂", 0.5)
