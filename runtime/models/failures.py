"""What went wrong at a provider, said so that its reader knows what to do. Policy rides on the exception."""

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.failure_kinds import POLICY, SERVER, TIMEOUT, Kind, kind_of
from runtime.models.provider_words import Misread, asked_wait, classified, misread, redact, shown

__all__ = ["AskedToWait", "ErrorResponse", "ProviderFailed", "explain", "redact"]

TRUNCATED = Text(
    "模型「{model}」还没答完就用完了 token。请调大「回答最长」，或换一个不深度思考的模型。",
    "{model} used up its tokens before it had answered. Raise the longest answer, "
    "or use a model that thinks less.",
)

UNUSABLE = Text(
    "模型「{model}」的回复不完整或不是有效的格式：{what}。请稍后再试；一直如此就检查接口地址。",
    "The answer of {model} cannot be used: {what}. Try again later; if it stays so, check the address.",
)

LIMIT_HERE = Text(
    "「{model}」的密钥都用到了「模型」页上填的每分钟上限。请稍后再试，或再加一个密钥、一个备用模型。",
    "Every key of {model} has reached its limit a minute that is set on the Models page. Try again later, or "
    "add a key or a fallback model.",
)


class ErrorResponse(Exception):
    """What a server said instead of an answer. `status` is 0 when it said so in an answer."""

    def __init__(self, status: int, said: str, headers: Mapping[str, str]) -> None:
        super().__init__(said)
        self.status_code = status
        self.headers = headers


class ProviderFailed(ModelFailed):
    """A server answered, and not with an answer."""

    said: str = ""
    """All that it said, for programs."""
    status: int = 0
    """0 when it said so in an answer."""


class AskedToWait(ProviderFailed):
    """The provider said when to try again: after `wait` seconds."""

    wait: float = 0


def explain(error: Exception, model: str, host: str, secrets: Iterable[str]) -> ModelFailed:
    """Our error for one of an adapter's, litellm's or the openai package's. No secret is in it."""
    if isinstance(error, TimeoutError):
        return took_too_long(model)
    # litellm wraps what breaks a running stream.
    error = getattr(error, "original_exception", None) or error
    # Of an error inside a 200 it may be the provider's own code, in any form.
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) and 0 <= status < 1000 else 0
    said = f"{getattr(error, 'body', '') or ''} {error}"
    if own := misread(said):
        return _of_library(own, status, model, host, secrets)
    kind = kind_of(status, f"{type(error).__name__} {classified(said)}", f"{host} {model}")
    return _failure(kind, error, status, said, _text(kind, status, model, host, shown(said, secrets)))


def _of_library(own: Misread, status: int, model: str, host: str, secrets: Iterable[str]) -> ModelFailed:
    """litellm could not read an answer; what it could not read may have been the provider's excuse."""
    kind = kind_of(0, classified(own.body), f"{host} {model}")
    if own.body and kind is not SERVER:
        words = shown(own.body, secrets)
        return _failure(kind, ErrorResponse(0, own.body, {}), 0, own.body, _text(kind, 0, model, host, words))
    return unusable(model, Text("litellm 读不懂它的格式", "litellm cannot read its form"))


SAYS = Text("{text}服务商说：{words}", "{text} The provider says: {words}")


def _text(kind: Kind, status: int, model: str, host: str, words: str) -> Text:
    number = Text("（{status}）", " ({status})").fill(status=status) if status >= 300 else ""
    text = kind.text.fill(model=model, host=host, status=number)
    return SAYS.fill(text=text, words=words) if words else text


def _failure(kind: Kind, error: Exception, status: int, said: str, text: Text) -> ModelFailed:
    headers: Mapping[str, Any] = (
        getattr(error, "litellm_response_headers", None) or getattr(error, "headers", None) or {}
    )
    wait = asked_wait(headers, said) if kind.retryable else None
    failed = (ProviderFailed if wait is None else AskedToWait)(text, code=kind.code, retryable=kind.retryable)
    failed.said, failed.status = said, status
    if isinstance(failed, AskedToWait) and wait is not None:
        failed.wait = wait
    return failed


def unusable(model: str, what: Text) -> ModelFailed:
    """The answer came but cannot be used; another try may help."""
    return ModelFailed(UNUSABLE.fill(model=model, what=what), code="malformed", retryable=True)


def filtered(model: str) -> ModelFailed:
    """The provider ended the answer because of its content."""
    return ModelFailed(POLICY.text.fill(model=model), code=POLICY.code)


def at_its_limit(model: str, wait: float) -> AskedToWait:
    """Every key of its endpoint has had what its owner says that it takes."""
    failed = AskedToWait(LIMIT_HERE.fill(model=model), code="rate_limit", retryable=True)
    failed.wait = wait
    return failed


def took_too_long(model: str) -> ModelFailed:
    """Our own time limit struck."""
    return ModelFailed(TIMEOUT.text.fill(model=model), code=TIMEOUT.code, retryable=True)


def truncated(model: str) -> ModelFailed:
    """The tokens were spent before the answer was there, e.g. on thoughts."""
    return ModelFailed(TRUNCATED.fill(model=model), code="length")


def only_thoughts(model: str) -> ModelFailed:
    """It thought and did not answer: thoughts are not shown in place of an answer."""
    return unusable(model, Text("只有思考过程，没有回答", "it has thoughts but no answer"))
