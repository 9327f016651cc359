"""What somebody is asked for a score with, and what of what they type is one.

Only what can be nothing else is taken for it: all else is a message like any, and is answered as one.
"""

import re
import unicodedata
from dataclasses import dataclass

from runtime.choices import Choice, written
from runtime.lang import Text
from runtime.store.messages.score_asking import ASKS
from runtime.store.messages.wished import Wish

LONGEST_NOTE = 500
LONGEST = LONGEST_NOTE + 20
WORDS = (
    Text("很不满意", "Very dissatisfied"),
    Text("不太满意", "Dissatisfied"),
    Text("一般", "Neutral"),
    Text("满意", "Satisfied"),
    Text("非常满意", "Very satisfied"),
)
"""For 1 to 5."""
QUESTION = Text(
    "这次服务您满意吗？点一下，或打 1–5 分，5 分最好。不想再被问，回复“不用问”。",
    "How satisfied are you? Tap one, or type 1–5; 5 is best. If you would rather not be asked, reply “don't "
    "ask”.",
)
"""One line, so that it stands with what is to be tapped."""
THANKS = Text(
    "谢谢，已经记下 {score} 分。想说说为什么，可以用“原因：”开头告诉我们。",
    "Thank you, your {score} is noted. If you want to say why, begin with “Why:”.",
)
NOTED = Text("谢谢，已经记下。", "Thank you, that is noted.")
STOPPED = Text("好的，以后不再请您打分。", "All right, you will not be asked for a rating again.")
LEFT_ALONE = Text(
    "好的，以后不再请您打分，也不再群发给您。想恢复，回复“订阅”。",
    "All right: no more ratings and no announcements. To have them again, reply “subscribe”.",
)
LATE = Text("这次评分已经过期了。", "It is too late to rate this.")
ENDS = frozenset({"退订", "td", "stop", "unsubscribe"})
"""They end what is announced, too."""
REFUSALS = ENDS | {
    "不用问", "别问了", "别再问", "不要再问", "不要问了", "don't ask", "dont ask", "stop asking",
}  # fmt: skip
RETURNS = frozenset({"订阅", "恢复订阅", "subscribe"})
TAPPED = re.compile(r"score ([1-5])")
"""The value of a choice, as a surface brings it back."""
DIGITS = {**dict(zip("12345", range(1, 6), strict=True)), **dict(zip("一二三四五", range(1, 6), strict=True))}
TYPED = re.compile(
    r"\s*([1-5１-５一二三四五])\s*(?:分|颗星|星|stars?|points?|[/／]\s*[5５])?\s*[.。!！]?\s*(?:[:：]\s*(\S.*))?",
    re.DOTALL | re.IGNORECASE,
)
"""With a colon a note may follow: what stands behind anything else may be a question."""
STARS = re.compile("\\s*((?:[⭐★🌟]\ufe0f?){1,5})(☆{0,4})\\s*(?:[:：]\\s*(\\S.*))?", re.DOTALL)
WHY = re.compile(r"\s*(?:原因|why)\s*[:：]\s*(\S.*)", re.DOTALL | re.IGNORECASE)
CJK = re.compile("[\u4e00-\u9fff]")
OTHERS = re.compile("[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f]")
LATIN = re.compile("[A-Za-z]{2}")


@dataclass(frozen=True)
class Said:
    """`score`: 1 to 5; 0: they want no question; None: only `note` is said."""

    score: int | None
    note: str = ""


def read(text: str) -> Said | None:
    """None where it says something else."""
    if len(text) > LONGEST:
        return None
    if found := TAPPED.fullmatch(text):
        return Said(int(found[1]))
    if found := TYPED.fullmatch(text):
        return Said(DIGITS[unicodedata.normalize("NFKC", found[1])], found[2] or "")
    if found := STARS.fullmatch(text):
        number = len(found[1].replace("\ufe0f", ""))
        return Said(number, found[3] or "") if number + len(found[2]) <= 5 else None
    if found := WHY.fullmatch(text):
        return Said(None, found[1])
    if refuses(text):
        return Said(0)
    plain = text.strip().rstrip("。.!！").lower()
    words = (n for n, one in enumerate(WORDS, 1) if plain in map(str.lower, one.by_language().values()))
    number = next(words, 0)
    return Said(number) if number else None


def shows(score: int, label: str) -> bool:
    """Whether this is what we write on a score that is tapped."""
    return label in WORDS[score - 1].by_language().values()


def refuses(text: str) -> bool:
    """Whether it says that somebody wants no question, and nothing else."""
    return wish(text) in ("no_questions", "nothing")


def wish(text: str) -> Wish | None:
    """What somebody wants unasked, where the text says that and nothing else."""
    if len(text) > LONGEST:
        return None
    words = text.replace("’", "'").strip(" \n。.!！").lower()
    if words in RETURNS:
        return "everything"
    return "nothing" if words in ENDS else "no_questions" if words in REFUSALS else None


def question(language: str) -> str:
    """As Markdown with what is to be tapped."""
    offered = [Choice(one.to(language), f"{ASKS} {n}") for n, one in enumerate(WORDS, 1)]
    return QUESTION.to(language) + written(offered)


def spoken_in(text: str, otherwise: str) -> str:
    """Of the two languages that we write, the one of a text, where it can be told; else the agent's."""
    if OTHERS.search(text):
        return otherwise
    return "zh" if CJK.search(text) else "en" if LATIN.search(text) else otherwise
