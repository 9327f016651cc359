"""What follows from each of WeChat's error codes, and that nothing follows from any other.

https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html
"""

from dataclasses import fields

import pytest

from runtime.channels import Codes
from runtime.channels.wechat.errcodes import CODES, failure

FOLLOWS = {
    "40007": {"gone"},
    "40001": {"stale", "blocking", "credentials"},  # not the newest token
    "40014": {"stale", "blocking"},  # no token of ours
    "42001": {"stale", "blocking"},  # over
    "48001": {"forbidden"},  # the account is not verified
    "40003": {"unreachable"},  # no such person
    "43004": {"unreachable"},  # does not follow
    "43019": {"unreachable"},  # on the account's block list
    "45015": {"unreachable"},  # 48 hours are over
    "48002": {"unreachable"},  # refuses messages
    "50002": {"unreachable"},  # the person's account is limited
    "-1": {"throttled"},  # busy
    "45011": {"throttled", "blocking"},  # too many in this minute
    "40013": {"blocking", "credentials"},  # wrong AppID
    "40125": {"blocking", "credentials"},  # wrong AppSecret
    "40164": {"blocking", "address"},  # our address is not in the allow-list
    "40243": {"blocking", "credentials"},  # the AppSecret is frozen
    "41002": {"credentials"},  # no AppID
    "41004": {"credentials"},  # no AppSecret
    "89501": {"blocking", "address"},  # the administrator is being asked
    "89503": {"blocking", "address"},
    "89506": {"blocking", "address"},  # … and said no
    "89507": {"blocking", "address"},
    "45009": {"blocking", "daily"},  # the day's calls are used up
    "48004": {"blocking"},  # the API is banned
    "61004": {"blocking", "address"},  # our address is not in the third party's allow-list
}


def test_what_follows_from_each_code_and_from_no_other():
    lists = {field.name: set(getattr(CODES, field.name)) for field in fields(Codes)}
    codes = set().union(*lists.values())
    assert {code: {name for name in lists if code in lists[name]} for code in codes} == FOLLOWS


@pytest.mark.parametrize(("code", "seconds"), [("40164", 60), ("45011", 60), ("45009", 1800)])
def test_how_long_an_account_is_left_alone(code, seconds):
    assert CODES.blocking[code] == seconds


@pytest.mark.parametrize("code", [*FOLLOWS, "45047", "99999"])
def test_only_a_busy_platform_is_asked_again(code):
    assert failure({"errcode": int(code)}).retryable is ("throttled" in FOLLOWS.get(code, ()))
