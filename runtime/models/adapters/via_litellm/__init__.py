"""Every other provider, through litellm: translation, streaming, prices.

litellm takes seconds to import and milliseconds of CPU for each question, and what it leaves behind was
collected where callbacks are answered: it has a process of its own, see child.py.
"""

import contextlib
import math
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from runtime import wellformed
from runtime.child_process import Seen
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.adapters import AdapterForComparing, AdapterForPainting, AdapterForSound
from runtime.models.adapters.via_litellm import environment
from runtime.models.adapters.via_litellm.child import Child, ChildDied, End, Failed
from runtime.models.adapters.via_litellm.children import Children
from runtime.models.completion import Answer, Request
from runtime.models.failures import ErrorResponse, explain, redact
from runtime.models.painting import Painted
from runtime.models.questions import body
from runtime.models.ranks import Embedded, Ranked
from runtime.models.reading.unfinished import Unfinished
from runtime.models.sound import Heard, Recording, Spoken
from runtime.models.targets import Target, no_key, unknown
from runtime.models.thinking import through_litellm
from runtime.newest import Newest

Json = dict[str, Any]

LARGE = 200_000
"""Characters of a question that are put into a frame in a thread."""
LONGEST_HEARD = 8_000
"""Characters of what was said."""
PRICED = 30.0
"""Seconds to look up a price, with the time to load the list."""
REMEMBERED = 200
"""Keys that are looked for in the child's log."""

DIED = Text(
    "运行 litellm 的进程在回答「{model}」时两次中断。请稍后再试；一直如此请看日志，并检查内存是否够用。",
    "The process that runs litellm ended twice while {model} was answering. Try again later; if it stays so, "
    "look into the log, and whether there is enough memory.",
)
NO_RECORDING = Text(
    "这段语音已损坏，或是听不了的格式。",
    "The voice message is damaged, or of a kind that cannot be listened to.",
)
NO_SOUND = Text(
    "「{model}」没有给出声音，或给的不是能播放的格式。",
    "{model} gave no sound, or none of a kind that can be played.",
)
NO_PICTURE = Text("「{model}」没有给出图片。", "{model} gave no picture.")
NOT_COMPARED = Text(
    "「{model}」的回答不是向量，也不是排好的顺序；请检查模型名。",
    "{model} gave neither vectors nor an order; check the model's name.",
)
BROKE_OFF = Text(
    "运行 litellm 的进程在回答「{model}」的中途结束了。请再试一次。",
    "The process that runs litellm ended while {model} was answering. Try again.",
)
NOT_STARTED = Text(
    "litellm 没有启动成功，问不了「{model}」。原因在日志里；请检查内存和安装（make setup）。",
    "litellm could not be started, so {model} cannot be asked. The log says why; check the memory "
    "and the installation (make setup).",
)


