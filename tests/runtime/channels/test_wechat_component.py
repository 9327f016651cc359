"""Official Accounts by consent: the third-party platform's calls and questions, and wechatpy beside it."""

import json

import pytest
from official_account import APP_ID, KEY, NOW, THEM, TOKEN, US, sample
from wechat_component_table import COMPONENT, JOINED, NEW, SECRET, SHARED, channel, forwarded, told
from wechatpy.component import COMPONENT_MESSAGE_TYPES, WeChatComponent

from runtime.channels import ApiAnswer, ApiRequest, WebRequest
from runtime.channels._consenting import Consented
from runtime.channels._managing import Line
from runtime.channels._tencent import xml_body
from runtime.channels._tencent.crypto import Envelope
from runtime.channels.wechat.managing import AccountManagement
from runtime.channels.wechat_component import CHANNEL, trials
from runtime.channels.wechat_component.codes import ANSWERS
from runtime.errors import Refused, SendFailed

APP = NEW.application
TICKET = "ticket@@@" + "t" * 80
AUTHORIZED = {"AuthorizerAppid": APP_ID, "AuthorizationCode": "queryauthcode@@@1", "PreAuthCode": "pre1"}


def proof(**changes):
    info = {
        "authorizer_appid": APP_ID,
        "authorizer_access_token": "A1",
        "expires_in": 7200,
        "authorizer_refresh_token": "R1",
        "func_info": [{"funcscope_category": {"id": one}} for one in (15, 1, 1)],
    }
    return {**info, **changes}


# What the platform tells


def test_a_ticket_is_taken_and_answered_success():
    tidings = APP.told(told("component_verify_ticket", ComponentVerifyTicket=TICKET), NOW)
    assert tidings.kept == {"ticket": TICKET}
    assert (tidings.response.body, tidings.response.status) == ("success", 200)
    assert TICKET not in repr(tidings)


@pytest.mark.parametrize(
    ("kind", "fields", "consent"),
    [
        ("authorized", AUTHORIZED, Consented(APP_ID, int(NOW), False, "queryauthcode@@@1", "pre1")),
        ("updateauthorized", AUTHORIZED, Consented(APP_ID, int(NOW), False, "queryauthcode@@@1", "pre1")),
        ("updateauthorized", {"AuthorizerAppid": APP_ID}, Consented(APP_ID, int(NOW))),
        ("unauthorized", {"AuthorizerAppid": APP_ID}, Consented(APP_ID, int(NOW), True)),
        ("notify_third_fasteregister", {}, None),
    ],
)
def test_consents_and_their_end_are_told(kind, fields, consent):
    assert APP.told(told(kind, **fields), NOW).consent == consent


