"""How urgent it is that a person answers, and how somebody feels, by their words: without a model."""

from collections.abc import Sequence
from typing import Literal

Priority = Literal["low", "normal", "high", "urgent"]
Sentiment = Literal["angry", "unhappy", "calm", "happy"]
PRIORITIES: Sequence[Priority] = ("low", "normal", "high", "urgent")
SENTIMENTS: Sequence[Sentiment] = ("angry", "unhappy", "calm", "happy")

URGENT = (
    "投诉", "举报", "报警", "律师", "起诉", "消协", "12315", "工商", "曝光", "骗子", "诈骗", "受伤", "过敏",
    "急救", "住院", "盗刷", "被盗", "马上", "立刻", "火速", "紧急", "complaint", "lawyer", "police", "fraud",
    "scam", "injured", "stolen", "urgent", "immediately", "asap", "emergency",
)  # fmt: skip
HIGH = (
    "退款", "退货", "赔偿", "退钱", "没收到", "坏了", "破了", "漏发", "发错", "少了", "等了", "还没", "一直",
    "第三次", "refund", "broken", "damaged", "missing", "wrong item", "still not",
)  # fmt: skip
ANGRY = (
    "气死", "垃圾", "差劲", "太差", "什么玩意", "骗", "滚", "无语", "恶心", "差评", "忍无可忍", "生气",
    "terrible", "awful", "worst", "angry", "furious", "ridiculous", "useless",
)  # fmt: skip
UNHAPPY = (
    "失望", "不满", "不高兴", "着急", "麻烦", "怎么还", "受不了", "不行", "unhappy", "disappointed",
    "annoyed", "frustrated",
)  # fmt: skip
HAPPY = ("谢谢", "感谢", "太好了", "很好", "满意", "thank", "great", "perfect", "love")


def urgency(text: str) -> Priority:
    words = text.lower()
    angry, high = _any(ANGRY, words), _any(HIGH, words)
    if _any(URGENT, words) or (angry and high):
        return "urgent"
    return "high" if angry or high or words.count("!") + words.count("！") > 1 else "normal"


def sentiment(text: str) -> Sentiment:
    words = text.lower()
    if _any(ANGRY, words):
        return "angry"
    if _any(UNHAPPY, words) or _any(URGENT, words):
        return "unhappy"
    return "happy" if _any(HAPPY, words) else "calm"


def _any(signs: Sequence[str], words: str) -> bool:
    return any(sign in words for sign in signs)