class ViaLiteLLM(AdapterForSound, AdapterForComparing, AdapterForPainting):
    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environment = environment.of_child(environ)
        self._secrets = tuple(environment.secrets_in(self._environment))
        self._keys = Newest[str, None](REMEMBERED)
        """That were sent with questions."""
        self.children = Children(self._start)

    async def ask(self, target: Target, request: Request, unfinished: Unfinished, seconds: float) -> Answer:
        question = _question(target, request, unfinished.streams, seconds)
        self._keys[target.api_key] = None
        for is_last in (False, True):
            child, began = await self._child(target), False
            try:
                async with aclosing(child.ask(question, large=_size(request) > LARGE)) as items:
                    async for item in items:
                        if isinstance(item, Failed):
                            raise _explained(item, target)
                        if isinstance(item, End):
                            return unfinished.answer(target.name, cost=item.cost)
                        unfinished.read([item.said], target.name)
                        began = True
            except ErrorResponse as e:
                raise explain(e, target.name, target.host, [target.api_key]) from None
            except ChildDied:
                if unfinished.streams and began:
                    raise _failed(BROKE_OFF, target, retryable=True) from None
                if is_last:
                    raise _failed(DIED, target) from None
                unfinished.reset()
        raise AssertionError("either it answered or it failed")

    async def transcribe(self, target: Target, recording: Recording, seconds: float) -> Heard:
        question = {"recording": _packed(recording), **_where(target)}
        said, cost = await self._asked_once(question, target, seconds)
        text = wellformed.text(str(said.get("text", "")))[:LONGEST_HEARD]
        return Heard(text, target.name, _number(said.get("seconds")), cost)

    async def speak(self, target: Target, voice: str, text: str, seconds: float) -> Spoken:
        question = {"speech": {"text": text, "voice": voice}, **_where(target)}
        said, cost = await self._asked_once(question, target, seconds)
        return Spoken(_unpacked(said, target), target.name, cost)

    async def converted(self, recording: Recording, type: str, seconds: float) -> bytes:
        here = Target("litellm", "")
        question = {"recording": _packed(recording), "wanted": type, "model": ""}
        said, _ = await self._asked_once(question, here, seconds)
        return _unpacked(said, here)

    async def paint(self, target: Target, prompt: str, size: str, seconds: float) -> Painted:
        question = {"picture": {"prompt": prompt, "size": size}, **_where(target)}
        said, cost = await self._asked_once(question, target, seconds)
        try:
            content = b64decode(str(said.get("content", "")), validate=True)
        except ValueError:
            content = b""
        url = str(said.get("url", ""))
        if not content and not url.startswith(("https://", "http://")):
            raise ModelFailed(NO_PICTURE.fill(model=target.name), code="malformed")
        return Painted(target.name, content, url, cost)

    async def embed(self, target: Target, texts: Sequence[str], seconds: float) -> Embedded:
        said, cost = await self._asked_once({"embed": list(texts), **_where(target)}, target, seconds)
        return Embedded(_vectors(said, len(texts), target), cost)

    async def rerank(self, target: Target, query: str, texts: Sequence[str], seconds: float) -> Ranked:
        question = {"rerank": {"query": query, "texts": list(texts)}, **_where(target)}
        said, cost = await self._asked_once(question, target, seconds)
        return Ranked(_order(said, len(texts), target), cost)

    async def price(self, target: Target, tokens: int) -> float | None:
        _, cost = await self._asked_once({"priced": tokens, "model": target.model}, target, PRICED)
        return cost

    async def _asked_once(
        self, question: Json, target: Target, seconds: float
    ) -> tuple[Mapping[str, Any], float | None]:
        """What was said in one piece, and its price. Raises ModelFailed."""
        self._keys[target.api_key] = None
        said: Mapping[str, Any] = {}
        child = await self._child(target)
        try:
            given = {**question, "seconds": max(seconds, 0.1)}
            async with aclosing(child.ask(given, large=True)) as items:
                async for item in items:
                    if isinstance(item, Failed):
                        raise _explained(item, target)
                    if isinstance(item, End):
                        return said, item.cost
                    said = item.said
        except ErrorResponse as e:
            raise explain(e, target.name, target.host, [target.api_key]) from None
        except ChildDied:
            raise _failed(DIED, target) from None
        raise AssertionError("either it answered or it failed")

    @property
    def process(self) -> Seen:
        return self.children.seen

    async def warm(self) -> None:
        with contextlib.suppress(ChildDied):  # it is in the log, and whoever asks is told
            await self.children.take()

    async def close(self) -> None:
        await self.children.close()

    async def _start(self) -> Child:
        return await Child.start(self._environment, lambda line: redact(line, [*self._secrets, *self._keys]))

    async def _child(self, target: Target) -> Child:
        try:
            return await self.children.take()
        except ChildDied:
            raise _failed(NOT_STARTED, target) from None


