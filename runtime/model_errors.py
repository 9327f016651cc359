"""What went wrong at a provider, said so that its reader knows what to do. Policy rides on the exception."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.errors import ModelFailed
from runtime.lang import Text

DETAIL = 200
"""Characters of the provider's own words that are passed on."""


@dataclass(frozen=True)
class Kind:
    """A kind of failure, recognised by words in a 4xx (`words`) or 5xx (`server_words`), else by its status.

    Words go first: providers answer 400 or 429 for many things, and litellm calls a refused connection 500.
    """

    code: str
    text: Text
    statuses: tuple[int, ...] = ()
    words: str = ""
    server_words: str = ""
    retryable: bool = False
    detail: bool = False
    """Add what the provider said."""


POLICY = Kind(
    "policy",
    Text(
        "模型「{model}」的内容安全审核没有放行这次提问或回答。请换一种说法，或调整提示词。",
        "The content filter of {model} refused this question or its answer. Rephrase it or edit the prompt.",
    ),
    words=r"content.?filter|content.?policy|content management policy|data_inspection|inappropriate content"
    r"|safety system|sensitive.?content|new_sensitive|content exists risk|considered high risk"
    r"|内容安全|敏感内容|违规内容",
)

TIMEOUT = Kind(
    "timeout",
    Text(
        "模型「{model}」没有在限定时间内答完。请稍后再试，或换更快的模型、缩短回答。",
        "{model} did not finish in time. Try again later, use a faster model or ask for shorter answers.",
    ),
    statuses=(408, 504),
    retryable=True,
)

KINDS = (
    POLICY,
    Kind(
        "context",
        Text(
            "内容太长，超出了模型「{model}」的上下文长度。请减少记忆轮数、资料段数或提示词，或换上下文更长的模型。",
            "Too long for the context window of {model}. Use fewer remembered turns or passages, "
            "a shorter prompt, or a model with a larger window.",
        ),
        statuses=(413,),
        words=r"context.{0,8}(length|window)|maximum context|too many tokens|prompt is too long"
        r"|Range of input length|max_prompt_tokens|超出最大长度|ContextWindowExceeded",
    ),
    Kind(
        "quota",
        Text(
            "「{model}」的账户余额或额度不足。请到服务商控制台充值，或换一个模型。",
            "The account of {model} has no balance or quota left. Top it up in the provider's console, "
            "or use another model.",
        ),
        statuses=(402,),
        words=r"insufficient.{0,3}(quota|balance)|exceeded your current quota|Arrearage|overdue|billing"
        r"|余额不足|欠费|额度已用",
    ),
    Kind(
        "auth",
        Text(
            "模型「{model}」的密钥无效、已过期或没有权限。请到「模型」页检查这个密钥。",
            "The key for {model} is wrong, expired or not allowed to use it. Check it on the Models page.",
        ),
        statuses=(401, 403),
        words=r"invalid.{0,3}api.?key|incorrect api key",
        server_words=r"missing credentials",
    ),
    Kind(
        "not_found",
        Text(
            "没有「{model}」这个模型，或接口地址不对。请到「模型」页检查模型名和地址。{detail}",
            "There is no model {model}, or the address is wrong. Check both on the Models page. {detail}",
        ),
        statuses=(404, 405),
        detail=True,
    ),
    Kind(
        "rate_limit",
        Text(
            "「{model}」请求太频繁，被服务商限流了。请稍后再试，或提高账户的限额、加一个备用模型。",
            "Too many requests to {model}. Try again later, raise the account's limit or add a fallback.",
        ),
        statuses=(429,),
        retryable=True,
    ),
    Kind(
        "connection",
        Text(
            "连不上模型「{model}」的服务器 {host}。请检查网络和「模型」页上的接口地址，并确认服务已启动。",
            "Cannot connect to {host} for {model}. Check the network, the address on the Models page, "
            "and that the server runs.",
        ),
        server_words=r"cannot connect|connection error|connect call failed|connection refused"
        r"|certificate verify|name or service not known|temporary failure in name resolution"
        r"|all connection attempts failed",
        retryable=True,
    ),
    TIMEOUT,
    Kind(
        "refused",
        Text(
            "模型「{model}」不接受这次请求（{status}）。请检查模型的设置。{detail}",
            "{model} did not accept the request ({status}). Check the model's settings. {detail}",
        ),
        statuses=(400, 409, 411, 415, 422),
        detail=True,
    ),
)