REFUSED = {
    "of another token": (told("unauthorized", token="another", AuthorizerAppid=APP_ID), "signature"),
    "sealed to an account": (told("unauthorized", receive_id=APP_ID, AuthorizerAppid=APP_ID), "receive_id"),
    "another third-party platform's": (told("unauthorized", app_id="wx0000000000000000"), "account"),
    "a ticket that is none": (told("component_verify_ticket", ComponentVerifyTicket="a b"), "malformed"),
    "no ticket at all": (told("component_verify_ticket"), "malformed"),
    "an account that is none": (told("unauthorized", AuthorizerAppid="../x"), "malformed"),
    "no time": (told("unauthorized", at="soon", AuthorizerAppid=APP_ID), "malformed"),
    "in the clear": (WebRequest("POST", {}, b"<xml><InfoType>unauthorized</InfoType></xml>"), "downgrade"),
    "no XML": (WebRequest("POST", {}, b"{"), "malformed"),
    "too large": (WebRequest("POST", {}, b" " * 2**21), "too_large"),
    "another method": (WebRequest("GET", {}), "method"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_the_platforms_is_refused(case):
    request, code = REFUSED[case]
    with pytest.raises(Refused) as refused:
        APP.told(request, NOW)
    assert refused.value.code == code


def test_a_replay_is_refused_once_it_is_old():
    request = told("unauthorized", AuthorizerAppid=APP_ID)
    APP.told(request, NOW + 299)
    with pytest.raises(Refused) as refused:
        APP.told(request, NOW + 301)
    assert refused.value.code == "stale"


def test_wechatpy_reads_the_same_of_the_same_events():
    other = WeChatComponent(COMPONENT, SECRET, TOKEN, KEY)
    for kind, fields in (
        ("component_verify_ticket", {"ComponentVerifyTicket": TICKET}),
        ("authorized", AUTHORIZED),
        ("unauthorized", {"AuthorizerAppid": APP_ID}),
    ):
        request = told(kind, **fields)
        query = request.query
        opened = other.crypto.decrypt_message(
            request.body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        theirs = COMPONENT_MESSAGE_TYPES[kind](xml_body.parse(opened.encode()))
        ours = APP.told(request, NOW)
        if kind == "component_verify_ticket":
            assert theirs.verify_ticket == ours.kept["ticket"]
        else:
            assert theirs.authorizer_appid == ours.consent.account
            assert getattr(theirs, "authorization_code", "") == ours.consent.code


# What it is asked


def test_what_the_platform_is_asked():
    asked = {
        "component": APP.fresh_request({"ticket": "T"}),
        "prompt": APP.prompt_request(),
        "page": APP.page_request(),
        "proof": APP.proof_request("C"),
        "who": APP.account_request(APP_ID),
        "account": JOINED.fresh_request({"refresh_token": "R"}),
    }
    told_us = {"component_appid": COMPONENT}
    assert {name: (one.path.rpartition("/")[2], one.body) for name, one in asked.items()} == {
        "component": (
            "api_component_token",
            {**told_us, "component_appsecret": SECRET, "component_verify_ticket": "T"},
        ),
        "prompt": ("api_start_push_ticket", {**told_us, "component_secret": SECRET}),
        "page": ("api_create_preauthcode", told_us),
        "proof": ("api_query_auth", {**told_us, "authorization_code": "C"}),
        "who": ("api_get_authorizer_info", {**told_us, "authorizer_appid": APP_ID}),
        "account": (
            "api_authorizer_token",
            {**told_us, "authorizer_appid": APP_ID, "authorizer_refresh_token": "R"},
        ),
    }
    carried = APP.authorized(ApiRequest("/x"), "TOK").query
    assert carried == {"access_token": "TOK", "component_access_token": "TOK"}


@pytest.mark.parametrize(("granted", "code"), [(APP, "no_ticket"), (JOINED, "no_consent")])
def test_without_what_a_token_hangs_on_nothing_is_asked_and_it_is_said_why(granted, code):
    with pytest.raises(SendFailed) as failed:
        granted.fresh_request({})
    assert failed.value.code == code
    assert failed.value.text.zh


def test_a_consent_is_read_with_its_tokens_and_permission_sets():
    found = APP.proof(ApiAnswer(200, {"authorization_info": proof()}))
    assert (found.account, dict(found.kept), found.token.value) == (APP_ID, {"refresh_token": "R1"}, "A1")
    info = {"user_name": US, "nick_name": "茶铺\0"}
    settings, _ = APP.account_told(
        ApiAnswer(200, {"authorizer_info": info, "authorization_info": proof(authorizer_access_token=None)})
    )
    assert settings == {
        "app_id": APP_ID,
        "original_id": US,
        "nick_name": "茶铺",
        "permissions": "1,15",
    }
    CHANNEL.Settings(**{**SHARED, **settings})
    fresh = JOINED.fresh(ApiAnswer(200, proof(authorizer_access_token="A2", authorizer_refresh_token="R2")))
    assert (fresh.token.value, dict(fresh.kept)) == ("A2", {"refresh_token": "R2"})


HOSTILE = [
    {},
    {"errcode": 61003, "errmsg": "x"},
    {"authorization_info": []},
    {"authorization_info": proof(authorizer_appid="../../x")},
    {"authorization_info": proof(authorizer_refresh_token={"a": 1})},
    {"authorization_info": proof(authorizer_access_token=7)},
    {"component_access_token": ["x"]},
    {"pre_auth_code": "a b"},
    {**proof(authorizer_refresh_token="R 2")},
    {"errcode": 40001, **proof()},
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_strange_answer_grants_nothing(data):
    answer = ApiAnswer(200, data)
    reads = (APP.fresh, APP.account_told, JOINED.fresh, lambda one: APP.page(one, "https://a.example", ""))
    if data != HOSTILE[5]:
        reads += (APP.proof,)
    for read in reads:
        with pytest.raises(SendFailed):
            read(answer)


def test_the_page_of_consent_is_opened_by_a_phone_or_a_computer():
    page = APP.page(ApiAnswer(200, {"pre_auth_code": "pre@1"}), "https://a.example/c/app/consent/x?y", "")
    common = f"component_appid={COMPONENT}&pre_auth_code=pre%401"
    back = "redirect_uri=https%3A%2F%2Fa.example%2Fc%2Fapp%2Fconsent%2Fx%3Fy&auth_type=3"
    assert page.ticket == "pre@1"
    assert page.computer == f"https://mp.weixin.qq.com/cgi-bin/componentloginpage?{common}&{back}"
    assert page.phone.startswith("https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent")
    assert page.phone.endswith(f"{common}&{back}#wechat_redirect")
    again = APP.page(ApiAnswer(200, {"pre_auth_code": "p"}), "https://a.example", APP_ID)
    assert f"biz_appid={APP_ID}" in again.phone


# What is entered, copied and missing


@pytest.mark.parametrize("name", ["component_app_id", "component_app_secret", "token", "encoding_aes_key"])
@pytest.mark.parametrize("value", ["", "xxxx", "your-secret"])
def test_a_missing_or_empty_secret_names_its_field(name, value):
    with pytest.raises(ValueError, match=name):
        CHANNEL.Settings(**{**SHARED, name: value})


def test_both_addresses_are_told():
    lines = {line.name: line.value for line in JOINED.to_copy("https://bot.example/c/app-1")}
    assert lines["url"] == "https://bot.example/c/app-1"
    assert lines["messages_url"] == "https://bot.example/c/app-1/$APPID$"
    assert lines["domain"] == "bot.example"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"permissions": "15"}, ["消息管理权限", "素材管理权限"]),
        ({"permissions": "1,11"}, ["自定义菜单权限"]),
        ({"handover": True}, ["多客服权限"]),
        ({"permissions": "19,18"}, []),
        ({"permissions": ""}, []),
    ],
)
def test_what_the_consent_lacks_is_explained(changes, missing):
    made = channel(**changes)
    assert [scope.title.zh for scope in made.missing] == missing
    assert len(made.allowed) == len(made.settings.allowed)
    assert all(any(one in note.title.zh for note in made.reminders) for one in missing)


