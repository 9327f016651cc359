"""Text that speaks to the model instead of telling it something. It is a sign and no proof, either way."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.safety.checks import ACTIONS, PLACES, PLACES_HINT, Action, Check, Finding, Place, Uses
from runtime.safety.words.folding import is_unseen
from runtime.safety.words.signs import LETTERS
from runtime.schema import About, setting


def _expression(sign: str) -> str:
    return re.sub(r"~(\d)", r"(?:\\w+\\W{1,3}){0,\1}?", sign).replace(" ", r"\W{1,3}")


SIGNS: Sequence[tuple[float, str, str]] = (
    (1.0, "ignore earlier instructions",
     r"(?:ignore|disregard|forget|override|bypass) ~4(?:instruction|rule|prompt|polic|restriction)"),
    (1.0, "忽略之前的指令",
     r"(?:忽略|无视|忘记|忘掉|不要理会|不用管|跳过|抛开)[^。！？\n]{0,12}(?:指令|指示|规则|设定|提示词?|要求|限制|约束)"),
    (1.0, "new instructions", r"(?:new|updated|real|following) (?:system )?instructions?\W{0,3}[:：]"),
    (1.0, "新的指令",
     r"(?:新的|最新|真正的|以下(?:才)?是)[^。！？\n]{0,4}(?:系统)?(?:指令|指示)\s{0,20}[:：]"),
    (0.9, "reveal the prompt",
     r"(?:reveal|print|show|repeat|leak) ~4(?:system\W{0,3}prompt|initial instructions|hidden prompt)"),
    (0.9, "reveal keys", r"(?:reveal|print|show|repeat|leak) ~4(?:api\W?keys?|secrets?\b|credentials)"),
    (0.9, "说出提示词",
     r"(?:输出|打印|告诉我|复述|重复|泄露|展示|发给我)[^。！？\n]{0,10}(?:系统提示词?|系统指令|初始指令|你的提示词|密钥|口令)"),
    (0.8, "you are now", r"\b(?:you are now|from now on,?\W{0,2}you|pretend (?:to be|you\W?(?:a?re)))\b"),
    (0.8, "你现在是", r"(?:从现在(?:开始|起)|接下来)[^。！？\n]{0,6}你(?:是|就是|扮演|将)"),
    (0.8, "没有限制", r"你现在(?:是|扮演)[^。\n]{0,20}(?:没有限制|不受限制|开发者模式)"),
    (0.8, "markup of a conversation",
     r"<\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<</?SYS>>|(?:^|\n)[^\S\n]{0,20}(?:system|assistant|系统)\s{0,20}[:：]"),
    (0.8, "jailbreak", r"\b(?:jailbreak|developer mode|DAN mode|do anything now)\b|越狱模式|开发者模式"),
    (0.7, "call a tool", r"(?:call|use|invoke|execute|run) (?:the )?~3(?:tool|function|command)\b"),
    (0.7, "调用工具", r"(?:调用|执行|运行)[^。！？\n]{0,8}(?:工具|函数|命令)"),
    (0.6, "do not tell", r"(?:do not|don'?t|never) (?:tell|mention|inform|reveal) ~3(?:user|person|anyone)"),
    (0.6, "不要告诉用户", r"(?:不要|别|不得)(?:告诉|提醒|让)[^。！？\n]{0,4}(?:用户|对方|任何人)"),
    (0.6, "send it there", r"(?:send|forward|post|upload|append) ~6(?:https?:|to this (?:url|address))"),
    (0.6, "发到那里", r"(?:发送|转发|上传)[^。！？\n]{0,12}(?:https?:|这个(?:网址|地址|邮箱))"),
)  # fmt: skip
"""How much each says, what it is called, and how it reads: a space stands for what is between two words, ~4
for up to four words."""
KNOWN = [(weight, what, re.compile(_expression(sign), re.IGNORECASE)) for weight, what, sign in SIGNS]
CODED = re.compile(r"[A-Za-z0-9+/_-]{24,4000}={0,2}")
PIECE = 20_000
"""Characters that are looked at together…"""
SHARED = 500
"""…of which those at its end are in the next piece as well."""
QUICK = 1500
"""Characters that are looked at on the loop: 5 µs each."""
MOST_CODED = 20


class Injection(Check):
    """By rules: many ways to say it are in none of them."""

    about: ClassVar[About] = About(
        Text("提示注入", "Prompt injection"),
        Text(
            "像是在对模型下指令的内容；做上记号、当资料引用。只是迹象，不是证明",
            "What speaks to the model; marked and quoted as data. A sign, and no proof",
        ),
        "warning",
    )
    fits: ClassVar[frozenset[str]] = frozenset({"in", "tool"})
    does: ClassVar[frozenset[str]] = frozenset({"mark", "block"})
    type: Literal["injection"]
    places: list[Place] = setting(
        ["tool"],
        title=Text("查哪里", "Where"),
        hint=PLACES_HINT,
        choices=lambda: _places(),
        min_length=1,
        max_length=2,
    )
    action: Action = setting(
        "mark",
        title=Text("发现了就", "When it finds something"),
        hint=Text("做上记号的，模型会当资料来读", "Marked: the model is told to read it as data"),
        choices=lambda: _actions(),
    )
    threshold: float = setting(
        0.8,
        title=Text("多像才算", "How much like it"),
        hint=Text("0.5 宽，1 严：几个迹象加起来", "0.5: little will do, 1: much; signs are added up"),
        ge=0.3,
        le=2,
    )

    async def find(self, text: str, uses: Uses) -> Sequence[Finding]:
        found = _signs(text) if len(text) <= QUICK else await off_loop(_signs, text)
        if sum(found.values()) < self.threshold:
            return []
        return [Finding(0, len(text), ", ".join(found)[:200])]


def _signs(text: str) -> dict[str, float]:
    """What is in it, with how much each says: however much stands before it."""
    found: dict[str, float] = {}
    for start in range(0, max(1, len(text) - SHARED), PIECE - SHARED):
        seen = "".join(sign for sign in text[start : start + PIECE] if not is_unseen(sign))
        plain = _plain(seen)
        found |= {what: weight for weight, what, sign in KNOWN if sign.search(plain)}
        for other in _decoded(seen):
            said = _plain(other)
            found |= {f"base64: {what}": weight for weight, what, sign in KNOWN if sign.search(said)}
    return found


def _plain(text: str) -> str:
    """What a model reads: letters as they look."""
    return unicodedata.normalize("NFKC", text).casefold().translate(LETTERS)


def _decoded(text: str) -> Iterator[str]:
    for _, match in zip(range(MOST_CODED), CODED.finditer(text), strict=False):
        said = match[0].replace("-", "+").replace("_", "/").rstrip("=")
        try:
            yield base64.b64decode(said + "=" * (-len(said) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue


def _places() -> dict[str, Text]:
    return {place: title for place, title in PLACES.items() if place in Injection.fits}


def _actions() -> dict[str, Text]:
    return {action: title for action, title in ACTIONS.items() if action in Injection.does}


CHECK = Injection
