"""What qyapi.weixin.qq.com and the callbacks of a WeCom app say."""

from tables import (
    Answered,
    Asked,
    Got,
    Incoming,
    MediaPushed,
    Offered,
    Outgoing,
    Put,
    Settled,
    Tables,
    Tapped,
)
from wecom import AGENT, CORP, KEY, MEMBER, NOW, SECRET, TOKEN, event, message, push, text

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown, WebRequest
from runtime.channels.wecom_app import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

ACCOUNT = {
    "corp_id": CORP,
    "agent_id": AGENT,
    "secret": SECRET,
    "token": TOKEN,
    "encoding_aes_key": KEY,
}
AT = 1795190400.0
ID = "7239441234567890123"


def channel(**changes):
    return CHANNEL(CHANNEL.Settings(**{**ACCOUNT, **changes}))


def sent(kind, content):
    body = {"touser": MEMBER, "msgtype": kind, "agentid": 1000002, kind: content}
    return ApiRequest(
        "/cgi-bin/message/send", {**body, "enable_duplicate_check": 1, "duplicate_check_interval": 300}
    )


def came(kind, **data):
    return Message(ID, MEMBER, "", kind, AT, data)


PICTURE = (
    f"<PicUrl><![CDATA[http://p.qpic.cn/1]]></PicUrl><MediaId><![CDATA[M1]]></MediaId><MsgId>{ID}</MsgId>"
)
CARD = (
    "<EventKey><![CDATA[yes]]></EventKey><TaskId><![CDATA[t7]]></TaskId>"
    "<CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[R1]]></ResponseCode>"
    "<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey></SelectedItem></SelectedItems>"
)
OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
BUTTONS = {
    "card_type": "button_interaction",
    "main_title": {"title": "要什么？"},
    "button_list": [
        {"text": "查订单", "style": 1, "key": "orders"},
        {"text": "人工", "style": 1, "key": "转人工"},
    ],
    "task_id": "k1",
}
TAP = Message(
    ID, MEMBER, "orders", "event", AT, {"event": "menu", "task": "k1"}, handle={"response_code": "R1"}
)


def settled(words):
    told = {"userids": [MEMBER], "agentid": 1000002, "response_code": "R1", "button": {"replace_name": words}}
    return ApiRequest("/cgi-bin/message/update_template_card", told)


ARTICLE = {"title": "新茶", "description": "明前", "url": "https://a.example/", "picurl": ""}


def seen(users):
    """What agent/get says of the visible range."""
    nobody = {"allow_partys": {"partyid": []}, "allow_tags": {"tagid": []}}
    return {"errcode": 0, "allow_userinfos": {"user": users}, **nobody}


