"""Equal questions are answered as before, where the answer has to do with nobody in particular."""

import contextlib
import hashlib
import json
import re
import struct
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from runtime.errors import HongyanError
from runtime.knowledge.index.terms import folded, terms_of
from runtime.knowledge.search.likeness import likeness
from runtime.knowledge.search.question import question
from runtime.models.budgets import OURS
from runtime.models.completion import Answer, Request
from runtime.off_loop import off_loop
from runtime.templating import sandbox
from runtime.templating.prompts import Prompt
from runtime.turn.answer_cache import Kept
from runtime.turn.events import TextReset
from runtime.unhurried import in_time

if TYPE_CHECKING:
    from runtime.turn.turn import Turn

LONGEST = 500
"""Characters of a question that may be answered like that."""
PATIENCE = 1.5
"""Seconds that a question waits to know what it means."""
PERSONAL = re.compile(r"\d{6,}|[\w.+-]+@[\w-]+\.\w|\d{3,4}[- ]\d{4}")
"""Numbers as of telephones, orders and cards, and addresses of mail."""
ATTRIBUTES = re.compile(r"\bmessage\s*(?:\.\s*(\w+)|\[\s*['\"](\w+)['\"]\s*\]|())")
COMMON = frozenset({"message", "agent", "now"})
"""Names in a template that are nobody's in particular, where only `text` is asked of the message."""


class Asker(Protocol):
    """A block that asks a model."""

    @property
    def id(self) -> str: ...
    @property
    def prompt(self) -> Prompt: ...
    @property
    def input(self) -> str: ...


async def asked_once(
    turn: "Turn", block: Asker, request: Request, on_text: Callable[[str], None] | None
) -> Answer:
    """The answer to an equal question, or a model's, which is kept for the next. Raises ModelFailed."""

    def ask() -> Awaitable[Answer]:
        return turn.services.models.complete(request, on_text, lambda: turn.emit(TextReset(block.id)))

    found = await _known_or_asked(turn, block, request, ask)
    if found.cached and on_text:
        on_text(found.text)
    return found


async def _known_or_asked(
    turn: "Turn", block: Asker, request: Request, ask: Callable[[], Awaitable[Answer]]
) -> Answer:
    cache, answers = turn.agent.cache, turn.services.answers
    told = _question(turn, block, request) if cache.type != "off" and answers else ""
    if not told or answers is None:
        return await ask()
    now = turn.now().timestamp()
    group = _digest(turn.agent.digest, _rest(request))
    key = _digest(group, folded(told).strip())
    meaning = b""
    try:
        if found := await answers.find(key, now):
            return _again(found, "exact")
        if cache.type == "near":
            meaning = await _meaning(turn, told)
            near = await answers.alike(group, now)
            if found := await off_loop(_nearest, told, meaning, near, cache.likeness):
                return _again(found, "near")
    except HongyanError:
        return await ask()  # the store has trouble, which is told elsewhere
    answer = await ask()
    if answer.finish == "stop" and answer.text.strip() and not answer.tool_calls:
        kept = Kept(key, group, told, meaning, json.dumps(answer.to_json(), ensure_ascii=False))
        with contextlib.suppress(HongyanError):  # it was answered all the same
            await answers.keep(kept, OURS.get().origin, now, now + cache.hours * 3600)
    return answer


def _question(turn: "Turn", block: Asker, request: Request) -> str:
    """What is asked, when the answer has to do with nobody in particular; else ""."""
    said = [message for message in request.messages if message.get("role") != "system"]
    if request.tools or len(said) != 1 or turn.message.kind != "text":
        return ""
    content = said[0].get("content")
    if not isinstance(content, str) or not 0 < len(content) <= LONGEST or PERSONAL.search(content):
        return ""
    common = COMMON | {variable.name for variable in turn.agent.variables} | turn.common
    written = _templates(turn, block.prompt, block.input)
    return content if all(_is_common(template, common) for template in written) else ""


def _is_common(template: str, common: Collection[str]) -> bool:
    """Whether what fills it in is the same for everybody who asks the same. Raises BadTemplate."""
    if "{" not in template:
        return True
    asked = {found[1] or found[2] or "" for found in ATTRIBUTES.finditer(template)}
    return sandbox.names(template) <= set(common) and asked <= {"text"}


def _templates(turn: "Turn", prompt: Prompt, *others: str) -> list[str]:
    """All that makes a prompt. Raises NotFound, BadTemplate."""
    own = [prompt.text or "", *prompt.values.values(), *others]
    if prompt.template is None:
        return own
    template = turn.prompts.template(prompt.template, turn.agent.language)
    names = {variable.name for variable in template.variables}
    # What it is given by its values is in these; what it asks for beside them is asked of the turn.
    beside = sandbox.names(template.text) - names
    if "message" in beside:
        return [*own, template.text]
    return [*own, *(f"{{{{ {name} }}}}" for name in beside)]


async def _meaning(turn: "Turn", text: str) -> bytes:
    search = turn.services.knowledge
    if search is None:
        return b""
    [meaning] = await in_time(search.meanings([text]), PATIENCE, ()) or [b""]
    return meaning


def _nearest(text: str, meaning: bytes, near: Sequence[tuple[str, bytes, str]], enough: float) -> str | None:
    asked, numbers = question(text), _numbers(text)
    best = max(
        (
            (likeness(asked, question(other), _cosine(meaning, its)), answer)
            for other, its, answer in near
            if _numbers(other) == numbers
        ),
        key=lambda pair: pair[0],
        default=(0.0, ""),
    )
    return best[1] if best[0] >= enough else None


def _numbers(text: str) -> frozenset[str]:
    """In whatever digits: no question is like one about another number."""
    return frozenset(terms_of(folded(text)).numbers) | frozenset(re.findall(r"[0-9]+", text))


def _cosine(one: bytes, other: bytes) -> float | None:
    if not one or len(one) != len(other):
        return None
    form = f"<{len(one) // 2}e"
    pairs = zip(struct.unpack(form, one), struct.unpack(form, other), strict=True)
    return float(sum(a * b for a, b in pairs))


def _rest(request: Request) -> str:
    """All of a request but the question."""
    system = [message.get("content") for message in request.messages if message.get("role") == "system"]
    rest: Mapping[str, Any] = {
        "model": request.model,
        "fallbacks": list(request.fallbacks),
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "more": [request.schema, request.effort, list(request.stop), request.seed],
    }
    return json.dumps([system, rest], ensure_ascii=False, default=str)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _again(kept: str, how: str) -> Answer:
    """What was paid once costs nothing now."""
    answer = Answer.from_json(json.loads(kept))
    nothing: Any = {"prompt_tokens": 0, "completion_tokens": 0, "ms": 0, "first_token_ms": 0, "cost": 0.0}
    return replace(answer, **nothing, cached=how, estimated=False, thoughts="", left_out=0, cut=0)
