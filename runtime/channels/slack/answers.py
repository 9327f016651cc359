"""What slack.com answers, as an outcome. https://docs.slack.dev/apis/web-api/#responses"""

from runtime.channels import ApiAnswer
from runtime.channels.slack import events, guide
from runtime.errors import SendFailed
from runtime.lang import Text


def explained(code: str) -> Text:
    return guide.TEXTS.get(code, guide.OTHER.fill(code=code[:40]))


def failure(answer: ApiAnswer, unreadable: str) -> SendFailed:
    """The exception for an answer that is not a success; `unreadable`: the code when nobody knows what
    was done."""
    code = answer.data.get("error")
    if answer.status >= 500 or not isinstance(code, str) or not events.CODE.fullmatch(code):
        return SendFailed(guide.UNREADABLE, code=unreadable)
    return SendFailed(explained(code), code=code, retryable=code in guide.CODES.throttled, wait=answer.wait)
