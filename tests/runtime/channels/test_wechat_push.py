"""The Official Account's API: tokens, customer-service messages, and what its error codes mean."""

from dataclasses import dataclass

import pytest
from official_account import ACCOUNT, APP_ID, SAFE, THEM

from runtime.channels import ApiAnswer, ApiRequest
from runtime.errors import SendFailed


def answer(data):
    return ApiAnswer(200, data)


def test_a_token_is_fetched_without_voiding_the_present_one():
    body = {
        "grant_type": "client_credential",
        "appid": APP_ID,
        "secret": ACCOUNT["app_secret"],
        "force_refresh": False,
    }
    assert SAFE.token_request() == ApiRequest("/cgi-bin/stable_token", body)
    token = SAFE.token(answer({"access_token": "T1", "expires_in": 7200}))
    assert (token.value, token.expires_in) == ("T1", 7200)


@pytest.mark.parametrize("seconds", [0, -1, None, "soon", float("nan"), float("inf")])
def test_a_senseless_life_counts_as_a_minute(seconds):
    token = SAFE.token(answer({"errcode": 0, "access_token": "T1", "expires_in": seconds}))
    assert token.expires_in == 60


@pytest.mark.parametrize(
    "data", [{}, {"access_token": ""}, {"access_token": 7}, {"errcode": 40013, "access_token": "T"}]
)
def test_without_a_token_there_is_no_success(data):
    with pytest.raises(SendFailed):
        SAFE.token(answer(data))


def test_a_message_is_pushed_and_marked_as_written_by_a_machine():
    body = {"touser": THEM, "msgtype": "text", "text": {"content": "你好"}, "aimsgcontext": {"is_ai_msg": 1}}
    request = SAFE.authorized(SAFE.push("你好\0", THEM, "key"), "T1")
    assert request == ApiRequest("/cgi-bin/message/custom/send", body, {"access_token": "T1"})


@pytest.mark.parametrize("ok", [0, "0"])
def test_a_message_was_taken(ok):
    SAFE.pushed(answer({"errcode": ok, "errmsg": "ok"}))


@dataclass(frozen=True)
class Failure:
    id: str
    answer: dict
    code: str
    retryable: bool = False
    says: str = ""


FAILURES = [
    Failure("busy", {"errcode": -1, "errmsg": "system error"}, "-1", True),
    Failure("too many a minute", {"errcode": 45011}, "45011", True),
    Failure("as a string", {"errcode": "45015"}, "45015", says="48 小时"),
    Failure(
        "token", {"errcode": 40001, "errmsg": "invalid credential rid: 6ab-1"}, "40001", says="rid: 6ab-1"
    ),
    Failure(
        "ip",
        {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"},
        "40164",
        says="203.0.113.9",
    ),
    Failure(
        "ip version 6",
        {"errcode": 40164, "errmsg": "invalid ip 2001:db8::7, not in whitelist"},
        "40164",
        says="2001:db8::7",
    ),
    Failure("ip unsaid", {"errcode": 40164}, "40164", says="IP 白名单"),
    Failure("unverified", {"errcode": 48001, "errmsg": "api unauthorized"}, "48001", says="未认证"),
    Failure("five sent", {"errcode": 45047}, "45047", says="5 条"),
    Failure("today's quota", {"errcode": 45009}, "45009"),
    Failure("no follower", {"errcode": 40003}, "40003"),
    Failure("AppID", {"errcode": 40013}, "40013"),
    Failure("AppSecret", {"errcode": 40125}, "40125"),
    Failure("unknown", {"errcode": 99999, "errmsg": "appsecret=abc"}, "99999", says="99999"),
    Failure("only a sentence", {"errmsg": "ok"}, "uncertain"),
    Failure("nothing", {}, "uncertain"),
    Failure("no number", {"errcode": None}, "uncertain"),
    Failure("a claim", {"errcode": False}, "uncertain"),
]


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.id)
def test_a_push_fails(case):
    with pytest.raises(SendFailed) as failed:
        SAFE.pushed(answer(case.answer))
    error = failed.value
    assert (error.code, error.retryable) == (case.code, case.retryable)
    assert case.says in error.text.zh
    assert "{" not in str(error)
    assert "abc" not in str(error)


@pytest.mark.parametrize(
    ("code", "may"), [(0, True), (40003, True), (45015, True), (45080, True), (45081, True), ("48001", False)]
)
def test_a_probe_tells_whether_the_account_may_push(code, may):
    assert SAFE.probe().path == "/cgi-bin/message/custom/typing"
    assert SAFE.probed(answer({"errcode": code})) is may


@pytest.mark.parametrize("data", [{"errcode": 40164}, {"errcode": 40001}, {"errcode": -1}, {}])
def test_a_probe_that_cannot_tell_says_so(data):
    with pytest.raises(SendFailed):
        SAFE.probed(answer(data))
