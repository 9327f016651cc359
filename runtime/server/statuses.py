"""What each of our errors is over HTTP.

A client pays again for each try, and most try three times after a 5xx. So only what may go better later,
without another request, is one: a provider that is busy, a disk that is full. What the same request would
meet again is a 4xx.
"""

from collections.abc import Mapping
from typing import Final, get_args

from runtime.errors import (
    Conflict,
    Forbidden,
    HongyanError,
    Invalid,
    ModelFailed,
    NotFound,
    NotSaved,
    Refused,
    SendFailed,
    StoreCode,
    StoreFailed,
    ToolFailed,
    TooSlow,
    TurnFailed,
    Unreadable,
)

OF_REQUESTS: Final[Mapping[str, int]] = {
    "no_key": 401,
    "bad_key": 401,
    **dict.fromkeys(("no_token", "bad_token", "token_expired", "session_over"), 401),
    "too_often": 429,
    "too_large": 413,
    "too_slow": 408,
    "cut_off": 400,
    "media_type": 415,
    "malformed": 400,
    "file": 422,
    "invalid": 400,
    "unknown_parameter": 400,
    "unsupported_value": 400,
    "unknown_url": 404,
    "model_not_found": 404,
    "idempotency_key_reused": 409,
    "provider": 503,
    "proof": 403,
    "unknown": 403,
    "signature": 403,
    "stale": 403,
    "replayed": 403,
    "downgrade": 403,
    "decrypt": 403,
    "receive_id": 403,
    "account": 403,
    "method": 405,
}
OF_STORES: Final[Mapping[str, int]] = dict.fromkeys(get_args(StoreCode), 503)
"""The owner has to mend some of it, and then the same message is taken. Nothing was paid for it."""
OF_TURNS: Final[Mapping[str, int]] = {
    **OF_STORES,
    "connection": 502,
    "server": 502,
    "malformed": 502,
    "rate_limit": 503,
    "budget": 429,
    "shed": 503,
    "stopping": 503,
    "paused": 503,
    "unfinished": 503,
    "timeout": 504,
    **dict.fromkeys(("policy", "quota", "region", "context", "not_found", "auth", "refused", "length"), 422),
    **dict.fromkeys(("no_key", "no_base", "no_model", "unknown_model", "recorded"), 422),
    **dict.fromkeys(("rounds", "tokens", "tool_mistakes", "no_answer", "rehearsal"), 422),
    **dict.fromkeys(("bug", "aside", "unwanted", "abandoned"), 422),
    **dict.fromkeys(("late", "cancelled", "denied", "tries", "tool", "too_deep", "too_long"), 422),
    **dict.fromkeys(("code", "fields", "no_agent", "safety"), 422),
}
STATUSES: Final[Mapping[type[HongyanError], tuple[int, Mapping[str, int]]]] = {
    HongyanError: (422, {}),
    Invalid: (400, OF_REQUESTS),
    NotFound: (404, OF_REQUESTS),
    Conflict: (409, OF_REQUESTS),
    Refused: (400, OF_REQUESTS),
    Forbidden: (403, {}),
    NotSaved: (503, {}),
    Unreadable: (503, {}),
    StoreFailed: (503, OF_STORES),
    TooSlow: (503, {}),
    TurnFailed: (422, OF_TURNS),
    ModelFailed: (422, OF_TURNS),
    ToolFailed: (422, {}),
    SendFailed: (502, {}),
}
"""Of each class and those below it: the usual status, and others by code."""


def status_of(error: HongyanError) -> int:
    usual, by_code = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return by_code.get(error.code, usual)