def _question(target: Target, request: Request, streams: bool, seconds: float) -> Json:
    """See runtime.models.litellm_child.asking.Question."""
    asked = body(replace(request, messages=_worded(request.messages, target)), streams=streams)
    question = {
        "model": target.model,
        **through_litellm(asked, request.switch),
        "api_base": target.api_base,
        "api_key": target.api_key,
        "headers": dict(target.headers),
        "seconds": max(seconds, 0.1),
    }
    return {name: value for name, value in question.items() if value not in ("", {})}


def _worded(messages: Sequence[Mapping[str, Any]], target: Target) -> Sequence[Mapping[str, Any]]:
    """Beside calls an empty text is none: litellm has Anthropic's models say a sentence of its own instead,
    which they then imitate."""
    if target.speaks_openai:
        return messages
    return [
        {**one, "content": None} if one.get("tool_calls") and not one.get("content") else one
        for one in messages
    ]


def _where(target: Target) -> Json:
    where: Json = {"model": target.model, "api_base": target.api_base, "api_key": target.api_key}
    where["headers"] = dict(target.headers)
    return {name: value for name, value in where.items() if value not in ("", {})}


def _packed(recording: Recording) -> Json:
    return {"content": b64encode(recording.content).decode(), "type": recording.type}


def _unpacked(said: Mapping[str, Any], target: Target) -> bytes:
    """Raises ModelFailed when it is no sound, or none at all."""
    try:
        content = b64decode(str(said.get("content", "")), validate=True)
    except ValueError:
        content = b""
    if not content:
        raise ModelFailed(NO_SOUND.fill(model=target.name), code="malformed")
    return content


def _vectors(said: Mapping[str, Any], count: int, target: Target) -> list[bytes]:
    """Raises ModelFailed when it is not one of the same length for each text."""
    try:
        vectors = [b64decode(str(one), validate=True) for one in said.get("vectors", ())]
    except (ValueError, TypeError):
        vectors = []
    if len(vectors) != count or len({len(one) for one in vectors}) != 1:
        raise ModelFailed(NOT_COMPARED.fill(model=target.name), code="malformed")
    return vectors


def _order(said: Mapping[str, Any], count: int, target: Target) -> list[tuple[int, float]]:
    """The most relevant first, each place once. Raises ModelFailed when it is no order."""
    given = said.get("order")
    order: dict[int, float] = {}
    for one in given if isinstance(given, list) else ():
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], int) and 0 <= one[0] < count:
            order.setdefault(one[0], min(1.0, _number(one[1]) or 0.0))
    if not order:
        raise ModelFailed(NOT_COMPARED.fill(model=target.name), code="malformed")
    return sorted(order.items(), key=lambda pair: -pair[1])


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and math.isfinite(value) and value >= 0 else None


def _size(request: Request) -> int:
    """Characters of what is asked, roughly; pictures may be among them."""
    parts = (message.get("content") for message in request.messages)
    return sum(len(part) if isinstance(part, str) else len(str(part)) for part in parts if part)


def _explained(failed: Failed, target: Target) -> ModelFailed:
    if failed.kind == "unknown_model":
        return unknown(target.name)
    if failed.kind == "recording":
        return ModelFailed(NO_RECORDING, code="malformed")
    if failed.kind == "sound":
        return ModelFailed(NO_SOUND.fill(model=target.name), code="malformed")
    if failed.kind == "comparing":
        return ModelFailed(NOT_COMPARED.fill(model=target.name), code="malformed")
    if failed.kind == "no_key":
        return no_key(target.name, failed.variable)
    refusal = ErrorResponse(failed.status, f"{failed.name}: {failed.said}", failed.headers)
    return explain(refusal, target.name, target.host, [target.api_key])


def _failed(text: Text, target: Target, *, retryable: bool = False) -> ModelFailed:
    return ModelFailed(text.fill(model=target.name), code="server", retryable=retryable)


ADAPTER = ViaLiteLLM
