"""What went wrong, as a client of the API is told: a status it acts on, a code it knows, no insides.

A client pays again for each try, and most try three times after a 5xx: only what may go better is one.
Whoever holds a key is not the owner: addresses, keys and the provider's words are for the owner's eyes.
"""

import logging
from collections.abc import Mapping

from runtime.errors import Conflict, HongyanError, Invalid, NotFound, Refused
from runtime.lang import Text

STATUS = {
    "no_key": 401,
    "bad_key": 401,
    "too_often": 429,
    "tokens_used_up": 429,
    "too_large": 413,
    "too_slow": 408,
    "media_type": 415,
}
"""Of requests that are not taken, by code; 400 for the others."""
PASSING = {
    "busy": 503,
    "shed": 503,
    "stopping": 503,
    "disk": 503,
    "timeout": 504,
    "rate_limit": 503,
    "connection": 502,
    "server": 502,
    "unusable": 502,
}
"""Of turns that failed and may go better later. The others are 422: the same request will fail again."""
RETRY_AFTER = {"busy": 5, "shed": 5, "stopping": 5, "disk": 30, "rate_limit": 30}
"""Seconds. Without an entry we tried again ourselves already, and the client need not."""
SENTENCES = {
    "policy": Text("内容安全审核没有放行，请换一种说法。", "Content moderation refused it; rephrase it."),
    "context": Text("内容太长了，请缩短。", "This is too long; shorten it."),
    "length": Text("回答太长，没有写完。", "The answer was too long to be finished."),
    "timeout": Text("没有在限定时间内答完，请稍后再试。", "There was no answer in time; try again later."),
    "busy": Text("现在太忙，请稍后再试。", "Too busy now; try again later."),
    "shed": Text("现在太忙，请稍后再试。", "Too busy now; try again later."),
    "stopping": Text("正在重启，请过几秒再试。", "Restarting; try again in a few seconds."),
    "disk": Text("暂时收不下消息，请稍后再试。", "Messages cannot be taken now; try again later."),
    "rate_limit": Text("模型太忙，请稍后再试。", "The model is too busy; try again later."),
    "no_answer": Text("智能体没有给出回答。", "The agent gave no answer."),
}
FAILED = Text(
    "智能体没能回答（{code}）。原因在「洞察」里，由它的主人查看。",
    "The agent could not answer ({code}). Its owner finds the reason in Insights.",
)

log = logging.getLogger(__name__)


def status_of(error: HongyanError) -> int:
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Conflict):
        return 409
    if is_the_requests(error):
        return STATUS.get(error.code, 400)
    log.warning("an API request failed: %s %s", error.code, error)
    return PASSING.get(error.code, 422)


def headers_of(error: HongyanError) -> Mapping[str, str]:
    """Whether, and when, it pays to send the same again. OpenAI's clients read `x-should-retry`."""
    if is_the_requests(error):
        wait = getattr(error, "wait", None)
        return {"retry-after": str(max(1, round(wait)))} if wait else {}
    if error.code in RETRY_AFTER:
        return {"retry-after": str(RETRY_AFTER[error.code])}
    return {"x-should-retry": "false"}


def sentence_of(error: HongyanError) -> Text:
    if is_the_requests(error):
        return error.text
    return SENTENCES.get(error.code) or FAILED.fill(code=error.code or "error")


def is_the_requests(error: HongyanError) -> bool:
    """It is about what the client sent, so it may read all of it."""
    return isinstance(error, NotFound | Conflict | Refused | Invalid)
