"""What follows from each errcode of qyapi.weixin.qq.com, what is said of it, and how a token is got.

https://developer.work.weixin.qq.com/document/path/90313
"""

from dataclasses import fields
from types import SimpleNamespace

import pytest
from pydantic import SecretStr

from runtime.channels import ApiAnswer, ApiRequest, Codes
from runtime.channels._tencent.qyapi import QyApi
from runtime.channels._tencent.qyapi_codes import ANSWERS, CODES, TEXTS
from runtime.errors import SendFailed

FOLLOWS = {
    "40014": {"stale", "blocking"},  # no token of ours
    "42001": {"stale", "blocking"},  # over
    "48002": {"forbidden"},  # this app may not call that
    "301002": {"forbidden"},  # another app's Secret
    "invaliduser": {"unreachable"},  # said with errcode 0
    "unlicenseduser": {"unreachable"},
    "40003": {"unreachable"},  # no such member
    "40031": {"unreachable"},
    "40096": {"unreachable"},  # no such customer
    "60011": {"unreachable"},  # outside of the visible range
    "60111": {"unreachable"},
    "81013": {"unreachable"},  # none of the receivers is one
    "82001": {"unreachable"},
    "-1": {"throttled"},  # busy
    "45033": {"throttled"},  # too many at once
    "45009": {"blocking"},  # too many in a minute, hour or day
    "40001": {"blocking", "credentials"},  # wrong Secret
    "40013": {"blocking", "credentials"},  # wrong CorpID
    "40056": {"blocking", "credentials"},  # wrong AgentId
    "40091": {"blocking", "credentials"},
    "60020": {"blocking", "address"},  # our address is not trusted
    "app_closed": {"blocking"},  # said with errcode 0
    "93000": {"blocking"},  # a robot's key that is none
    "95017": {"blocking"},  # the API is switched off
}
LISTED = [
    "40001",
    "40091",
    "40013",
    "40056",
    "40014",
    "42001",
    "40031",
    "81013",
    "82001",
    "40033",
    "40057",
    "40096",
    "44004",
    "45002",
    "45009",
    "45033",
    "48002",
    "60011",
    "60020",
    "60111",
    "80001",
    "85005",
    "86001",
    "86003",
    "93000",
    "93006",
    "846605",
    "846608",
    "95000",
    "95004",
    "95001",
    "95002",
    "95003",
    "95007",
    "95011",
    "95012",
    "95013",
    "95016",
    "95014",
    "95017",
    "95018",
    "301002",
]


def test_what_follows_from_each_code_and_from_no_other():
    lists = {field.name: set(getattr(CODES, field.name)) for field in fields(Codes)}
    codes = set().union(*lists.values())
    assert {code: {name for name in lists if code in lists[name]} for code in codes} == FOLLOWS


@pytest.mark.parametrize("code", [*LISTED, *FOLLOWS])
def test_every_code_has_its_sentence_in_both_languages(code):
    text = ANSWERS.explain(code)
    assert code in TEXTS
    assert text.zh.endswith("。")
    assert text.en.endswith(".")
    assert "{" not in str(text)


def test_an_address_that_is_not_trusted_is_shown_so_that_it_can_be_added():
    errmsg = (
        "not allow to access from your ip, hint: [1606122450_2_9a1c], from ip: 203.0.113.7, more info at "
        "https://open.work.weixin.qq.com/devtool/query?e=60020"
    )
    failed = ANSWERS.failure({"errcode": 60020, "errmsg": errmsg})
    assert "203.0.113.7" in failed.text.zh
    assert "203.0.113.7" in failed.text.en
    assert failed.text.zh.endswith("（hint: 1606122450_2_9a1c）")
    assert failed.code in CODES.blocking


@pytest.mark.parametrize("errmsg", ["from ip: <script>", "", "from ip: ", "from ip: 1.2.3", None])
def test_an_address_that_is_none_is_not_repeated(errmsg):
    text = ANSWERS.failure({"errcode": 60020, "errmsg": errmsg}).text
    assert "企业可信IP" in text.zh
    assert "script" not in str(text)


def test_an_unknown_code_is_told_with_its_number():
    assert "987654" in ANSWERS.failure({"errcode": 987654}).text.en


def test_no_code_at_all_leaves_it_open_what_happened():
    assert ANSWERS.failure({}, unreadable="uncertain").code == "uncertain"


class App(QyApi):
    account = "ww1 7"

    def __init__(self):
        self.settings = SimpleNamespace(corp_id="ww1", secret=SecretStr("s3cret"))


def test_a_token_is_asked_for_with_the_secret_and_goes_into_the_query():
    request = App().token_request()
    assert request == ApiRequest("/cgi-bin/gettoken", None, {"corpid": "ww1", "corpsecret": "s3cret"})
    assert "s3cret" not in repr(request)
    assert App().authorized(ApiRequest("/x", {"a": 1}), "T").query == {"access_token": "T"}


def test_a_token_lives_as_long_as_is_said():
    answer = {"errcode": 0, "errmsg": "ok", "access_token": "T", "expires_in": 7200}
    assert App().token(ApiAnswer(200, answer)).expires_in == 7200


@pytest.mark.parametrize("code", [40001, 40013, 40091, 60020])
def test_a_token_that_is_not_given_says_why(code):
    with pytest.raises(SendFailed) as failed:
        App().token(ApiAnswer(200, {"errcode": code, "errmsg": "no"}))
    assert failed.value.code == str(code)
