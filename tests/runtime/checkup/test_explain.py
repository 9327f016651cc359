"""Whatever somebody pastes is explained: each code of the error lists, each symptom that users report."""

import pytest

from runtime.channels import registry
from runtime.checkup.explain import codes, explain, request_id
from runtime.checkup.sentences import in_two
from runtime.lang import NOTHING, Text

OFFICIAL_ACCOUNT = """-1 40001 40003 40013 40014 42001 40029 40033 40164 61004 40200 40226 40243 41001 43004
43019 43104 43302 40129 44002 44004 45002 45008 45009 45011 45015 45047 45072 45080 45081 47001 48001 48002
48004 50002 87014"""
CRYPTO = "-40001 -40002 -40003 -40004 -40005 -40006 -40007 -40008 -40009 -40010 -40011"
FEISHU = "230002 230020 99991400 99991663 99991672"


def knows(code):
    [first, *_] = explain(code)
    return first.check == code


@pytest.mark.parametrize("code", f"{OFFICIAL_ACCOUNT} {CRYPTO} {FEISHU}".split())
def test_every_code_has_its_sentence(code):
    assert knows(code)
    assert all(one.says.zh and one.says.en for one in explain(code))


REPORTED = [
    ("Token验证失败", "token_verification"),
    ("console says: token verification failed", "token_verification"),
    ("后台显示成功，微信里没有回复", "verified_but_silent"),
    ("该公众号暂时无法提供服务，请稍后再试", "service_unavailable"),
    ("同一句话回复了三次", "answered_three_times"),
    ("有时报 40001", "random_40001"),
    ("云函数里 40164，出口 IP 一直在变", "moving_address"),
    ("48001 api unauthorized on custom/send", "unverified_push"),
    ("用户刚点过菜单，还是 45015", "tap_is_no_message"),
    ("45047 after a long answer", "too_many_parts"),
    ("菜单不见了", "menu_vanished"),
    ("the menu vanished", "menu_vanished"),
    ("中文显示成 \\u4f60\\u597d", "escaped_chinese"),
    ("60020 not allow to access from your ip", "untrusted_address"),
    ("企业微信说域名没有备案", "unfiled_domain"),
    ("markdown 原样显示了星号", "raw_markdown"),
    ("机器人的气泡一直转圈", "bubble_spins"),
    ("the bot's content repeats", "content_jumps"),
    ("长连接老是断开重连", "connection_flaps"),
    ("机器人加不进客户群", "bot_internal_only"),
    ("微信客服漏消息", "kf_lost"),
    ("95018", "kf_state"),
    ("客服接口 60011 没有权限", "kf_permission"),
    ("小程序真机 request 失败", "mini_program_on_phone"),
    ("stream shows \ufffd", "broken_characters"),
    ("msgSecCheck 总是通过", "check_passes_all"),
    ("iLink errcode -14", "ilink_session"),
    ("个人微信发了 10 条就停了", "ilink_stops"),
    ("钉钉机器人没反应", "dingtalk_silent"),
    ("Forbidden.AccessDenied.AccessTokenPermissionDenied", "dingtalk_card"),
    ("errcode=300001 errmsg=session 不存在", "dingtalk_session"),
    ("飞书机器人收不到消息", "feishu_silent"),
    ("保存时提示应用未建立长连接", "feishu_no_connection"),
    ("need scope cardkit:card:write", "feishu_card"),
    ("Conflict: terminated by other getUpdates request", "telegram_conflict"),
    ("Telegram 401 Unauthorized", "telegram_unauthorized"),
    ("bad webhook: Webhook can be set up only on ports 80, 88, 443", "telegram_port"),
    ("Telegram 群里机器人不回", "telegram_silent_in_groups"),
    ("聊天按钮不显示", "widget_not_shown"),
    ("No 'Access-Control-Allow-Origin' header is present", "widget_origin"),
    ("Mixed Content: the page was loaded over HTTPS", "widget_mixed"),
    ("WebSocket connection to 'wss://bot.example/' failed", "widget_socket"),
    ("身份说明不能用", "widget_member"),
    ("401 invalid signature", "webhook_signature"),
    ("WhatsApp 收不到消息", "whatsapp_nothing_comes"),
    ("131047 Re-engagement message", "whatsapp_window"),
    ("Error validating access token: Session has expired", "whatsapp_token"),
    ("131030 Recipient phone number not in allowed list", "whatsapp_test_number"),
    ("WhatsApp signature mismatch", "whatsapp_signature"),
    ("WhatsApp KeyError 'from'", "whatsapp_from"),
    ("XMPP: OMEMO message", "xmpp_encrypted"),
    ("MQTT device: no answer on its topic", "mqtt_no_answer"),
    ("mqtt connection refused: not authorised", "mqtt_refused"),
    ("EXAMINE Unsafe Login. Please contact kefu@188.com", "email_unsafe_login"),
    ("535 Error: authentication failed", "email_login"),
    ("e-mail is not answered", "email_not_answered"),
    ("554 DT:SPM: 邮件被当成垃圾", "email_spam"),
]


@pytest.mark.parametrize(("pasted", "symptom"), REPORTED)
def test_what_users_report_is_explained(pasted, symptom):
    assert symptom in [one.check for one in explain(pasted)]


def test_every_symptom_is_reported_here_and_says_what_to_do():
    symptoms = [one for kind in registry().values() for one in kind.symptoms]
    assert {one.id for one in symptoms} == {symptom for _, symptom in REPORTED}
    for one in symptoms:
        says, do = in_two(one.hint)
        assert do != NOTHING, one.id
        assert all(said.endswith(("。", "）", ".", ")")) for said in (says.zh, do.zh, says.en, do.en)), one.id


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ('{"errcode":40164,"errmsg":"invalid ip 1.2.3.4 rid: 5f3c1a2b-0a1b2c3d-11223344"}', ["40164"]),
        ("错误码：-1", ["-1"]),
        ("40001 and then 48001", ["40001", "48001"]),
        ("port 8080, 192.168.1.10, 2026-11-29", []),
        ("signature", ["signature"]),
        ("", []),
    ],
)
def test_codes_are_found_in_what_stands_around_them(pasted, found):
    assert codes(pasted) == found


def test_the_id_of_a_call_is_known_and_told_how_to_look_up():
    rid = "5f3c1a2b-0a1b2c3d-11223344"
    assert request_id(f"errmsg: x rid: {rid}") == rid
    [found] = explain(f"rid: {rid}")
    assert rid in found.do.zh


@pytest.mark.parametrize(
    "pasted", ["", "hello", "99999999", "<script>alert(1)</script>", "x" * 100_000, "\0\ud800"]
)
def test_what_nobody_knows_is_said_to_be_unknown(pasted):
    [found] = explain(pasted)
    assert found.check == "unknown"
    assert len(found.says.zh) < 200


def test_a_sentence_is_cut_in_two_only_where_both_languages_have_two():
    says, do = in_two(Text("不对（1.2）。请改。", "Wrong, v1.2 of it. Mend it, e.g. now."))
    assert (says.zh, do.zh, says.en, do.en) == (
        "不对（1.2）。",
        "请改。",
        "Wrong, v1.2 of it.",
        "Mend it, e.g. now.",
    )
    whole = Text("不对。请改。", "Wrong")
    assert in_two(whole) == (whole, NOTHING)