DECIDED = "✓ 同意（li）"
SENT_OK = {"errcode": 0, "errmsg": "ok", "msgid": "m1"}
TABLES = Tables(
    channel(),
    calls=r"<@",
    now=NOW,
    to=MEMBER,
    secrets=(TOKEN, KEY, SECRET),
    incoming=[
        Incoming("a text", push(text()), [Message(ID, MEMBER, "你好", at=AT)]),
        Incoming(
            "a picture",
            push(message("image", PICTURE)),
            [came("image", url="http://p.qpic.cn/1", media_id="M1")],
        ),
        Incoming(
            "a menu's button",
            push(event("click", "<EventKey><![CDATA[报销]]></EventKey>")),
            [
                Message(
                    "event:9004575f746423132b75567bfdb8cabe",
                    MEMBER,
                    "报销",
                    "event",
                    AT,
                    {"event": "menu", "key": "报销"},
                )
            ],
        ),
        Incoming(
            "a card's button",
            push(event("template_card_event", CARD)),
            [
                Message(
                    "event:38ae9c1e8fa672b2bfbcc7de55c6b391",
                    MEMBER,
                    "yes",
                    "event",
                    AT,
                    {"event": "menu", "key": "yes", "task": "t7"},
                    {"response_code": "R1"},
                )
            ],
        ),
        Incoming("an event that shows nothing", push(event("LOCATION", "<Latitude>1.5</Latitude>"))),
        Incoming("one for the owner", push(event("inactive_alert", sender="sys"))),
        Incoming("a forged body", push(text(), token="another"), refused="signature"),
        Incoming("an old one", push(text(), timestamp="1795180000"), refused="stale"),
        Incoming("another enterprise's", push(text(), receive_id="ww0000000000000000"), refused="receive_id"),
        Incoming(
            "another key", push(text(), key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), refused="decrypt"
        ),
        Incoming("another app's", push(text(agent="1000009")), refused="account"),
        Incoming("several receivers as a sender", push(text(sender="a|@all")), refused="malformed"),
        Incoming("all as a sender", push(text(sender="@all")), refused="malformed"),
        Incoming("no XML", push("<xml"), refused="malformed"),
        Incoming("in the clear", WebRequest("POST", {}, text().encode()), refused="downgrade"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
        Incoming("too large", WebRequest("POST", {}, b" " * 2**21), refused="too_large"),
    ],
    outgoing=[
        Outgoing("a text", "你好", sent("text", {"content": "你好"})),
        Outgoing("with marks", "# 标题\n**粗**", sent("markdown", {"content": "# 标题\n**粗**"})),
        Outgoing(
            "a link alone needs no marks",
            "[看](https://a.example/)",
            sent("text", {"content": '<a href="https://a.example/">看</a>'}),
        ),
        Outgoing("what XML forbids is left out", "你\0好", sent("text", {"content": "你好"})),
    ],
    answered=[
        Answered("taken", {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m1"}),
        Answered("to nobody, though it says ok", {"errcode": 0, "invaliduser": MEMBER}, "invaliduser"),
        Answered("without a licence", {"errcode": 0, "unlicenseduser": MEMBER}, "unlicenseduser"),
        Answered("all are invalid", {"errcode": 81013}, "81013"),
        Answered("busy", {"errcode": -1}, "-1"),
        Answered("an old token", {"errcode": 42001}, "42001"),
        Answered("not trusted", {"errcode": 60020, "errmsg": "from ip: 203.0.113.7, more"}, "60020"),
        Answered("too often", {"errcode": 45009}, "45009"),
        Answered("another app's Secret", {"errcode": 301002}, "301002"),
        Answered("nothing said", {}, "uncertain"),
    ],
    got=[
        Got(
            "a picture",
            came("image", url="http://p.qpic.cn/1", media_id="M1"),
            [
                (
                    ApiRequest("/cgi-bin/media/get", query={"media_id": "M1"}, most=10_000_000),
                    ApiAnswer(200, {}, b"JPEG"),
                )
            ],
            b"JPEG",
        ),
        Got(
            "one that is gone",
            came("voice", media_id="M1", format="amr"),
            [
                (
                    ApiRequest("/cgi-bin/media/get", query={"media_id": "M1"}, most=2_000_000),
                    ApiAnswer(200, {"errcode": 40007, "errmsg": "invalid media_id"}),
                )
            ],
            code="40007",
        ),
    ],
    put=[
        Put(
            "a picture",
            Media("image", "image/png", b"PNG", "media.png"),
            [
                (
                    ApiRequest(
                        "/cgi-bin/media/upload",
                        query={"type": "image"},
                        upload=FormFile("media", "media.png", b"PNG", "image/png"),
                    ),
                    ApiAnswer(200, {"errcode": 0, "errmsg": "", "type": "image", "media_id": "M9"}),
                )
            ],
            {"media_id": "M9"},
        ),
        Put(
            "a picture that is refused",
            Media("image", "image/png", b"PNG", "media.png"),
            [
                (
                    ApiRequest(
                        "/cgi-bin/media/upload",
                        query={"type": "image"},
                        upload=FormFile("media", "media.png", b"PNG", "image/png"),
                    ),
                    ApiAnswer(200, {"errcode": 60020, "errmsg": "from ip: 203.0.113.7"}),
                )
            ],
            code="60020",
        ),
    ],
    media_pushed=[
        MediaPushed("a picture", Shown("image", {"media_id": "M9"}), sent("image", {"media_id": "M9"})),
        MediaPushed("a voice", Shown("voice", {"media_id": "M9"}), sent("voice", {"media_id": "M9"})),
        MediaPushed("a file", Shown("file", {"media_id": "M9"}), sent("file", {"media_id": "M9"})),
        MediaPushed(
            "a video",
            Shown("video", {"media_id": "M9"}, "开箱"),
            sent("video", {"media_id": "M9", "title": "开箱", "description": ""}),
        ),
        MediaPushed(
            "a card",
            Shown("news", {"title": "新茶", "url": "https://a.example/", "description": "明前"}),
            sent("news", {"articles": [ARTICLE]}),
        ),
    ],
    asked=[
        Asked("somebody", "visible", seen([{"userid": MEMBER}]), True, says="members"),
        Asked("nobody", "visible", seen([]), False, says="nobody"),
        Asked("not told", "visible", {"errcode": 0}, None, says="does not say"),
        Asked("a wrong AgentId", "visible", {"errcode": 40056}, code="40056"),
    ],
    offered=[Offered("a card", OFFER, sent("template_card", BUTTONS))],
    tapped=[
        Tapped("on a card that is known", TAP, OFFER, settled("✓ 查订单")),
        Tapped("on one that is not", TAP, None, settled("✓")),
        Tapped("a menu's button", Message(ID, MEMBER, "报销", "event", AT, {"event": "menu"}), None, None),
    ],
    settled=[
        Settled(
            "a card",
            ApiAnswer(200, {**SENT_OK, "response_code": "R1"}),
            DECIDED,
            settled(DECIDED),
        ),
        Settled("without a code", ApiAnswer(200, SENT_OK), "✓", None),
    ],
    stranger=({"errcode": 60020, "errmsg": "not allow, from ip: 203.0.113.7, more info at"}, "203.0.113.7"),
)
