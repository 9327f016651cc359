"""A WeCom app: what its owner may enter, how a reply reads on the other side, what a part becomes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from wechatpy.enterprise.exceptions import InvalidCorpIdException
from wechatpy.enterprise.parser import parse_message
from wecom import CORP, KEY, MEMBER, NOW, event, message, opened, push, text
from wecom_app_table import ACCOUNT, channel

from runtime.channels import ApiAnswer, Shown, WebRequest
from runtime.channels._tencent import marked, xml_body
from runtime.channels.wecom_app import CHANNEL
from runtime.errors import Refused, SendFailed
from runtime.schema import first_problem

APP = channel()
NOTHING = ["", "  ", None, "None"]
WRONG = [
    *((name, value) for name in ACCOUNT for value in NOTHING),
    ("corp_id", "wxxxxxxxxxxxxxxxxx"),
    ("corp_id", "your_corp_id"),
    ("corp_id", "gh_0123456789ab"),
    ("agent_id", "agent_id"),
    ("agent_id", "1000002a"),
    ("agent_id", "0" * 13),
    ("secret", "请填写Secret"),
    ("secret", "changeme"),
    ("secret", "short"),
    ("secret", "a" * 20 + " " + "b" * 20),
    ("token", "yourtoken"),
    ("token", "a" * 33),
    ("encoding_aes_key", KEY[:-1]),
    ("encoding_aes_key", KEY + "a"),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name} {value!r}" for name, value in WRONG])
def test_wrong_settings_name_the_field_and_show_no_value(name, value):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{**ACCOUNT, name: value})
    problem = first_problem(error.value)
    assert problem.field == name
    assert value in NOTHING or str(value) not in str(problem.text)


@pytest.mark.parametrize("name", ACCOUNT)
def test_a_missing_setting_is_named(name):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{key: value for key, value in ACCOUNT.items() if key != name})
    assert first_problem(error.value).field == name


def test_an_app_of_an_older_enterprise_whose_id_begins_with_wx_is_one():
    assert channel(corp_id=" wx5823bf96d3bd56c7 ").settings.corp_id == "wx5823bf96d3bd56c7"


# The other side reads what we answer, and we read what it sends


def came(body=None, **how):
    [one] = APP.receive(push(text() if body is None else body, **how), NOW).messages
    return one


def test_a_reply_is_what_the_other_side_expects():
    reply = opened(APP.respond(came(), "好 ]]></Content><x>\n**粗**", NOW))
    fields = xml_body.parse(reply)
    assert (fields["ToUserName"], fields["FromUserName"]) == (MEMBER, CORP)
    assert (fields["MsgType"], fields["Content"]) == ("text", "好 ]]></Content><x>\n粗")


def test_a_reply_with_a_picture_and_with_a_card():
    assert b"<MediaId><![CDATA[M9]]></MediaId>" in opened(
        APP.respond_media(came(), Shown("image", {"media_id": "M9"}), NOW)
    )
    card = Shown("news", {"title": "新茶", "url": "https://a.example/?a=1&b=2"})
    assert b"<ArticleCount>1</ArticleCount>" in opened(APP.respond_media(came(), card, NOW))


MESSAGES = [
    ("text", text("你好"), {"content": "你好"}),
    (
        "voice",
        message("voice", "<MediaId><![CDATA[M1]]></MediaId><Format>amr</Format><MsgId>1</MsgId>"),
        {"media_id": "M1"},
    ),
    (
        "location",
        message(
            "location",
            "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale>"
            "<Label><![CDATA[门店]]></Label><AppType>wxwork</AppType><MsgId>1</MsgId>",
        ),
        {"label": "门店"},
    ),
]


@pytest.mark.parametrize(("kind", "body", "theirs"), MESSAGES, ids=[row[0] for row in MESSAGES])
def test_a_message_reads_as_wechatpy_reads_it(kind, body, theirs):
    ours, other = came(body), parse_message(body)
    assert (ours.kind, ours.sender, ours.id) == (kind, other.source, str(other.id))
    for name, value in theirs.items():
        assert getattr(other, name) == value
        assert value in (ours.text, ours.data.get(name))


EVENTS = [
    ("subscribe", "followed"),
    ("unsubscribe", "left"),
    ("enter_agent", "opened"),
    ("click", "menu"),
    ("CLICK", "menu"),
    ("template_card_menu_event", "menu"),
]


@pytest.mark.parametrize(("name", "shared"), EVENTS)
def test_an_event_has_the_name_that_all_channels_share(name, shared):
    one = came(event(name, "<EventKey><![CDATA[k]]></EventKey>"))
    assert (one.data["event"], one.text) == (shared, "k" if shared == "menu" else "")


@pytest.mark.parametrize(
    "name",
    ["LOCATION", "view", "view_miniprogram", "scancode_push", "pic_weixin", "location_select", "no_such"],
)
def test_an_event_that_shows_nothing_is_acknowledged_whatever_is_in_it(name):
    arrivals = APP.receive(push(event(name, "<ScanCodeInfo><a>1</a></ScanCodeInfo>", sender="系统")), NOW)
    assert (arrivals.messages, arrivals.response, arrivals.notice) == ((), APP.acknowledge(), None)


@pytest.mark.parametrize(
    ("name", "is_well", "says"),
    [
        ("inactive_alert", False, "will be closed"),
        ("low_active_warning", False, "will be closed"),
        ("close_inactive_agent", False, "has closed"),
        ("reopen_inactive_agent", True, "again"),
    ],
)
def test_the_owner_is_told_that_hardly_anybody_uses_the_app(name, is_well, says):
    notice = APP.receive(push(event(name, sender="sys")), NOW).notice
    assert notice.is_well == is_well
    assert says in notice.text.en
    assert notice.text.zh


def test_the_same_button_of_two_cards_is_two_events_and_of_one_card_one():
    def tapped(task):
        fields = f"<EventKey>yes</EventKey><TaskId>{task}</TaskId><ResponseCode>R{task}</ResponseCode>"
        return came(event("template_card_event", fields)).id

    assert tapped("a") == tapped("a") != tapped("b")


def test_what_is_sealed_for_another_enterprise_neither_side_opens():
    request = push(text(), receive_id="ww0000000000000000")
    with pytest.raises(Refused):
        APP.receive(request, NOW)
    with pytest.raises(InvalidCorpIdException):
        opened(channel(corp_id="ww0000000000000000").respond(came(), "好", NOW))


@pytest.mark.parametrize("body", [b"", b"<xml>", b"{}", b"<xml><Encrypt>a</Encrypt></xml>", b"\xff" * 100])
def test_a_body_that_is_none_is_refused(body):
    with pytest.raises(Refused):
        APP.receive(WebRequest("POST", {}, body), NOW)


# Out


def test_the_same_words_in_another_answer_are_not_taken_for_a_repeat():
    app = channel()
    first, again, another = (app.push("好", MEMBER, key) for key in ("k1", "k1", "k2"))
    checks = [request.body["enable_duplicate_check"] for request in (first, again, another)]
    assert checks == [1, 1, 0]
    assert app.push("好", "lisi", "k3").body["enable_duplicate_check"] == 1


def test_without_markdown_everything_is_text():
    body = channel(markdown=False).push("# 标题\n> **引**", MEMBER, "k").body
    assert body["text"] == {"content": "标题\n> 引"}


def test_an_app_that_was_switched_off_is_explained():
    with pytest.raises(SendFailed) as failed:
        APP.probed(ApiAnswer(200, {"errcode": 0, "close": 1}))
    assert "停用" in failed.value.text.zh
    assert failed.value.code in APP.codes.blocking
    assert APP.probed(ApiAnswer(200, {"errcode": 0, "close": 0}))
    assert APP.probed(ApiAnswer(200, {"errcode": 48002})) is False


MARKDOWN = [
    ("# 标题 #", "# 标题"),
    ("### **三级**", "### 三级"),
    ("**粗** *斜* ***两样***", "**粗** 斜 **两样**"),
    ("- 一\n- **二**", "• 一\n• **二**"),
    ("> 引用\n>> 深", "> 引用\n> 深"),
    ("`代码` ``a`b``", "`代码` a`b"),
    ("```py\n# 注释\nx = 1\n\n```", "`# 注释`\n`x = 1`"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "• a: 1; b: 2"),
    ("[看](https://a.example/x)", "[看](https://a.example/x)"),
    ("[https://a.example](https://a.example)", "https://a.example"),
    ("![图](https://a.example/x.png)", "图（https://a.example/x.png）"),
    ('<font color="warning">急</font> <font color="#f00">红</font>', '<font color="warning">急</font> 红'),
    ('<a href="https://a.example/">看</a>', "[看](https://a.example/)"),
    ("138****1234 2*3*4", "138****1234 2*3*4"),
]


@pytest.mark.parametrize(("markdown", "shown"), MARKDOWN, ids=[row[0][:20] for row in MARKDOWN])
def test_what_is_left_of_markdown(markdown, shown):
    assert CHANNEL.render(markdown) == [shown]


def test_what_is_bold_in_a_line_that_is_cut_is_bold_in_both_halves():
    first, second = marked.parts("**" + "字" * 900 + "**", 2000)
    assert (first.count("**"), second.count("**")) == (2, 2)
    assert marked.plain(first + second, 9000) == "字" * 900


@settings(max_examples=150)
@given(st.text(alphabet="字a*`#>[]()<ahref=\"'/ \n|-_~!\\&;$", max_size=3000))
def test_no_part_is_too_long_marked_or_plain_and_no_typed_link_works(markdown):
    for part in CHANNEL.render(markdown):
        assert len(part.encode()) <= 2048
        assert len(marked.plain(part, 2048).encode()) <= 2048
        assert "<a h" not in marked.plain(part, 2048).lower()
