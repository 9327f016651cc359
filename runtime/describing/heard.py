"""What a description says by its form: a name, questions to ask, times, an address. By rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from runtime.models.demo.tool_choice import URL

Json = dict[str, Any]

QUOTED = re.compile(r"[「“\"『]([^「」“”\"『』\n]{1,40})[」”\"』]")
CALLED = (
    re.compile(
        r"(?:店名|名字|名称|公司|店铺)?(?:叫做|叫|名为|店名是|名字是)\s*([^\s，。,.;；、！!？?：:（(]{2,20})"
    ),
    re.compile(r"\b(?:called|named)\s+((?:[A-Z][\w'&-]*)(?:\s+[A-Z&][\w'&-]*){0,4})"),
    re.compile(r"\bfor\s+((?:[A-Z][\w'&-]*)(?:\s+[A-Z&][\w'&-]*){0,4})"),
)
TITLED = re.compile(
    r"^\s*+(?!请|帮|给我|我|做|搭|建|写|please\b|build\b|make\b|create\b|i\b)"
    r"([^：:，,。.；;！!？?\n]{2,40}?)\s*[：:](?!\S*//)",
    re.IGNORECASE,
)
"""“A barber's desk: it asks …” says first what it is."""
ASKED = (
    re.compile(r"(?:问清楚|问清|问齐|先问|询问|问一下|收集|登记|记下|要填|填写|问)(?:用户|客人|顾客|他们|对方|好)?的?[：:]?\s*"
               r"([^。！？\n，,；;]{2,80})"),
    re.compile(r"\b(?:asks?|collects?|gathers?|takes?|records?)\s+"
               r"(?:(?:them|people|customers|guests|the \w+)\s+)?(?:for\s+)?"
               r"(?:their\s+|the\s+|a\s+|an\s+)?([^.;:!?\n]{2,100})", re.IGNORECASE),
)  # fmt: skip
BETWEEN = re.compile(r"\s*(?:、|和|与|以及|及|,|\band\b|&)\s*")
LEAD = re.compile(r"^(?:the|a|an|their|your|his|her)\s+", re.IGNORECASE)
UNTIL = re.compile(
    r"(?:，|然后|再|之后|并|后(?=提交|发|存)|提交|发到|发给"
    r"|\bthen\b|\bposts?\b|\bsends?\b|\bsaves?\b|\bin turn\b|\bbefore\b).*$",
    re.IGNORECASE | re.DOTALL,
)
TIMES = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
APPROVED = re.compile(r"审批|批准|点头|同意(?:后|了|再)|\b(?:approv|sign(?:s|ed)? off)", re.IGNORECASE)
MOST = 8
"""Fields that are asked for."""
KINDS = (
    (r"电话|手机|phone|mobile", "phone", "phone"),
    (r"邮箱|e-?mail", "email", "email"),
    (r"日期|哪一?[天日]|几号|日子|\bdate\b|\bday\b|check-?in", "date", "date"),
    (r"几点|时间|时段|\btime\b|\bhour\b|\bslot\b", "time", "time"),
    (r"人数|几位|几个?人|数量|多少|预算|金额", "number", "number"),
    (r"number of|how many|party size|quantity|amount|budget", "number", "number"),
    (r"姓名|称呼|名字|\bname\b", "person_name", "text"),
    (r"地址|\baddress\b", "address", "text"),
    (r"备注|要求|\bnotes?\b|\brequests?\b", "note", "text"),
)  # fmt: skip
"""How a field is called, its name and its type."""


@dataclass(frozen=True)
class Heard:
    """`name`: what the business or the agent is called; `title`: what it is, by the text's first words.

    `fields`: to be asked for, as the block `ask` has them; `times`: HH:MM.
    """

    name: str
    title: str
    fields: Sequence[Json]
    times: Sequence[str]
    url: str
    approval: bool = False
    """Somebody has to agree before what was asked for goes on."""


def heard(text: str) -> Heard:
    found = URL.search(text)
    url = found[0].rstrip("/.") if found else ""
    rest = URL.sub(" ", text)
    times = list(dict.fromkeys(f"{int(h):02}:{m}" for h, m in TIMES.findall(rest)))
    approval = bool(APPROVED.search(rest))
    return Heard(_name(rest), _title(rest), _fields(rest), times, url, approval)


def _name(text: str) -> str:
    if quoted := QUOTED.search(text):
        return quoted[1].strip()
    return next((found[1].strip() for called in CALLED if (found := called.search(text))), "")


def _title(text: str) -> str:
    found = TITLED.search(text)
    if not found or any(asks.search(f"{found[1]} ...") for asks in ASKED):
        return ""
    return found[1]


def _fields(text: str) -> list[Json]:
    for asks in ASKED:
        for found in asks.finditer(text):
            named = [LEAD.sub("", part).strip(" 。.") for part in BETWEEN.split(UNTIL.sub("", found[1]))]
            named = [part for part in named if 0 < len(part) <= 30]
            # One thing alone is a verb more often than a list of questions.
            if len(named) >= 2:
                return _typed(named[:MOST])
    return []


def _typed(titles: Sequence[str]) -> list[Json]:
    fields: list[Json] = []
    for number, title in enumerate(titles, 1):
        known = ((name, type) for words, name, type in KINDS if re.search(words, title, re.IGNORECASE))
        name, type = next(known, (f"field_{number}", "text"))
        if any(field["name"] == name for field in fields):
            name = f"field_{number}"
        fields.append({"name": name, "title": title, "type": type})
    return fields