SERVER = Kind(
    "server",
    Text(
        "模型「{model}」的服务出错了（{status}）。请稍后再试，或加一个备用模型。{detail}",
        "The server of {model} failed ({status}). Try again later, or add a fallback model. {detail}",
    ),
    retryable=True,
    detail=True,
)

TRUNCATED = Text(
    "模型「{model}」还没开始回答就用完了 token。请调大「回答最长」，或换一个不深度思考的模型。",
    "{model} used up its tokens before it began to answer. Raise the longest answer, "
    "or use a model that thinks less.",
)

UNUSABLE = Text(
    "模型「{model}」的回复不完整或不是有效的格式：{what}。请稍后再试；一直如此就检查接口地址。",
    "The answer of {model} cannot be used: {what_en}. Try again later; if it stays so, check the address.",
)


class Refusal(Exception):
    """What a server said instead of an answer. `status` is 0 when it said so in an answer."""

    def __init__(self, status: int, said: str, headers: Mapping[str, str]) -> None:
        super().__init__(said)
        self.status_code = status
        self.headers = headers


class AskedToWait(ModelFailed):
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
    status = status if isinstance(status, int) else 0
    kind = _kind(status, f"{type(error).__name__} {error}")
    detail = redact(_core(str(error)), secrets) if kind.detail else ""
    shown = status if status >= 400 else type(error).__name__
    text = kind.text.fill(model=model, host=host, status=shown, detail=detail)
    text = Text(text.zh.strip(), text.en.strip())
    if kind.retryable and (wait := _retry_after(error)) is not None:
        failure = AskedToWait(text, code=kind.code, retryable=True)
        failure.wait = wait
        return failure
    return ModelFailed(text, code=kind.code, retryable=kind.retryable)


def unusable(model: str, what: str, what_en: str) -> ModelFailed:
    """The answer came but cannot be used; another try may help."""
    return ModelFailed(
        UNUSABLE.fill(model=model, what=what, what_en=what_en), code="malformed", retryable=True
    )


def filtered(model: str) -> ModelFailed:
    """The provider ended the answer because of its content."""
    return ModelFailed(POLICY.text.fill(model=model), code=POLICY.code)


def took_too_long(model: str) -> ModelFailed:
    """Our own time limit struck."""
    return ModelFailed(TIMEOUT.text.fill(model=model), code=TIMEOUT.code, retryable=True)


def truncated(model: str) -> ModelFailed:
    """The tokens were spent before the answer began, e.g. on thoughts."""
    return ModelFailed(TRUNCATED.fill(model=model), code="length")


def only_thoughts(model: str) -> ModelFailed:
    """It thought and did not answer: thoughts are not shown in place of an answer."""
    return unusable(model, "只有思考过程，没有回答", "it has thoughts but no answer")


def _retry_after(error: Exception) -> float | None:
    """Seconds that the provider asked to wait, if it did (a date instead of seconds is not understood)."""
    headers: Mapping[str, Any] = (
        getattr(error, "litellm_response_headers", None) or getattr(error, "headers", None) or {}
    )
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets and without anything that looks like a key."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    return re.sub(r"\b(sk|ak|gsk|AIza|Bearer)[-_ ]?[A-Za-z0-9_.\-]{12,}", "***", text)


def _kind(status: int, said: str) -> Kind:
    for kind in KINDS:
        of_status = [kind.server_words] if status >= 500 else [kind.words]
        # Without a status it may be either side.
        patterns = of_status if status else [kind.words, kind.server_words]
        if any(words and re.search(words, said, re.IGNORECASE) for words in patterns):
            return kind
    return next((kind for kind in KINDS if status in kind.statuses), SERVER)


def _core(said: str) -> str:
    """The provider's own message, without the class names and JSON around it."""
    if found := re.search(r'"message":\s*"((?:[^"\\]|\\.)*)"', said):
        said = found[1]
    said = re.sub(r"^(litellm\.)?(\w+Error: |\w+Exception - )+", "", said.split("Traceback")[0])
    said = " ".join(said.split())
    return said if len(said) <= DETAIL else said[: DETAIL - 1] + "…"