# WeChat's trial before the release

PAIRS = list(trials.TRIALS.items())


@pytest.mark.parametrize(("app_id", "brought"), PAIRS, ids=[app_id for app_id, _ in PAIRS])
def test_each_account_of_wechats_trial_is_answered_as_it_demands(app_id, brought):
    made = NEW.of(app_id, brought)
    text = sample("text").replace(US, brought["original_id"])

    def tried(words):
        return made.tried(forwarded(text.replace("你好", words), to=brought["original_id"]), NOW)

    answer = tried("TESTCOMPONENT_MSG_TYPE_TEXT").response
    inner = xml_body.parse(Envelope(KEY, COMPONENT).open(xml_body.parse(answer.body.encode())["Encrypt"]))
    assert inner["Content"] == "TESTCOMPONENT_MSG_TYPE_TEXT_callback"
    assert (inner["FromUserName"], inner["ToUserName"]) == (brought["original_id"], THEM)
    asks = tried("QUERY_AUTH_CODE:queryauthcode@@@x1")
    assert (asks.response.body, asks.response.status) == ("", 200)
    assert (asks.code, asks.text, asks.to) == (
        "queryauthcode@@@x1",
        "queryauthcode@@@x1_from_api",
        THEM,
    )
    assert tried("你好").response == made.acknowledge()


def test_trials_end_with_the_release():
    assert len(NEW.trials) == 10
    assert not channel(released=True).trials


def test_nothing_secret_is_shown():
    for one in (
        APP,
        JOINED,
        NEW.settings,
        APP.fresh_request({"ticket": TICKET}),
        JOINED.settings,
    ):
        assert SECRET not in repr(one)
    assert TICKET not in repr(APP.fresh_request({"ticket": TICKET}))
    assert "R9" not in repr(JOINED.fresh_request({"refresh_token": "R9"}))
    assert json.dumps(JOINED.fresh_request({"refresh_token": "R9"}).body)


def test_what_a_consent_forbids_is_explained_where_its_account_is_looked_after_too():
    of = AccountManagement(JOINED, Line("https://api.weixin.qq.com", None), "T")
    for code in ("61003", "61004", "61007"):
        told = of.failure({"errcode": int(code), "errmsg": "invalid ip 203.0.113.9"})
        assert told.text == ANSWERS.failure({"errcode": code, "errmsg": "invalid ip 203.0.113.9"}).text
        assert "Look the code up" not in told.text.en
    assert of.failure({"errcode": 46003}).text.en == "This account has no menu yet."
