"""The Official Account: what comes in, what goes out, and wechatpy on the other side."""

import asyncio
import contextlib
import json
import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official_account import (
    APP_ID,
    KEY,
    NOW,
    PLAIN,
    SAFE,
    SAMPLES,
    STAMP,
    SUCCESS,
    THEM,
    TOKEN,
    US,
    plain_push,
    push,
    received,
    sample,
)
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto

from runtime.channels import WebRequest
from runtime.channels._tencent import xml_body
from runtime.channels._tencent.crypto import Envelope, signature
from runtime.channels._text.printable import clean
from runtime.errors import Refused
from runtime.message import Message

TEXT = sample("text")


# What comes in


@dataclass(frozen=True)
class Received:
    id: str
    kind: str
    text: str
    data: dict = field(default_factory=dict)


RECEIVED = [
    Received("text", "text", "你好"),
    Received("menu_text", "text", "退款", {"bizmsgmenuid": "101"}),
    Received("image", "image", "", {"url": "http://mmbiz.qpic.cn/mmbiz_jpg/abc/0", "media_id": "MEDIA_1"}),
    Received("voice", "voice", "今天几点关门", {"media_id": "MEDIA_2", "format": "amr"}),
    Received("voice_unrecognised", "voice", "", {"media_id": "MEDIA_2", "format": "amr"}),
    Received("video", "video", "", {"media_id": "MEDIA_4", "thumb_media_id": "MEDIA_5"}),
    Received("shortvideo", "video", "", {"media_id": "MEDIA_4", "thumb_media_id": "MEDIA_5"}),
    Received(
        "location", "location", "广州市天河区", {"latitude": 23.134521, "longitude": 113.358803, "scale": 20}
    ),
    Received(
        "link",
        "link",
        "茶单\nhttps://example.cn/menu",
        {"title": "茶单", "description": "本季新茶", "url": "https://example.cn/menu"},
    ),
    Received("miniprogrampage", "event", "", {"event": "unsupported", "type": "miniprogrampage"}),
    Received("event_subscribe", "event", "", {"event": "followed", "key": "qrscene_12"}),
    Received("event_unsubscribe", "event", "", {"event": "left", "key": ""}),
    Received("event_scan", "event", "", {"event": "scanned", "key": "12"}),
    Received("event_click", "event", "今日特价", {"event": "menu", "key": "今日特价"}),
]


@pytest.mark.parametrize("case", RECEIVED, ids=lambda case: case.id)
@pytest.mark.parametrize("mode", ["safe", "plain"])
def test_receives(case, mode):
    body = sample(case.id)
    message = received(SAFE, push(body)) if mode == "safe" else received(PLAIN, plain_push(body))
    assert (message.kind, message.text, message.data) == (case.kind, case.text, case.data)
    assert (message.sender, message.at) == (THEM, 1795190400.0)
    assert (
        message.id.startswith("event:") if case.id.startswith("event") else message.id == "25012345678901234"
    )


@pytest.mark.parametrize("name", ["event_view", "event_location", "event_template_sent", "event_scancode"])
def test_an_event_that_shows_nothing_is_acknowledged(name):
    assert received(SAFE, push(sample(name))) == SUCCESS


PHOTOS = (
    "<EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList>{0}{0}</PicList></SendPicsInfo>".format(
        "<item><PicMd5Sum>1b5f7c23b5bf75682a53e7b6d163e185</PicMd5Sum></item>"
    )
)
ARTICLE = (
    "<item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState></item>"
)
MASS = f"""<MsgID>1000001625</MsgID><Status>sendsuccess</Status><TotalCount>100</TotalCount>
<CopyrightCheckResult><Count>8</Count><ResultList>{ARTICLE * 8}</ResultList><CheckState>2</CheckState>
</CopyrightCheckResult>
<ArticleUrlResult><Count>8</Count><ResultList>{ARTICLE * 8}</ResultList></ArticleUrlResult>"""
PUBLISHED = f"""<PublishEventInfo><publish_id>2247483655</publish_id><publish_status>0</publish_status>
<article_id>b5O2</article_id><article_detail><count>8</count>{ARTICLE * 8}</article_detail>
</PublishEventInfo>"""
NOTICE = "<List><TemplateId>T</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
CHECKED = "<detail><errcode>0</errcode><suggest>risky</suggest><prob>90</prob></detail>"
SHOWS_NOTHING = {
    "pic_weixin": PHOTOS,
    "pic_sysphoto": PHOTOS,
    "pic_photo_or_album": PHOTOS,
    "scancode_push": "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>",
    "scancode_waitmsg": "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>",
    "location_select": "<SendLocationInfo><Location_X>23</Location_X><Label>x</Label></SendLocationInfo>",
    "view_miniprogram": "<EventKey>pages/index</EventKey><MenuId>MENUID</MenuId>",
    "PUBLISHJOBFINISH": PUBLISHED,
    "MASSSENDJOBFINISH": MASS,
    "TEMPLATESENDJOBFINISH": "<MsgID>1</MsgID><Status>failed:user block</Status>",
    "subscribe_msg_popup_event": f"<SubscribeMsgPopupEvent>{NOTICE * 3}</SubscribeMsgPopupEvent>",
    "subscribe_msg_sent_event": f"<SubscribeMsgSentEvent>{NOTICE}</SubscribeMsgSentEvent>",
    "wxa_media_check": f"<appid>wx1</appid>{CHECKED * 3}<result><suggest>risky</suggest></result>",
    "user_authorization_revoke": "<OpenID>o1</OpenID><RevokeInfo>1</RevokeInfo>",
    "ShakearoundUserShake": "<AroundBeacons>"
    + "<AroundBeacon><Major>1</Major></AroundBeacon>" * 60
    + "</AroundBeacons>",
    "qualification_verify_success": "<ExpiredTime>1442401156</ExpiredTime>",
    "user-consume.card": "<CardId>p1</CardId>",
}


