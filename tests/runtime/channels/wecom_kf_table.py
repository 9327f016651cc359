"""What qyapi.weixin.qq.com and the callbacks of a customer-service account say."""

from customer_service import KEY, KF, NOW, SECRET, THEM, TOKEN, call, channel, item, page, signal
from tables import Answered, Asked, Got, Incoming, MediaPushed, Offered, Outgoing, Put, Tables

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Media, Shown, WebRequest
from runtime.choices import Choice, Choices
from runtime.message import Message

CHANNEL = channel()
TICKET = "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR"
TYPES = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4", "file": "application/pdf"}
MOST = {"image": 10_000_000, "voice": 2_000_000, "video": 20_000_000, "file": 20_000_000}


def sent(kind, inner, key="k1"):
    return ApiRequest(
        "/cgi-bin/kf/send_msg", {"touser": THEM, "open_kfid": KF, "msgid": key, "msgtype": kind, kind: inner}
    )


def picture(kind):
    [message] = CHANNEL.page(page(item(kind, {"media_id": "M1"}))).messages
    return message


def asks(kind, answer):
    return [(ApiRequest("/cgi-bin/media/get", query={"media_id": "M1"}, most=MOST[kind]), answer)]


def puts(kind, answer):
    form = FormFile("media", "media", b"12345678", TYPES[kind])
    return [(ApiRequest("/cgi-bin/media/upload", query={"type": kind}, upload=form), ApiAnswer(200, answer))]


def listed(kf, **more):
    account = {"open_kfid": kf, "name": "茶铺", "avatar": "", **more}
    return {"errcode": 0, "errmsg": "ok", "account_list": [account]}


def menu(head, *items):
    listed = [{"type": "click", "click": {"id": id, "content": words}} for words, id in items]
    return {"head_content": head, "list": listed}


OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
OFFERED = menu("要什么？", ("查订单", "orders"), ("人工", "转人工"))
TABLES = Tables(
    CHANNEL,
    now=NOW,
    to=THEM,
    secrets=(TOKEN, KEY, SECRET),
    incoming=[
        Incoming("messages wait", call(signal()), signal=True, ticket=TICKET, account=KF),
        Incoming(
            "another account's", call(signal(kf="wkOther")), signal=True, ticket=TICKET, account="wkOther"
        ),
        Incoming("an event of the app's", call(signal(event="subscribe"))),
        Incoming("a forged one", call(signal(), token="another"), refused="signature"),
        Incoming("another key", call(signal(), key=KEY[::-1]), refused="decrypt"),
        Incoming("an old one", call(signal(), timestamp="1795180000"), refused="stale"),
        Incoming(
            "another enterprise's", call(signal(), receive_id="wwffffffffffffffff"), refused="receive_id"
        ),
        Incoming("to another enterprise", call(signal(to="wwffffffffffffffff")), refused="account"),
        Incoming("no XML", call("<xml"), refused="malformed"),
        Incoming("a ticket without end", call(signal("E" * 2000)), refused="malformed"),
        Incoming("in the clear", WebRequest("POST", {}, signal().encode()), refused="downgrade"),
        Incoming("another method", WebRequest("PUT", {}), refused="method"),
        Incoming("too large", WebRequest("POST", {}, b" " * 2**21), refused="too_large"),
    ],
    outgoing=[
        Outgoing("a text", "你好", sent("text", {"content": "你好"})),
        Outgoing("what nobody can print is left out", "你\0好", sent("text", {"content": "你好"})),
        Outgoing(
            "our own invitation",
            "后面还有\n看回答（menu:看回答）",
            sent("msgmenu", menu("后面还有", ("看回答", "看回答"))),
        ),
        Outgoing(
            "one without a question is text",
            "查订单（menu:查订单）",
            sent("text", {"content": "查订单（menu:查订单）"}),
        ),
    ],
    offered=[
        Offered("a menu", OFFER, sent("msgmenu", OFFERED)),
        Offered(
            "a welcome",
            OFFER,
            ApiRequest(
                "/cgi-bin/kf/send_msg_on_event",
                {"code": "W1", "msgid": "k1", "msgtype": "msgmenu", "msgmenu": OFFERED},
            ),
            greeting=Message("E1", THEM, "", "event", NOW, {"event": "opened", "welcome": "W1"}),
        ),
    ],
    answered=[
        Answered("taken", {"errcode": 0, "errmsg": "ok", "msgid": "k1"}),
        Answered("busy", {"errcode": -1}, "-1"),
        Answered("an old token", {"errcode": 42001}, "42001"),
        Answered("five were sent", {"errcode": 95001}, "95001"),
        Answered("after 48 hours", {"errcode": 95002}, "95002"),
        Answered("with a human", {"errcode": 95018}, "95018"),
        Answered("may not call", {"errcode": 48002}, "48002"),
        Answered("no such account", {"errcode": 95004}, "95004"),
        Answered("nothing said", {}, "uncertain"),
    ],
    got=[
        *(Got(kind, picture(kind), asks(kind, ApiAnswer(200, {}, b"bytes")), b"bytes") for kind in TYPES),
        Got(
            "no more there", picture("image"), asks("image", ApiAnswer(200, {"errcode": 40007})), code="40007"
        ),
    ],
    put=[
        *(
            Put(
                kind,
                Media(kind, type, b"12345678"),
                puts(kind, {"errcode": 0, "media_id": "U1"}),
                {"media_id": "U1"},
            )
            for kind, type in TYPES.items()
        ),
        Put(
            "too large",
            Media("image", "image/png", b"12345678"),
            puts("image", {"errcode": 40009}),
            code="40009",
        ),
    ],
    media_pushed=[
        MediaPushed(kind, Shown(kind, {"media_id": "U1"}), sent(kind, {"media_id": "U1"})) for kind in TYPES
    ],
    identified=[
        (
            {"errcode": 0, "customer_list": [{"external_userid": "x", "unionid": "o6_bmasdasdsad6_2sgVt"}]},
            "o6_bmasdasdsad6_2sgVt",
        ),
        ({"errcode": 0, "customer_list": [{"external_userid": "x"}]}, ""),
        ({"errcode": 0, "customer_list": [], "invalid_external_userid": ["x"]}, ""),
        ({"errcode": 0, "customer_list": [{"unionid": {"$gt": ""}}]}, ""),
        ({"errcode": 48002, "errmsg": "no"}, "!48002"),
    ],
    asked=[
        Asked("ours", "kf_account", listed(KF), True, says="茶铺"),
        Asked("another's", "kf_account", listed("wkOther"), False, says=KF),
        Asked("not managed", "kf_account", listed(KF, manage_privilege=False), False, says=KF),
        Asked("may not call", "kf_account", {"errcode": 48002}, code="48002"),
        Asked("no list", "kf_account", {"errcode": 0, "account_list": {}}, code="unreadable"),
    ],
    stranger=(
        {"errcode": 60020, "errmsg": "not allow to access from your ip, from ip: 203.0.113.9"},
        "203.0.113.9",
    ),
)
