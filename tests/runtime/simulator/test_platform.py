import json

import pytest

from runtime.simulator.http import Request
from runtime.simulator.wechat.accounts import RIGHTS, of_kind
from runtime.simulator.wechat.platform import Platform


class Api:
    """Calls the platform as a program would, on a clock of the test."""

    def __init__(self, kind="verified_service"):
        self.account, self.now = of_kind(kind), 1_800_000_000.0
        self.platform = Platform([self.account], lambda: self.now)

    def call(self, path, body=None, method="POST", address="127.0.0.1", **query):
        data = json.dumps(body or {}, ensure_ascii=False).encode()
        return self.platform.call(Request(method, f"/cgi-bin/{path}", query, data, address))

    def code(self, path, body=None, **more):
        return json.loads(self.call(path, body, **more).body).get("errcode", 0)

    def stable(self, force=False, **more):
        given = {"appid": self.account.app_id, "secret": self.account.app_secret, "force_refresh": force}
        return json.loads(self.call("stable_token", given, **more).body)

    def send(self, text="好", to="ann", token=None):
        token = self.stable()["access_token"] if token is None else token
        message = {"touser": to, "msgtype": "text", "text": {"content": text}}
        return self.code("message/custom/send", message, access_token=token)

    def type(self, command="Typing"):
        token = self.stable()["access_token"]
        return self.code("message/custom/typing", {"touser": "ann", "command": command}, access_token=token)

    def acted(self, trigger="message"):
        self.platform.acted(self.account.app_id, "ann", trigger)


def test_a_message_allows_five_sends_within_48_hours():
    api = Api()
    api.acted()
    assert [api.send() for _ in range(6)] == [0] * 5 + [45047]
    api.acted()
    api.now += 48 * 3600
    assert api.send() == 45015


@pytest.mark.parametrize("trigger", ["click", "subscribe", "scan"])
def test_other_triggers_allow_three_sends_within_a_minute(trigger):
    api = Api()
    api.acted(trigger)
    assert [api.send() for _ in range(4)] == [0] * 3 + [45047]
    api.acted(trigger)
    api.now += 61
    assert api.send() == 45015


def test_the_newest_trigger_replaces_the_quota_of_the_others():
    api = Api()
    api.acted("message")
    api.acted("click")
    api.now += 61
    assert api.send() == 45015


def test_whoever_never_acted_is_unknown_and_whoever_left_is_out_of_reach():
    api = Api()
    assert api.send() == 40003
    api.acted()
    api.platform.left(api.account.app_id, "ann")
    assert api.send() == 45015


@pytest.mark.parametrize("kind", RIGHTS)
def test_an_account_without_the_right_gets_48001_before_anybody_is_looked_up(kind):
    api = Api(kind)
    assert api.send(to="nobody") == (40003 if RIGHTS[kind].pushes else 48001)


def test_stable_token_gives_the_same_until_five_minutes_before_its_end():
    api = Api()
    first = api.stable()["access_token"]
    api.now += 6800
    assert api.stable()["access_token"] == first
    api.now += 101
    second = api.stable()["access_token"]
    assert second != first
    api.acted()
    assert api.send(token=first) == 0
    api.now += 301
    assert (api.send(token=first), api.send(token=second)) == (42001, 0)


def test_a_forced_token_ends_the_one_before_at_once_and_is_rationed():
    api = Api()
    first = api.stable()["access_token"]
    assert api.stable(force=True)["access_token"] != first
    assert api.send(token=first) == 42001
    assert api.stable(force=True)["errcode"] == 45011


def test_a_plain_token_ends_the_one_before_after_five_minutes():
    api = Api()
    api.acted()
    given = {"appid": api.account.app_id, "secret": api.account.app_secret}
    first, _ = (json.loads(api.call("token", method="GET", **given).body)["access_token"] for _ in range(2))
    assert api.send(token=first) == 0
    api.now += 301
    assert api.send(token=first) == 42001


def test_a_token_is_given_to_allowed_addresses_only_and_the_refusal_names_the_address():
    api = Api()
    api.platform.allowed_addresses = {"1.2.3.4"}
    refused = api.stable(address="5.6.7.8")
    assert refused["errcode"] == 40164
    assert "5.6.7.8" in refused["errmsg"]
    assert "access_token" in api.stable(address="1.2.3.4")


def test_voided_and_missing_tokens_are_refused():
    api = Api()
    token = api.stable()["access_token"]
    api.platform.tokens.void()
    assert (api.send(token=token), api.send(token="")) == (40001, 41001)


def test_wrong_credentials_are_refused():
    api = Api()
    assert api.code("stable_token", {"appid": "wx0", "secret": "x"}) == 40013
    assert api.code("stable_token", {"appid": api.account.app_id, "secret": "x"}) == 40125


@pytest.mark.parametrize(
    ("text", "code"),
    [("字" * 682, 0), ("字" * 683, 45002), (" \n", 44004)],
    ids=["fits", "too long", "empty"],
)
def test_a_text_has_2048_bytes_at_most_and_something_to_read(text, code):
    api = Api()
    api.acted()
    assert api.send(text) == code


def test_escaped_characters_are_refused():
    api = Api()
    api.acted()
    message = json.dumps({"touser": "ann", "msgtype": "text", "text": {"content": "好"}}).encode()
    query = {"access_token": api.stable()["access_token"]}
    answer = api.platform.call(Request("POST", "/cgi-bin/message/custom/send", query, message))
    assert json.loads(answer.body)["errcode"] == 40033


def test_typing_is_shown_15_seconds_and_only_soon_after_an_action():
    api = Api()
    api.acted()
    assert (api.type(), api.type()) == (0, 45081)
    api.now += 16
    assert api.type() == 0
    api.now += 16
    assert (api.type(), api.type("CancelTyping"), api.type("Dance")) == (45080, 0, 45072)


def test_faults_come_in_the_order_of_the_script():
    api = Api()
    api.acted()
    api.platform.faults.script("message/custom/send", -1, 0, "http_502", "hang", "lost")
    assert (api.send(), api.send()) == (-1, 0)
    message = {"touser": "ann", "msgtype": "text", "text": {"content": "好"}}
    query = {"access_token": api.stable()["access_token"]}
    responses = [api.call("message/custom/send", message, **query) for _ in range(3)]
    assert responses[0].status == 502
    assert [response.after for response in responses[1:]] == [None, None]
    assert len(api.platform.sent) == 2  # the passed one, and the one whose answer is lost


def test_every_send_is_recorded_with_its_time():
    api = Api()
    api.acted()
    api.now += 7
    api.send("您好")
    [sent] = api.platform.sent
    assert (sent.at, sent.to, sent.text) == (1_800_000_007.0, "ann", "您好")


def test_clear_quota_starts_the_day_afresh():
    api = Api("test")
    api.acted()
    api.platform._sends[api.account.app_id, int(api.now // 86_400)] = 50_000
    assert api.send() == 45009
    assert api.code("clear_quota", {}, access_token=api.stable()["access_token"]) == 0
    assert api.send() == 0