@pytest.mark.parametrize("name", SHOWS_NOTHING)
def test_what_the_platform_tells_is_acknowledged_however_deep_it_is(name):
    body = re.sub(
        r"<Event>.*</Event>", f"<Event><![CDATA[{name}]]></Event>{SHOWS_NOTHING[name]}", sample("event_view")
    )
    body = re.sub(
        r"<EventKey>.*?</EventKey>(?=.*<EventKey>)|<MenuId>.*?</MenuId>(?=.*<MenuId>)",
        "",
        body,
        flags=re.DOTALL,
    )
    assert received(SAFE, push(body)) == SUCCESS
    assert received(PLAIN, plain_push(body, nonce=name.replace(".", ""))) == SUCCESS


@pytest.mark.parametrize("changed", ["FromUserName", "CreateTime"])
def test_an_event_that_nobody_reads_may_lack_what_nobody_reads(changed):
    body = re.sub(f"<{changed}>.*</{changed}>", f"<{changed}></{changed}>", sample("event_template_sent"))
    assert received(SAFE, push(body)) == SUCCESS


def test_a_notice_of_an_unknown_type_without_an_id_is_acknowledged():
    body = re.sub(r"<MsgId>.*</MsgId>", "", sample("text")).replace("[text]", "[device_event]")
    assert received(SAFE, push(body)) == SUCCESS


@pytest.mark.parametrize(
    "text",
    [
        "【收到不支持的消息类型，暂无法显示】",
        "[收到不支持的消息类型，暂无法显示]",
        "【收到不支持的消息类型】",
        "【暂不支持的消息类型】",
        "「收到不支援的訊息類型，暫時無法顯示」",
        "[Unsupported Message]",
        "[Unsupported message type]",
        " [UNSUPPORTED MESSAGE] ",
    ],
)
def test_a_sticker_is_a_message_that_cannot_be_read(text):
    message = received(SAFE, push(TEXT.replace("你好", text)))
    assert (message.kind, message.text, message.data["event"]) == ("event", "", "unsupported")
    assert message.id == "25012345678901234"


@pytest.mark.parametrize(
    "text",
    [
        "为什么显示【收到不支持的消息类型，暂无法显示】？",
        "[微笑]",
        "Unsupported Message",
        "【收到】不支持的消息",
    ],
)
def test_a_text_about_stickers_is_a_text(text):
    assert received(SAFE, push(TEXT.replace("你好", text))).text == text


def test_a_repeated_event_has_the_same_id_and_another_one_in_the_same_second_has_not():
    click = sample("event_click")
    ids = [received(SAFE, push(body, nonce=nonce)).id for body, nonce in [(click, "1"), (click, "2")]]
    assert ids[0] == ids[1]
    assert received(SAFE, push(click.replace("今日特价", "菜单"))).id != ids[0]
    assert received(SAFE, push(sample("event_scan"))).id != ids[0]


def test_in_compatible_mode_only_the_encrypted_copy_counts():
    clear = "<FromUserName>somebody-else</FromUserName><MsgType>text</MsgType><Content>forged</Content>"
    message = received(SAFE, push(sample("text"), clear=clear))
    assert (message.sender, message.text) == (THEM, "你好")


def test_the_sample_of_the_fact_sheet():
    vectors = json.loads((SAMPLES / "wechat_vectors.json").read_text(encoding="utf-8"))["vectors"]
    given = next(vector for vector in vectors if vector["id"] == "own_oa_safe_text_in")
    names = ("signature", "msg_signature", "timestamp", "nonce", "openid", "encrypt_type")
    request = WebRequest(
        "POST", {name: given["input"][name] for name in names}, given["input"]["body"].encode()
    )
    assert received(SAFE, request) == Message(
        "25012345678901234", THEM, given["expect"]["fields"]["Content"], at=1795190400.0
    )


# What goes out

