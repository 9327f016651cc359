from dataclasses import dataclass

import pytest

from runtime.model_errors import AskedToWait, explain, redact


class Failure(Exception):
    """As litellm raises them."""

    def __init__(self, said, status=None, headers=None, original=None):
        super().__init__(said)
        self.status_code = status
        self.litellm_response_headers = headers
        self.original_exception = original


@dataclass(frozen=True)
class Case:
    id: str
    error: Failure
    code: str
    retryable: bool = False


CASES = [
    Case(
        "refused connection",
        Failure("Cannot connect to host x:80 [Connect call failed]", 500),
        "connection",
        True,
    ),
    Case("what broke a stream", Failure("MidStream", 500, original=Failure("slow", 429)), "rate_limit", True),
    Case("an error inside a 200", Failure("oops", "1"), "server", True),
    Case("no status", Failure("oops"), "server", True),
    Case("gateway time-out", Failure("upstream", 504), "timeout", True),
    Case("too large", Failure("payload too large", 413), "context"),
    Case(
        "a word of the filter in a 500 is a server error",
        Failure("content_filter service down", 500),
        "server",
        True,
    ),
    Case("key as Gemini says it", Failure("API key not valid. Invalid API key", 400), "auth"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_failure_is_recognised(case):
    failed = explain(case.error, "ds/m", "api.example.com", [])
    assert (failed.code, failed.retryable) == (case.code, case.retryable)
    assert "ds/m" in failed.text.zh
    assert "{" not in str(failed)


@pytest.mark.parametrize(
    ("header", "wait"), [("2", 2.0), ("0.5", 0.5), ("-1", 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None)]
)
def test_the_wished_wait_rides_on_the_failure(header, wait):
    failed = explain(Failure("slow", 429, {"retry-after": header}), "m", "h", [])
    assert (failed.wait if isinstance(failed, AskedToWait) else None) == wait


def test_the_provider_s_own_words_are_short_and_without_wrapping():
    said = 'litellm.NotFoundError: NotFoundError: XException - {"error": {"message": "no ' + "x" * 500 + '"}}'
    text = explain(Failure(said, 404), "m", "h", []).text.en
    assert "Check both on the Models page. no xxx" in text
    assert len(text) < 320


@pytest.mark.parametrize(
    "said",
    ["key 4711-abcd!", "Bearer 4711-abcd", "sk-proj-abcdefghijklmnop", "AIzaSyA1234567890abcdefg"],
)
def test_known_and_likely_keys_are_taken_out(said):
    shown = redact(f"bad {said}", ["4711-abcd", ""])
    assert "***" in shown
    assert "4711" not in shown
    assert "abcdef" not in shown
