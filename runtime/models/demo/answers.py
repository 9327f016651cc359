"""The demo model: answers by plain rules, offline and free, to try agents before a key is at hand.

It quotes what it was asked, calls a fitting tool once, and finds the sentence of its prompt that fits best.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.lang import Text
from runtime.models.completion import ToolCall
from runtime.models.demo import tool_choice
from runtime.models.demo.tool_choice import is_chinese, terms
from runtime.models.reading.said import CallPiece, Said

PIECE = 24
"""Characters of one streamed piece."""

RECEIVED = Text("**演示模型**收到了您的消息：", "The **demo model** received your message:")
FOUND = Text("资料里最相关的一句：**{it}**", "The closest sentence in my notes: **{it}**")
USED = Text("工具 **{name}** 的结果：{it}", "The tool **{name}** says: {it}")
PROMPT = Text("我的提示词开头是「{it}」", "My prompt begins with “{it}”")
INNER_QUOTES = str.maketrans("「」", "『』")
NO_PROMPT = Text("我还没有提示词", "I was given no prompt")
TOOLS = Text("我可以用的工具：{it}", "Tools I may use: {it}")
NUMBER = Text("这是本次对话的第 {it} 条消息", "This is message {it} of our conversation")
SET_UP = Text(
    "我只按固定规则回答。想要真正的回答，请到「模型」页选一家服务商并填入密钥",
    "I follow fixed rules. For real answers choose a provider and enter its key on the Models page",
)


@dataclass(frozen=True)
class Spoken:
    """Either a text, or tool calls."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()

    @property
    def finish(self) -> str:
        return "tool_calls" if self.tool_calls else "stop"

    def whole(self) -> Said:
        return Said(self.text, calls=self._calls(), finish=self.finish)

    def pieces(self) -> Iterator[Said]:
        """As a server streams it."""
        for start in range(0, len(self.text), PIECE):
            yield Said(self.text[start : start + PIECE])
        yield Said(calls=self._calls(), finish=self.finish)

    def _calls(self) -> list[CallPiece]:
        return [CallPiece(i, call.id, call.name, call.arguments) for i, call in enumerate(self.tool_calls)]


def answer(messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> Spoken:
    """The answer to the last thing the person wrote. Deterministic; does no I/O."""
    last = max((i for i, message in enumerate(messages) if message["role"] == "user"), default=-1)
    question = _text(messages[last]) if last >= 0 else ""
    results = [message for message in messages[last + 1 :] if message["role"] == "tool"]
    if not results and (call := tool_choice.choose(question, tools)):
        name, arguments = call
        return Spoken(tool_calls=(ToolCall(f"demo_{last}", name, json.dumps(arguments, ensure_ascii=False)),))
    system = "\n".join(_text(message) for message in messages if message["role"] == "system")
    lang = "zh" if is_chinese(question or system) else "en"
    number = sum(message["role"] == "user" for message in messages)
    return Spoken(_compose(lang, question, system, results, tools, number, _names(messages)))


def closest(passages: str, question: str) -> str:
    """The sentence of `passages` that shares most with the question; "" when none shares a word."""
    wanted = terms(question)
    best, most = "", (0, 0)
    for sentence in re.split(r"(?<=[。！？!?；;])|(?<=\.)\s|\n", passages):
        sentence = sentence.strip(" \t-*#>•")
        words = len(wanted & terms(sentence))
        # One Chinese character says little, but decides between sentences that share a word.
        shared = (words, len(set(question) & set(sentence)))
        if words and shared > most:
            best, most = sentence, shared
    return best


def _compose(
    lang: str,
    question: str,
    system: str,
    results: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    number: int,
    names: Mapping[str, str],
) -> str:
    quoted = "\n".join(f"> {line}" for line in (question or "…").splitlines())
    parts = [RECEIVED.to(lang), quoted]
    for result in results:
        name = names.get(result.get("tool_call_id", ""), "") or result.get("name", "")
        parts.append(USED.to(lang).format(name=name, it=_text(result).strip()))
    if not results and (sentence := closest(system, question)):
        parts.append(FOUND.to(lang).format(it=sentence))
    parts.append("\n".join(f"- {line}" for line in _notes(lang, system, tools, number)))
    return "\n\n".join(parts)


def _notes(lang: str, system: str, tools: Sequence[Mapping[str, Any]], number: int) -> Iterator[str]:
    yield PROMPT.to(lang).format(it=_beginning(system)) if system.strip() else NO_PROMPT.to(lang)
    if tools:
        offered = (f"`{tool['function']['name']}`" for tool in tools)
        yield TOOLS.to(lang).format(it=("、" if lang == "zh" else ", ").join(offered))
    if number > 1:
        yield NUMBER.to(lang).format(it=number)
    yield SET_UP.to(lang)


def _beginning(system: str) -> str:
    """A few words of the prompt; quotation marks in it become inner ones."""
    first = re.split(r"(?<=[。！？!?\n])|(?<=\.)\s", system.strip())[0].strip(" \t\n#*。.")
    longest = 30 if is_chinese(first) else 60
    first = first.translate(INNER_QUOTES)
    return first if len(first) <= longest else first[:longest].rstrip() + "…"


def _text(message: Mapping[str, Any]) -> str:
    """What a message says; of several parts, the text ones."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content if part.get("type") == "text")


def _names(messages: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Tool call id → the tool's name."""
    calls = (call for message in messages for call in message.get("tool_calls") or ())
    return {call["id"]: call["function"]["name"] for call in calls}