MESSAGE = Message("1", THEM, "你好")
EVIL = "收到]]></Content><MsgType><![CDATA[news]]></MsgType>"


@pytest.mark.parametrize(
    "text", ["收到：你好\n第二行", EVIL, '<a href="https://a.cn">官网</a> 3 < 4 & 5', "a\x00\x0b\ufffeb"]
)
def test_wechatpy_reads_our_encrypted_reply(text):
    reply = xml_body.parse(SAFE.respond(MESSAGE, text, NOW).body.encode())
    crypto = WeChatCrypto(TOKEN, KEY, APP_ID)
    envelope = f"<xml><ToUserName></ToUserName><Encrypt>{reply['Encrypt']}</Encrypt></xml>"
    opened = crypto.decrypt_message(envelope, reply["MsgSignature"], reply["TimeStamp"], reply["Nonce"])
    assert parse_message(opened).content == clean(text)


@given(st.text(min_size=1), st.text())
@settings(max_examples=200)
def test_a_plain_reply_says_what_was_meant_and_nothing_else(text, sender):
    response = PLAIN.respond(Message("1", sender, ""), text, NOW)
    if response == SUCCESS:
        assert not clean(text).strip()
        return
    assert xml_body.parse(response.body.encode()) == {
        "ToUserName": clean(sender),
        "FromUserName": US,
        "CreateTime": STAMP,
        "MsgType": "text",
        "Content": clean(text),
    }


def test_every_encrypted_reply_has_its_own_nonce():
    nonces = {xml_body.parse(SAFE.respond(MESSAGE, "好", NOW).body.encode())["Nonce"] for _ in range(5)}
    assert len(nonces) == 5


def test_a_reply_without_words_is_only_an_acknowledgement():
    assert SAFE.respond(MESSAGE, " \x00\n", NOW) == SAFE.acknowledge() == SUCCESS


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1))
@settings(max_examples=100)
def test_we_read_what_wechatpy_encrypts(text):
    body = xml_body.build(xml_body.parse(TEXT.encode()) | {"Content": text})
    sealed = WeChatCrypto(TOKEN, KEY, APP_ID).encrypt_message(body, "nonce1", STAMP)
    proof = xml_body.parse(re.sub(r"\s*\n\s*", "", sealed).encode())["MsgSignature"]
    query = {"timestamp": STAMP, "nonce": "nonce1", "encrypt_type": "aes", "msg_signature": proof}
    assert received(SAFE, WebRequest("POST", query, sealed.encode())).text == text


def test_when_the_console_is_set_to_json_both_ways_are_json():
    fields = {**xml_body.parse(TEXT.encode()), "CreateTime": 1795190400, "MsgId": 25012345678901234}
    message = received(SAFE, push(json.dumps(fields)))
    assert (message.text, message.id) == ("你好", "25012345678901234")
    reply = json.loads(SAFE.respond(message, "收到", NOW).body)
    assert json.loads(Envelope(KEY, APP_ID).open(reply["Encrypt"])) == {
        "ToUserName": THEM,
        "FromUserName": US,
        "CreateTime": 1795190400,
        "MsgType": "text",
        "Content": "收到",
    }
    assert reply["MsgSignature"] == signature(
        TOKEN, str(reply["TimeStamp"]), reply["Nonce"], reply["Encrypt"]
    )


def test_half_a_character_in_a_json_message_can_be_stored_and_answered():
    fields = {**xml_body.parse(TEXT.encode()), "Content": "茶\ud83d", "CreateTime": 1795190400}
    message = received(SAFE, push(json.dumps(fields)))
    assert message.text == "茶\ufffd"
    assert SAFE.respond(message, message.text, NOW).body.encode()


@pytest.mark.parametrize(
    "more",
    [
        '"x": ' + "[" * 100_000 + "]" * 100_000,
        '"x": [' + "[]," * 300_000 + "1]",
        '"x": ' + "9" * 900_000,
        '"x": "' + '\\"' * 400_000,
        '"MsgType": "text"',
        ",".join(f'"a{i}": 1' for i in range(50_000)),
    ],
    ids=["deep", "bomb", "long number", "quotes", "twice", "names"],
)
async def test_a_hostile_json_message_is_refused_and_holds_nobody_up(more, stall):
    body = json.dumps(xml_body.parse(TEXT.encode()))[:-1] + ", " + more + "}"
    async with stall() as longest:
        with contextlib.suppress(Refused):
            SAFE.receive(push(body), NOW)
        await asyncio.sleep(0.001)
    assert longest() < 0.2


def test_an_answer_is_rendered_in_parts_that_wechat_takes():
    parts = SAFE.render("# 菜单\n\n" + "\n\n".join(f"**第 {n} 道**：" + "茶" * 300 for n in range(5)))
    assert parts[0].startswith("【菜单】\n\n第 0 道：茶")
    assert len(parts) == 3
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert SAFE.render(" \n\n ") == []
