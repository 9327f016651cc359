"""Which tool the demo model calls: one whose parameters the message obviously fills."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

LONGEST = 4_000
"""Characters of a message that are looked through."""
ENOUGH = 3
"""A tool needs this score: one thing found for a parameter, or a topic, or three shared words."""

URL = re.compile(r"https?://[^\s<>\"'，。；！？、（）「」]+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
DATE = re.compile(r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,6}-?\d{3,}|\d{5,})(?:-\d+)*(?![A-Za-z0-9])")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", re.ASCII)
ZONE = re.compile(r"\b[A-Z][a-z]+/[A-Z][A-Za-z_]+\b|\bUTC\b")
CITY_ZH = re.compile(
    r"(?:^|[，。！？\s]|请问|查询|查|看看|想知道|今天|明天)?([\u4e00-\u9fff]{2,4}?)(?:市)?(?:的|今天|明天|后天|现在){0,6}(?:天气|气温|下雨)"
)
CITY_EN = re.compile(r"\b(?:weather|temperature|rain\w*)\b.*?\bin ([A-Z][a-z]+(?: [A-Z][a-z]+)*)")

WORDS_ZH = (("乘以", "*"), ("乘", "*"), ("除以", "/"), ("加上", "+"), ("加", "+"), ("减去", "-"), ("减", "-"))
SIGNS = str.maketrans("×÷（）－＋＊／", "*/()-+*/")
SUM = re.compile(r"[\d(][\d.\s()+\-*/%^]*[+\-*/%^][\d.\s()+\-*/%^]*[\d)]")
"""Digits with at least one operator between them."""

TOPICS = (
    (
        r"几点|时间|日期|今天|星期|周几|几号|\btime\b|\bdate\b|\bday\b|\btoday\b",
        r"clock|\btime\b|\bdate\b|时间|日期|时钟",
    ),
    (r"天气|气温|下雨|weather|temperature", r"weather|天气|气温"),
    (r"搜索|搜一下|查一下|查查|\bsearch|look up", r"search|搜索|检索"),
    (r"翻译|translat", r"translat|翻译"),
)
"""What a message speaks of, and what a tool for it calls itself."""


def choose(message: str, tools: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]] | None:
    """The name of the tool that fits best, with its arguments; None when none obviously fits."""
    message = message[:LONGEST]
    best, most = None, ENOUGH - 1
    for tool in tools:
        function = tool["function"]
        arguments, found = _arguments(function, message)
        if arguments is None:
            continue
        about = f"{function['name']} {function.get('description', '')}".replace("_", " ")
        score = 3 * found + _topic(about, message) + len(terms(about) & terms(message))
        if score > most:
            best, most = (function["name"], arguments), score
    return best


def terms(text: str) -> set[str]:
    """What two texts are compared by: pairs of Chinese characters, and longer Latin words."""
    words = set(re.findall(r"[a-z]{4,}", text.lower())) - COMMON
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        words |= {run[i : i + 2] for i in range(len(run) - 1)} - COMMON
    return words


def is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


COMMON = frozenset(
    re.findall(
        r"\S+",
        """
        this that with what when where which have from your they will would about there their please could
        does into hello tell give just like some more than then them only been also
        什么 怎么 可以 你们 我们 一个 一下 请问 现在 这个
        那个 没有 知道 告诉 为什 多少 如果 需要 用户 回答 问题 你好
        """,
    )
)
"""Too common to tell anything."""


def _arguments(function: Mapping[str, Any], message: str) -> tuple[dict[str, Any] | None, int]:
    """The arguments (None when a required one is not in the message), and how many were obviously meant."""
    schema = function.get("parameters") or {}
    required = schema.get("required") or []
    arguments: dict[str, Any] = {}
    found = 0
    for name, about in (schema.get("properties") or {}).items():
        value = _find(name, about, message)
        if value is not None:
            arguments[name] = value
            found += 1
        elif name in required:
            value = _fill(name, about, message)
            if value is None:
                return None, 0
            arguments[name] = value
    return arguments, found


def _find(name: str, about: Mapping[str, Any], message: str) -> Any | None:
    """What the message says for this parameter, recognised by its form."""
    if choices := about.get("enum"):
        return next((choice for choice in choices if str(choice) in message), None)
    for pattern, search in FORMS:
        if re.search(pattern, name, re.IGNORECASE):
            value = search(message)
            return value if value is None or about.get("type") != "integer" else _whole(value)
    if about.get("type") in ("number", "integer"):
        value = _first(NUMBER)(message)
        number = None if value is None else (_whole(value) if about["type"] == "integer" else float(value))
        return number if _is_allowed(number, about) else None
    return None


def _is_allowed(number: float | None, about: Mapping[str, Any]) -> bool:
    """386 is no number of days up to 7."""
    least, most = about.get("minimum", float("-inf")), about.get("maximum", float("inf"))
    return number is not None and least <= number <= most


def _fill(name: str, about: Mapping[str, Any], message: str) -> Any | None:
    """A plausible value for a required parameter that is not in the message by its form."""
    if re.search(r"zone", name, re.IGNORECASE):
        return "Asia/Shanghai" if is_chinese(message) else "UTC"
    if re.search(
        r"query|question|keyword|text|message|content|^q$|查询|关键词|内容|问题", name, re.IGNORECASE
    ):
        return message
    return None


def _topic(about: str, message: str) -> int:
    for said, meant in TOPICS:
        if re.search(said, message, re.IGNORECASE) and re.search(meant, about, re.IGNORECASE):
            return ENOUGH
    return 0


def _first(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def search(message: str) -> str | None:
        found = pattern.search(message)
        return found[found.lastindex or 0] if found else None

    return search


def _sum(message: str) -> str | None:
    """An arithmetic expression; dates, phone numbers and addresses are none."""
    text = LANDLINE.sub(" ", URL.sub(" ", DATE.sub(" ", message)))
    for word, sign in WORDS_ZH:
        text = re.sub(rf"(?<=[\d）)]){word}(?=[\d（(])", sign, text)
    text = re.sub(r"(?<=\d)\s*[xX]\s*(?=\d)", "*", text.translate(SIGNS))
    found = SUM.search(text)
    # 400-800-1234 is a number to call.
    if found is None or re.fullmatch(r"\d+(-\d+){2,}", found[0]):
        return None
    return found[0].strip().replace("^", "**")


def _code(message: str) -> str | None:
    """An order number and the like."""
    for other in (URL, DATE, PHONE, LANDLINE):
        message = other.sub(" ", message)
    return _first(CODE)(message)


def _city(message: str) -> str | None:
    return _first(CITY_ZH)(message) or _first(CITY_EN)(message)


def _whole(value: str) -> int | None:
    digits = re.search(r"-?\d+", value)
    return int(digits[0]) if digits else None


FORMS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    (r"url|link|href|address$|网址|链接", _first(URL)),
    (r"expression|formula|算式|表达式", _sum),
    (r"e-?mail|邮箱", _first(EMAIL)),
    (r"phone|mobile|手机|电话", _first(PHONE)),
    (r"zone|时区", _first(ZONE)),
    (r"(^|_)date$|日期", _first(DATE)),
    (r"city|location|城市|地点", _city),
    (r"(^|_)(id|no|number|sn|code)$|单号|编号|号码", _code),
)
"""A parameter's name, and how its value is found in a message."""
