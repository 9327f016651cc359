import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from cost import cpu_seconds
from runtime.models.failures import AskedToWait, ErrorResponse, explain, redact
from runtime.models.provider_words import READ

REFUSALS = [
    json.loads(line) for line in Path(__file__).with_name("refusals.jsonl").read_text("utf-8").splitlines()
]
"""Bodies of many servers: `code` is what they mean, `says` is told to the owner, `wait` is kept."""


class Failure(Exception):
    """As litellm raises them."""

    def __init__(self, said, status=None, headers=None, original=None):
        super().__init__(said)
        self.status_code = status
        self.litellm_response_headers = headers
        self.original_exception = original


def body_of(case):
    return case["body"] if isinstance(case["body"], str) else json.dumps(case["body"], ensure_ascii=False)


def status_of(case):
    """A refusal in a 200 has no status."""
    return 0 if case["status"] == 200 else case["status"]


def directly(case):
    return ErrorResponse(status_of(case), body_of(case), case.get("headers", {}))


def through_litellm(case):
    """litellm puts the body behind names of its classes."""
    said = f"litellm.SomeError: SomeError: XException - {body_of(case)}"
    return Failure(said, status_of(case), case.get("headers", {}))


WAYS = pytest.mark.parametrize("way", [directly, through_litellm], ids=["directly", "through litellm"])


@WAYS
@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case["id"])
def test_a_refusal_is_told_as_its_provider_means_it(case, way):
    failed = explain(way(case), "ds/m", case.get("where", "api.example.com"), [])
    assert failed.code == case["code"], failed
    assert failed.retryable == (failed.code in ("rate_limit", "server", "timeout", "connection"))
    assert case.get("says", "") in failed.text.zh
    assert case.get("says", "") in failed.text.en
    if "wait" in case:
        assert isinstance(failed, AskedToWait)
        assert failed.wait == case["wait"]


@WAYS
@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case["id"])
def test_no_class_markup_or_id_is_in_the_sentence(case, way):
    failed = explain(way(case), "ds/m", "api.example.com", [])
    for text in (failed.text.zh, failed.text.en):
        assert not re.search(r"\w(Error|Exception)\b|litellm|Traceback", text)
        assert not re.search(r"<[a-z!/]|[{}]|\[\{", text)
        assert not re.search(r"[0-9a-f]{16}|\d{12}|org-|req_|request.id", text, re.IGNORECASE)
        assert len(text) < 550


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


NOON = "Wed, 21 Oct 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2026 12:00:30 GMT", "date": NOON}, 30.0),
        ({"retry-after": NOON}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "1e999"}, 86_400.0),
    ],
)
def test_the_wished_wait_rides_on_the_failure(headers, wait):
    failed = explain(Failure("slow", 429, headers), "m", "h", [])
    assert (failed.wait if isinstance(failed, AskedToWait) else None) == wait


def test_the_provider_s_own_words_are_short_and_without_wrapping():
    said = 'litellm.NotFoundError: NotFoundError: XException - {"error": {"message": "no ' + "x" * 500 + '"}}'
    text = explain(Failure(said, 404), "m", "h", []).text.en
    assert "Check both on the Models page. The provider says: no xxx" in text
    assert len(text) < 450


def test_of_what_breaks_a_stream_of_openrouter_only_its_sentence_is_told():
    said = "litellm.APIError: OpenrouterException - Message: Upstream idle timeout, Metadata: {}, User ID: "
    text = explain(Failure(said, 502), "m", "h", []).text.en
    assert text.endswith("The provider says: Upstream idle timeout")


@pytest.mark.parametrize(
    "said",
    ["key 4711-abcd!", "Bearer 4711-abcd", "sk-proj-abcdefghijklmnop", "AIzaSyA1234567890abcdefg"],
)
def test_known_and_likely_keys_are_taken_out(said):
    shown = redact(f"bad {said}", ["4711-abcd", ""])
    assert "***" in shown
    assert "4711" not in shown
    assert "abcdef" not in shown


@pytest.mark.parametrize(
    "said", ["{" * READ, "token " * 4000, '[{"message":' * 4000, "<a" * READ, "a." * READ, "1" * READ]
)
def test_no_refusal_takes_long_to_explain(said):
    assert cpu_seconds(explain, Failure(said, 400), "m", "h", [], enough=2) < 2
