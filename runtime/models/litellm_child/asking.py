"""Ask by litellm: translation, streaming, prices. The only file that imports it."""

import importlib
import os
import re
import warnings
from collections.abc import Awaitable, Callable
from typing import Any, NotRequired, TypedDict

from runtime.models.litellm_child import lean, responses, sounds
from runtime.models.litellm_child.comparing import Comparing, Rerank
from runtime.models.litellm_child.failures import CannotAsk
from runtime.models.litellm_child.painting import Painting, Picture
from runtime.models.litellm_child.sounds import Recording, Sounds, Speech

Json = dict[str, Any]
Say = Callable[[Json], Awaitable[None]]

CONNECT = 4.0
"""Seconds to reach a server."""
SILENT = 600.0
"""Seconds between two bytes, a limit that is never met: the question's own comes first. It is the same
for all, because litellm keeps a client, and so its connections, for each timeout."""


FAILED = re.compile(r"error$|malformed|unexpected|too_many|missing", re.IGNORECASE)
"""Of the words for why an answer ended, those that litellm takes for a good end, and that are none."""


class Question(TypedDict):
    model: str
    messages: list[Json]
    seconds: float
    stream: NotRequired[bool]
    stream_options: NotRequired[Json]
    tools: NotRequired[list[Json]]
    temperature: NotRequired[float]
    max_tokens: NotRequired[int]
    reasoning_effort: NotRequired[str]
    thinking: NotRequired[Json]
    extra_body: NotRequired[Json]
    """What goes to the server as it is: litellm leaves some of it out."""
    stop: NotRequired[list[str]]
    tool_choice: NotRequired[str | Json]
    seed: NotRequired[int]
    response_format: NotRequired[Json]
    api_base: NotRequired[str]
    api_key: NotRequired[str]
    headers: NotRequired[dict[str, str]]
    """That go along with it, whatever it is."""
    recording: NotRequired[Recording]
    """Instead of `messages`: what is said in it? With `wanted`: the same, as that media type."""
    wanted: NotRequired[str]
    speech: NotRequired[Speech]
    """Instead of `messages`: this as sound."""
    embed: NotRequired[list[str]]
    """Instead of `messages`: these as numbers."""
    rerank: NotRequired[Rerank]
    """Instead of `messages`: these in order."""
    picture: NotRequired[Picture]
    """Instead of `messages`: draw this."""
    priced: NotRequired[int]
    """Instead of `messages`: what would so many tokens cost as numbers?"""


class Asking:
    """litellm, loaded. Making one takes seconds."""

    def __init__(self) -> None:
        # Else the import fetches the price list from GitHub.
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        # It reads deprecated attributes on each piece.
        warnings.simplefilter("ignore")
        self._litellm = litellm = _module("litellm")
        litellm.suppress_debug_info = True
        litellm.drop_params = True
        # It would count what a server did not: seconds of CPU for a long answer, and then only a guess.
        litellm.disable_token_counter = True
        responses.bound()
        lean.kept()
        _try_once()
        _keep_reasons()
        _keep_pictures()
        _keep_tags()
        self._timeout = _module("httpx").Timeout(SILENT, connect=CONNECT)
        self._sounds = Sounds(litellm)
        self._comparing = Comparing(litellm)
        self._painting = Painting(litellm)
        self._errors: type[Exception] = _module("openai").OpenAIError
        self._prefixes = frozenset(provider.value for provider in litellm.provider_list)

    async def ask(self, question: Question, say: Say) -> float | None:
        """One try; `say` gets what comes. Its price in US dollars, if known. Raises CannotAsk, litellm's."""
        if wanted := question.get("wanted"):
            await sounds.convert(question["recording"], wanted, say)
            return None
        if "priced" in question:
            return self._comparing.price(question["model"], question["priced"])
        self._require_provider(question)
        responses.ALONG.set(question.get("headers", {}))
        if "recording" in question:
            return await self._sounds.hear(question, question["recording"], say)
        if "speech" in question:
            return await self._sounds.speak(question, question["speech"], say)
        if "picture" in question:
            return await self._painting.paint(question, question["picture"], say)
        if "embed" in question:
            return await self._comparing.embed(question, question["embed"], say)
        if "rerank" in question:
            return await self._comparing.rerank(question, question["rerank"], say)
        asked = self._litellm.acompletion(**self._arguments(question))
        usage = await (self._pieces(asked, say) if question.get("stream") else self._whole(asked, say))
        return self._price(question["model"], usage)

    async def rehearse(self) -> None:
        """The first call, and the first with tools, import half a second's worth of modules each."""
        hello = [{"role": "user", "content": "hello"}]
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        for extra in ({}, {"tools": [tool]}):
            await self._litellm.acompletion(
                model="openai/rehearsal", messages=hello, mock_response="hello", **extra
            )

    def _require_provider(self, question: Question) -> None:
        """A provider that only litellm knows takes its key from the environment: say so before it fails."""
        if question["model"].partition("/")[0] not in self._prefixes:
            raise CannotAsk("unknown_model")
        if question.get("api_key") or question.get("api_base"):
            return
        missing = self._litellm.validate_environment(question["model"])["missing_keys"]
        # Several names mean that there are other ways to log in, e.g. the cloud's own files.
        if len(missing) == 1:
            raise CannotAsk("no_key", str(missing[0]))

    def _arguments(self, question: Question) -> Json:
        given = {name: value for name, value in question.items() if name not in ("seconds", "headers")}
        return given | {"timeout": self._timeout, "max_retries": 0, "num_retries": 0}

    async def _whole(self, asked: Awaitable[Any], say: Say) -> Any:
        response = await asked
        whole = response.model_dump(exclude_none=True, warnings=False)
        for choice in whole.get("choices") or ():
            # It makes "stop" of an error, and of every word that it does not know.
            if said := (choice.get("provider_specific_fields") or {}).get("native_finish_reason"):
                choice["finish_reason"] = said
        await say(whole)
        return getattr(response, "usage", None)

    async def _pieces(self, asked: Awaitable[Any], say: Say) -> Any:
        stream = await asked
        usage = said = None
        try:
            async for chunk in stream:
                # Of a stream that was cut, litellm says "stop"; this is what the provider itself said.
                said = stream.received_finish_reason or stream.intermittent_finish_reason or said
                usage = getattr(chunk, "usage", None) or usage
                for choice in chunk.choices[:1]:
                    delta = choice.delta.model_dump(exclude_none=True, warnings=False)
                    await say({"choices": [{"index": 0, "delta": delta}]})
        finally:
            await stream.aclose()
        end: Json = {"choices": [{"index": 0, "delta": {}, "finish_reason": said}]}
        if usage is not None:
            end["usage"] = usage.model_dump(exclude_none=True, warnings=False)
        await say(end)
        return usage

    def _price(self, model: str, usage: Any) -> float | None:
        if not getattr(usage, "total_tokens", 0):
            return None
        try:
            return float(sum(self._litellm.cost_per_token(model=model, usage_object=usage)))
        except (self._errors, self._litellm.exceptions.ModelNotMappedError, ValueError, TypeError):
            return None


