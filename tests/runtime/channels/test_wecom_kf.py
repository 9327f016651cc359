"""What is particular to a customer-service account: pages, welcomes, menus, states, what did not arrive."""

import json
from itertools import pairwise

import pytest
import xmltodict
from customer_service import (
    ACCOUNT,
    AT,
    KEY,
    KF,
    NOW,
    THEM,
    TOKEN,
    call,
    channel,
    event,
    item,
    page,
    signal,
)
from pydantic import ValidationError
from wechatpy.enterprise.crypto import WeChatCrypto

from runtime.channels import ApiAnswer, ApiRequest
from runtime.channels._tencent import xml_body
from runtime.channels.wecom_kf import CHANNEL, menus
from runtime.channels.wecom_kf.codes import FAILED, fail_code
from runtime.choices import Choices
from runtime.errors import SendFailed
from runtime.message import Bounce, Message
from runtime.schema import first_problem

KFS = channel()
NAMED = channel(servicer_userid="zhangsan")


def said(text="你好", **data):
    return Message("m1", THEM, text, at=AT, data=data)


def happened(name, **data):
    return Message("e1", THEM, "", "event", AT, {"event": name, **data})


# Settings

NOTHING = ["", "  ", None, "None", "xxxxxxxx", "your_value"]
WRONG = [
    *((name, value) for name in ACCOUNT for value in NOTHING),
    ("corp_id", "wx"),
    ("open_kfid", "kf001@gh_1"),
    ("token", "ab"),
    ("encoding_aes_key", KEY[:-1]),
    ("secret", "short"),
    ("servicer_userid", "zhang san"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_is_missing_or_no_credential_never_starts_and_is_named(field, value):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{**ACCOUNT, field: value})
    assert first_problem(error.value).field == field


# In

READ = [
    ("a text", item("text", {"content": "你好"}), said()),
    ("a tapped item", item("text", {"content": "退款", "menu_id": "101"}), said("101", choice="退款")),
    ("a voice", item("voice", {"media_id": "M1"}), Message("m1", THEM, "", "voice", AT, {"media_id": "M1"})),
    (
        "a place",
        item("location", {"latitude": 39.9, "longitude": 116.4, "name": "故宫", "address": "东城"}),
        Message("m1", THEM, "故宫 东城", "location", AT, {"latitude": 39.9, "longitude": 116.4}),
    ),
    (
        "a link",
        item("link", {"title": "茶", "desc": "d", "url": "https://a.example", "pic_url": "p"}),
        Message(
            "m1",
            THEM,
            "茶\nhttps://a.example",
            "link",
            AT,
            {"title": "茶", "description": "d", "url": "https://a.example"},
        ),
    ),
    (
        "a card",
        item("business_card", {"userid": "u"}),
        Message("m1", THEM, "", "event", AT, {"event": "unsupported", "type": "business_card"}),
    ),
    (
        "a human's answer",
        item("text", {"content": "我来处理"}, origin=5, servicer_userid="zhangsan"),
        Message("m1", THEM, "我来处理", "event", AT, {"event": "replied"}),
    ),
    (
        "somebody came in",
        event("enter_session", scene="123", scene_param="shop", welcome_code="W1"),
        happened("opened", scene="123", scene_param="shop", welcome="W1"),
    ),
    ("came in again", event("enter_session", scene="123"), happened("opened", scene="123")),
    ("taken from the pool", event("session_status_change", change_type=1), happened("taken")),
    ("passed on", event("session_status_change", change_type=2), happened("taken")),
    ("ended", event("session_status_change", change_type=3), happened("returned")),
    ("taken up again", event("session_status_change", change_type=4), happened("taken")),
    ("taken back", event("user_recall_msg", recall_msgid="m0"), happened("recalled", id="m0")),
    (
        "a human took theirs back",
        event("servicer_recall_msg", recall_msgid="m0", servicer_userid="zhangsan"),
        happened("recalled", id="m0"),
    ),
]
NOT_OURS = [
    ("a state that there is not", event("session_status_change", change_type=9)),
    ("a servicer's day", event("servicer_status_change", servicer_userid="z", status=1)),
    ("an event of tomorrow's", event("something_new")),
    ("another account's", {**item("text", {"content": "x"}), "open_kfid": "wkOther"}),
    ("the platform's own line", item("text", {"content": "x"}, origin=4)),
    ("no text", item("text", {"content": 7})),
    ("no id", {**item("text", {"content": "x"}), "msgid": None}),
    ("no customer", {**item("text", {"content": "x"}), "external_userid": "a b"}),
    ("no time", {**item("text", {"content": "x"}), "send_time": "now"}),
    ("nowhere", item("location", {"latitude": "x", "longitude": 1e999})),
    ("a time that no calendar has", {**item("text", {"content": "x"}), "send_time": 2**40}),
    ("flags for a place", item("location", {"latitude": True, "longitude": False})),
    ("a kind that is none", {**item("text", {}), "msgtype": ["text"]}),
    ("a list for an event", event(["enter_session"])),
    ("an object for an event", event({})),
    ("no object", "hello"),
    ("nothing", None),
]


@pytest.mark.parametrize(("listed", "message"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_what_is_listed_becomes_a_message(listed, message):
    assert list(KFS.page(page(listed)).messages) == [message]


@pytest.mark.parametrize("listed", [row[1] for row in NOT_OURS], ids=[row[0] for row in NOT_OURS])
def test_what_is_nobodys_question_or_cannot_be_read_stops_nothing_else(listed):
    found = KFS.page(page(item("text", {"content": "前"}), listed, item("text", {"content": "后"}, id="m2")))
    assert [message.text for message in found.messages] == ["前", "后"]


def test_every_item_of_a_page_is_read_in_order():
    listed = [item("text", {"content": str(n)}, id=f"m{n}") for n in range(1000)]
    assert [message.text for message in KFS.page(page(*listed)).messages] == [str(n) for n in range(1000)]


@pytest.mark.parametrize(
    ("more", "goes_on"), [(1, True), (0, False), (True, True), ("1", False), (None, False)]
)
def test_a_page_says_whether_there_is_another_also_when_it_is_empty(more, goes_on):
    found = KFS.page(ApiAnswer(200, {"errcode": 0, "next_cursor": "C3", "has_more": more, "msg_list": []}))
    assert (list(found.messages), found.cursor, found.more) == ([], "C3", goes_on)


@pytest.mark.parametrize(
    "data",
    [
        {"errcode": 45009, "msg_list": []},
        {"errcode": 0, "msg_list": {}, "next_cursor": "C"},
        {"errcode": 0, "msg_list": [], "next_cursor": 7},
        {"errcode": 0, "msg_list": [], "next_cursor": "C" * 5000},
        {"errcode": 0},
    ],
)
def test_a_page_that_is_none_is_a_failure(data):
    with pytest.raises(SendFailed):
        KFS.page(ApiAnswer(200, data))


def test_a_page_is_asked_for_with_the_cursor_and_the_ticket():
    request = KFS.fetch("C1", "ENC1")
    assert request.path == "/cgi-bin/kf/sync_msg"
    assert request.body == {"cursor": "C1", "token": "ENC1", "limit": 500, "voice_format": 0, "open_kfid": KF}
    assert request.largest > 1_000_000


def test_what_did_not_arrive_is_told_by_our_own_id():
    failed = event("msg_send_fail", fail_msgid="k1", fail_type=4)
    assert list(KFS.page(page(failed)).bounces) == [Bounce(THEM, "k1", "fail_004")]


@pytest.mark.parametrize("fail_type", [*FAILED, 99, "4", None, True, -1, [4]])
def test_every_way_of_failing_has_its_sentence(fail_type):
    text = CHANNEL.explain(fail_code(fail_type))
    assert "没有送到" in text.zh
    assert text.en


# Out


def test_a_key_is_a_message_id_as_the_platform_wants_it():
    key = "0123456789abcdef0123456789abcdef"
    assert KFS.push("你好", THEM, key).body["msgid"] == key


def test_who_comes_in_is_welcomed_once_by_the_code_and_later_answered_as_anybody():
    event = happened("opened", welcome="W1")
    assert KFS.greet("欢迎", event, "k1") == ApiRequest(
        "/cgi-bin/kf/send_msg_on_event",
        {"code": "W1", "msgid": "k1", "msgtype": "text", "text": {"content": "欢迎"}},
    )
    quota = KFS.quota(event)
    assert (quota.pushes, quota.seconds) == (1, 20)
    assert KFS.quota(said()).pushes == 5
    assert KFS.greet("好", said(), "k1") is None


def test_a_welcome_may_be_a_menu():
    [part] = CHANNEL.parts("欢迎！\n\n- [查订单](menu:查订单)\n- [找人工](menu:人工)")
    offer = Choices.of(part.data)
    assert offer.question == "欢迎！"
    body = KFS.greet_choices(offer, happened("opened", welcome="W1"), "k1").body
    assert body["msgtype"] == "msgmenu"
    assert [one["click"]["content"] for one in body["msgmenu"]["list"]] == ["查订单", "找人工"]


@pytest.mark.parametrize(
    "text",
    [
        "只有话",
        "（menu:）",
        "头\n" + "很长" * 60 + "（menu:x）",
        "头" * 400 + "\n项（menu:项）",
        "项（menu:项）\n尾",
    ],
)
def test_what_is_no_menu_is_said_as_it_is(text):
    assert menus.message(text) == {"msgtype": "text", "text": {"content": text}}


def test_links_are_shown_as_they_are():
    assert CHANNEL.render("看[这里](https://a.example/?a=1&b=2)") == ["看这里（https://a.example/?a=1&b=2）"]
    assert "<a" not in "".join(CHANNEL.render("[x](https://a.example) <a href='x'>y</a> <https://b.example>"))


# States

EDGES = [
    ("0", "2", ["2"], ["2"]),
    ("1", "2", ["2"], ["2"]),
    ("0", "3", None, ["3"]),
    ("1", "3", None, ["3"]),
    ("2", "3", None, ["3"]),
    ("3", "4", ["4"], ["4"]),
    ("2", "4", None, ["3", "4"]),
    ("4", "2", None, None),
    ("4", "3", None, None),
    ("3", "2", None, None),
    ("0", "1", ["1"], ["1"]),
]


@pytest.mark.parametrize(("start", "end", "unnamed", "named"), EDGES)
def test_from_each_state_only_the_documented_steps_are_taken(start, end, unnamed, named):
    assert KFS.standings.way(start, end) == unnamed
    assert NAMED.standings.way(start, end) == named
    for found in (KFS, NAMED):
        steps = found.standings
        walked = [start, *(steps.way(start, end) or [])]
        assert all(after in steps.steps[before] for before, after in pairwise(walked))


def test_a_human_is_named_only_where_one_is_given_the_session():
    assert KFS.at_desk == "2"
    assert NAMED.at_desk == "3"
    assert NAMED.move(THEM, "3").body == {
        "open_kfid": KF,
        "external_userid": THEM,
        "service_state": 3,
        "servicer_userid": "zhangsan",
    }
    assert "servicer_userid" not in NAMED.move(THEM, "4").body
    assert KFS.move(THEM, "2").path == "/cgi-bin/kf/service_state/trans"


@pytest.mark.parametrize("state", range(5))
def test_each_state_is_read(state):
    assert KFS.stands(ApiAnswer(200, {"errcode": 0, "service_state": state})) == str(state)


@pytest.mark.parametrize("state", [5, -1, "3", None, True, 2.0, [1]])
def test_a_state_that_there_is_not_is_a_failure(state):
    with pytest.raises(SendFailed):
        KFS.stands(ApiAnswer(200, {"errcode": 0, "service_state": state}))


@pytest.mark.parametrize("code", ["95013", "95014", "95016", "95018", "95001", "95002", "95017"])
def test_what_a_session_refuses_is_explained(code):
    text = CHANNEL.explain(code)
    assert text != CHANNEL.explain("no-such-code")


@pytest.mark.parametrize(
    ("data", "may"), [({"errcode": 0}, True), ({"errcode": 40096}, True), ({"errcode": 48002}, False)]
)
def test_whether_the_app_may_call_is_told_by_asking_for_nobody(data, may):
    assert KFS.probed(ApiAnswer(200, data)) is may
    assert "no-such" in json.dumps(KFS.probe().body)


# Somebody else's reading of the same bytes


def test_the_check_of_the_address_is_answered_as_wechatpy_expects():
    check = KFS.address_check("n1", NOW)
    query = check.request.query
    crypto = WeChatCrypto(TOKEN, KEY, ACCOUNT["corp_id"])
    echo = crypto.check_signature(
        query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
    )
    echo = echo.decode() if isinstance(echo, bytes) else echo
    assert KFS.receive(check.request, NOW).response.body == echo


def test_wechatpy_reads_the_same_signal():
    request = call(signal("ENC7"))
    outer = xml_body.parse(request.body)
    crypto = WeChatCrypto(TOKEN, KEY, ACCOUNT["corp_id"])
    query = request.query
    inner = crypto.decrypt_message(
        f"<xml><ToUserName></ToUserName><Encrypt><![CDATA[{outer['Encrypt']}]]></Encrypt></xml>",
        query["msg_signature"],
        query["timestamp"],
        query["nonce"],
    )
    theirs, ours = xmltodict.parse(inner)["xml"], KFS.receive(request, NOW)
    assert (theirs["Token"], theirs["OpenKfId"]) == (ours.ticket, ours.account) == ("ENC7", KF)
