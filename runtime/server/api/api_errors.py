"""What went wrong, as a client of the API is told: a status it acts on, a code it knows, no insides.

Whoever holds a key is not the owner: addresses, keys and the provider's words are for the owner's eyes.
"""

import logging
from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from runtime.errors import Conflict, Forbidden, HongyanError, Invalid, NotFound, Refused, TooMany
from runtime.lang import Text
from runtime.server.statuses import status_of

RETRY_AFTER = {"busy": 5, "shed": 5, "stopping": 5, "unfinished": 5}
"""Seconds after a 503…"""
LATER = 30
"""…and after any other. After a 502 or 504 we tried again ourselves already, and the client need not."""
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
    "budget": Text("今天的额度用完了，请明天再试。", "Today's budget is used up; try again tomorrow."),
    "fields": Text(
        "回答不是要求的样子：格式不对，或没有调用要求调用的工具。",
        "The answer is not as it was wanted: its form, or a tool that was to be called.",
    ),
    "late": Text(
        "没有什么在等这个结果：已经收过，或等得太久。请重新提问。",
        "Nothing waits for this any more: it came before, or too late. Ask anew.",
    ),
    "no_answer": Text("智能体没有给出回答。", "The agent gave no answer."),
}
FAILED = Text(
    "智能体没能回答（{code}）。原因在「洞察」里，由它的主人查看。",
    "The agent could not answer ({code}). Its owner finds the reason in Insights.",
)

log = logging.getLogger(__name__)


def refusal(error: HongyanError, body: Mapping[str, str | None]) -> Response:
    """What a client gets instead of an answer; what is not its own fault is logged."""
    status = status_of(error)
    if not is_the_requests(error):
        log.warning("an API request failed: %s %s", error.code, error)
    return JSONResponse({"error": body}, status, headers_of(error))


def headers_of(error: HongyanError) -> Mapping[str, str]:
    """Whether, and when, it pays to send the same again. OpenAI's clients read `x-should-retry`."""
    if is_the_requests(error):
        return {"retry-after": str(max(1, round(error.wait)))} if isinstance(error, TooMany) else {}
    if status_of(error) == 503:
        return {"retry-after": str(RETRY_AFTER.get(error.code, LATER))}
    return {"x-should-retry": "false"}


def sentence_of(error: HongyanError) -> Text:
    if is_the_requests(error):
        return error.text
    return SENTENCES.get(error.code) or FAILED.fill(code=error.code or "error")


def is_the_requests(error: HongyanError) -> bool:
    """It is about what the client sent, so it may read all of it."""
    return isinstance(error, NotFound | Conflict | Refused | Invalid | Forbidden)
