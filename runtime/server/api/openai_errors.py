"""What went wrong, in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`, whatever it was.

https://platform.openai.com/docs/guides/error-codes
"""

from starlette.responses import Response

from runtime.errors import HongyanError
from runtime.server.api.api_errors import is_the_requests, refusal, sentence_of
from runtime.server.statuses import status_of

KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error", 502: "api_error"}
CODES = {
    "no_key": "invalid_api_key",
    "bad_key": "invalid_api_key",
    "too_often": "rate_limit_exceeded",
    "policy": "content_filter",
    "context": "context_length_exceeded",
}


def error_response(error: HongyanError, lang: str) -> Response:
    return refusal(error, error_body(error, lang))


def error_body(error: HongyanError, lang: str) -> dict[str, str | None]:
    usual = "invalid_request_error" if is_the_requests(error) else "api_error"
    return {
        "message": sentence_of(error).to(lang),
        "type": KINDS.get(status_of(error), usual),
        "param": error.field or None,
        "code": CODES.get(error.code, error.code) or None,
    }