def _keep_reasons() -> None:
    """The end of a stream keeps its provider's word: of an error, or of nothing, litellm makes "stop"."""
    reasons = _module("litellm.litellm_core_utils.core_helpers")._FINISH_REASON_MAP
    reasons |= {word: "error" for word in reasons if FAILED.search(word)}
    reasons["model_context_window_exceeded"] = "length"
    reasons["OTHER"] = "error"  # Gemini's for what it does not know; litellm says that a filter was it
    choices = _module("litellm.types.utils").StreamingChoices
    made = choices.__init__

    def keeping(choice: Any, finish_reason: Any = None, *given: Any, **named: Any) -> None:
        made(choice, finish_reason, *given, **named)
        choice.finish_reason = finish_reason or None

    choices.__init__ = keeping
    gemini = _module("litellm.llms.vertex_ai.gemini.vertex_and_google_ai_studio_gemini").VertexGeminiConfig
    mapped = gemini._check_finish_reason  # each piece without a word would be an end

    def none(message: Any, reason: str | None) -> Any:
        return mapped(message, reason) if reason else None

    gemini._check_finish_reason = staticmethod(none)
    read = gemini._transform_parts

    def with_arguments(parts: list[Json], *given: Any, **named: Any) -> Any:
        """A tool that takes nothing is called without any, which litellm takes for a broken answer."""
        for part in parts:
            if isinstance(call := part.get("functionCall"), dict):
                call.setdefault("args", {})
        return read(parts, *given, **named)

    gemini._transform_parts = staticmethod(with_arguments)


def _keep_pictures() -> None:
    """Of a DeepSeek model that it does not know to see, litellm drops pictures without a word.

    Whoever sends one says that the model sees; if it does not, its server says so.
    """
    _module("litellm.llms.deepseek.chat.transformation").supports_vision = lambda *_, **__: True


def _keep_tags() -> None:
    """Of Ollama's streams, tags of thoughts stay in the text, whose reader knows them all.

    litellm takes them out piece by piece, and what comes after the first piece for the answer.
    """
    ollama = _module("litellm.llms.ollama.chat.transformation")
    reader = ollama.OllamaChatCompletionResponseIterator
    parsed = reader.chunk_parser

    def keeping(self: Any, chunk: Json) -> Any:
        if isinstance(chunk.get("error"), str):
            raise ollama.OllamaError(message=chunk["error"], status_code=500, headers={})
        message = chunk.get("message")
        if not isinstance(message, dict):
            return parsed(self, chunk)
        content = message.get("content")
        made = parsed(self, chunk | {"message": {**message, "content": ""}})
        made.choices[0].delta.content = content or None
        return made

    reader.chunk_parser = keeping


def _try_once() -> None:
    """Who asked tries again, by one policy. For some providers litellm forgets `max_retries` and takes 2."""
    client = _module("openai._base_client").BaseClient
    begin = client.__init__

    def once(self: Any, *positional: Any, **named: Any) -> None:
        begin(self, *positional, **named | {"max_retries": 0})

    client.__init__ = once


def _module(name: str) -> Any:
    """What is imported late, and so without its types."""
    return importlib.import_module(name)
