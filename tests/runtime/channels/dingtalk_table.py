"""What a DingTalk robot is sent and shows, in HTTP mode and over its Stream connection."""

import base64
import hashlib
import hmac
import json

from tables import (
    Answered,
    Got,
    Grown,
    Incoming,
    Linked,
    MediaPushed,
    Offered,
    Outgoing,
    Put,
    Settled,
    Tables,
)

from runtime.channels import ApiAnswer, ApiRequest, Bubble, FormFile, Frame, Media, Shown, WebRequest
from runtime.channels.dingtalk import CHANNEL
from runtime.choices import Choice, Choices
from runtime.message import Message

NOW = 1_795_190_402.0
CLIENT, SECRET = "ding7xkq2mfa9ybvc3lz", "Wk3nV8cQz1LpRt7KjHs2Xd6Fg4Ya9Ee0bMuT5iOyPlNxCrDsJvGhZqAwBfEmKtLo"
CALLED = CHANNEL(CHANNEL.Settings(mode="webhook", client_id=CLIENT, client_secret=SECRET))
LINKED = CHANNEL(CHANNEL.Settings(client_id=CLIENT, client_secret=SECRET))
LINKS = CHANNEL(CHANNEL.Settings(client_id=CLIENT, client_secret=SECRET, buttons="links"))
OAPI = "https://oapi.dingtalk.com"
SESSION = "eb18e18e8669b0a3cd7dff1388fe5e6a"
WEBHOOK = f"{OAPI}/robot/sendBySession?session={SESSION}"
UNTIL = int(NOW + 5400) * 1000
CHAT, GROUP = "cidmanager7220==", "cidfgHk/1Yq8c0Wv7rY2xQ=="
STRANGER = "$:LWCP_v1:$deZJcSfM/exC2YK+oLkk1g=="


def body(msgtype="text", content=None, group="", **more):
    inner = {"text": content or {"content": " 你好 "}} if msgtype == "text" else {"content": content}
    return {
        "conversationId": group or CHAT,
        "conversationType": "2" if group else "1",
        "chatbotUserId": "$:LWCP_v1:$robot==",
        "msgId": "msgA==",
        "senderNick": "张三",
        "senderStaffId": "manager7220",
        "senderId": STRANGER,
        "createAt": 1795190400000,
        "robotCode": CLIENT,
        "msgtype": msgtype,
        **inner,
        **more,
    }


def call(told, now=NOW, secret=SECRET, **headers):
    stamp = str(int(now * 1000))
    proof = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    signed = {"timestamp": stamp, "sign": base64.b64encode(proof).decode(), **headers}
    content = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
    return WebRequest("POST", {}, content, signed)


def message(text="你好", kind="text", data=None, sender="manager7220", **handle):
    return Message("msgA==", sender, text, kind, 1795190400.0, data or {}, handle, overheard="/" in sender)


RICH = {"richText": [{"text": "这是"}, {"text": "什么"}, {"downloadCode": "c1", "type": "picture"}]}
REPLY = {
    "content": "好的",
    "isReplyMsg": True,
    "repliedMsg": {"msgType": "text", "content": {"text": "几点？"}},
}
SAME = [
    ("a text", body(), message()),
    ("in a group", body(group=GROUP), message(sender=f"{GROUP}/manager7220")),
    (
        "a stranger in a group",
        body(group=GROUP, senderStaffId=None),
        message(sender=f"{GROUP}/{STRANGER.replace('/', '_')}"),
    ),
    ("a stranger alone", body(senderStaffId=""), message(sender=STRANGER.replace("/", "_"))),
    (
        "what was spoken",
        body("audio", {"recognition": "在吗", "downloadCode": "a1", "duration": 3000}),
        message("在吗", "voice", file0="voice a1 "),
    ),
    ("a picture", body("picture", {"downloadCode": "p1"}), message("", "image", file0="image p1 ")),
    ("a film", body("video", {"downloadCode": "v1"}), message("", "video", file0="video v1 ")),
    (
        "a file",
        body("file", {"downloadCode": "f1", "fileName": "价目 表.pdf"}),
        message("", "file", file0="file f1 价目 表.pdf"),
    ),
    ("text and a picture", body("richText", RICH), message("这是什么", file0="image c1 ")),
    ("a quote", body(content=REPLY), message("> 几点？\n\n好的", data={"quote": "几点？"})),
    (
        "something new",
        body("chatRecord", {}),
        message("", "event", {"event": "unsupported", "type": "chatRecord"}),
    ),
    (
        "an address to answer at",
        body(sessionWebhook=WEBHOOK, sessionWebhookExpiredTime=UNTIL),
        message(session=SESSION, until=str(UNTIL // 1000)),
    ),
]
ELSEWHERE = [
    WEBHOOK.replace("oapi", "evil"),
    WEBHOOK.replace("https", "http"),
    WEBHOOK.replace(".com/", ".com:8443/"),
    WEBHOOK.replace("oapi.", "a@oapi."),
    WEBHOOK.replace("sendBySession", "send"),
    f"{OAPI}/robot/sendBySession?session=..%2F",
    7,
]


def frame(told, topic="/v1.0/im/bot/messages/get", kind="CALLBACK", id="f1"):
    data = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    return json.dumps({"type": kind, "headers": {"messageId": id, "topic": topic}, "data": data})


def ack(data='{"response": {}}', id="f1"):
    headers = {"contentType": "application/json", "messageId": id}
    return Frame(json.dumps({"code": 200, "headers": headers, "message": "OK", "data": data}))


def alone(kind, **told):
    robot = {"robotCode": CLIENT, "msgKey": kind, "msgParam": json.dumps(told, ensure_ascii=False)}
    return ApiRequest("/v1.0/robot/oToMessages/batchSend", {**robot, "userIds": ["manager7220"]})


def by_session(**told):
    return ApiRequest("/robot/sendBySession", told, {"session": SESSION}, host=OAPI)


def markdown(text, title="好"):
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


OFFER = Choices("要什么？", [Choice("查订单", "orders"), Choice("人工", "转人工")])
SAY = "dtmd://dingtalkclient/sendMessage?content="
ORDERS, HUMAN = f"{SAY}%E6%9F%A5%E8%AE%A2%E5%8D%95", f"{SAY}%E4%BA%BA%E5%B7%A5"
ANSWERABLE = message(session=SESSION, until=str(UNTIL // 1000))
PNG = Media("image", "image/png", b"\x89PNG\r\n\x1a\n", "media.png")
AMR = Media("voice", "audio/amr", b"#!AMR\n" + bytes(9), "media.amr", seconds=2.5)
PDF = Media("file", "application/pdf", b"%PDF-1.7 ", "价目表.pdf")
MB = 1024 * 1024
DOWN = {"downloadUrl": "http://down.dingtalk.com/r/a.png?sign=1%2B2"}
ASKED = ApiRequest("/v1.0/robot/messageFiles/download", {"downloadCode": "p1", "robotCode": CLIENT})
GOT = ApiRequest("/r/a.png", None, {"sign": "1+2"}, host="https://down.dingtalk.com", most=10 * MB)


def put(media, more):
    form = FormFile("media", media.name, media.content, media.type, {"type": media.kind})
    calls = [(ApiRequest("/media/upload", upload=form), ApiAnswer(200, {"errcode": 0, "media_id": "@lAD1"}))]
    return Put(f"a {media.kind}", media, calls, {"media_id": "@lAD1", **more})


TRACK = "hongyan-7-0a"
OK = ApiAnswer(200, {"success": True, "result": True})
CARDS = "/v1.0/card/instances"


def card(status, text=""):
    shown = {
        "flowStatus": status,
        "msgContent": text,
        "staticMsgContent": "",
        "sys_full_json_obj": '{"order": ["msgContent"]}',
    }
    return ApiRequest(CARDS, {"outTrackId": TRACK, "cardData": {"cardParamMap": shown}}, method="PUT")


def written(text, done):
    mark = hashlib.sha256(f"{TRACK}\n{done}\n{text}".encode()).hexdigest()[:32]
    told = {"outTrackId": TRACK, "guid": mark, "key": "msgContent", "content": text}
    more = {"isFull": True, "isFinalize": done, "isError": False}
    return ApiRequest("/v1.0/card/streaming", {**told, **more}, method="PUT")


CREATE = ApiRequest(
    f"{CARDS}/createAndDeliver",
    {
        "cardTemplateId": "382e4302-551d-4880-bf29-a30acfab2e71.schema",
        "outTrackId": TRACK,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": {"flowStatus": "1", "msgContent": ""}},
        "userIdType": 1,
        "imGroupOpenSpaceModel": {"supportForward": True},
        "imRobotOpenSpaceModel": {"supportForward": True},
        "openSpaceId": "dtv1.card//IM_ROBOT.manager7220",
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": CLIENT},
    },
)
NO_CARD = ApiAnswer(400, {"code": "param.cardNotExist", "message": "x"})
ANSWERED = [
    Answered("taken", {"processQueryKey": "k", "invalidStaffIdList": [], "flowControlledStaffIdList": []}),
    Answered("taken by session", {"errcode": 0, "errmsg": "ok"}),
    Answered("no such member", {"processQueryKey": "k", "invalidStaffIdList": ["x"]}, "staff_invalid"),
    Answered("too fast", {"processQueryKey": "k", "flowControlledStaffIdList": ["x"]}, "flow_controlled"),
    Answered("too fast by session", {"errcode": 130101, "errmsg": "send too fast"}, "130101"),
    Answered(
        "too many calls",
        {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"},
        "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
        403,
    ),
    Answered(
        "the month is used up",
        {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"},
        "Forbidden.AccessDenied.ApiCountLimitForOrg",
        403,
    ),
    Answered("an old token", {"code": "InvalidAuthentication"}, "InvalidAuthentication", 401),
    Answered("the session is over", {"errcode": 300001, "errmsg": "session 不存在"}, "300001"),
    Answered("a proxy is busy", {}, "http_503", 503),
    Answered("something unreadable", {}, "uncertain"),
    Answered("it broke", {}, "uncertain", 500),
]
GROWN = [
    Grown("its beginning", "", False, calls=[(CREATE, OK)]),
    Grown(
        "a piece of one that is not remembered",
        "好",
        False,
        calls=[(card("2"), OK), (card("2"), OK), (written("好", False), OK)],
    ),
    Grown(
        "all at once",
        "好",
        True,
        calls=[
            (card("2"), NO_CARD),
            (CREATE, OK),
            (card("2"), OK),
            (written("好", True), OK),
            (card("3", "好"), OK),
        ],
    ),
]
MORE = dict(
    to="manager7220",
    secrets=(SECRET, SESSION),
    answered=ANSWERED,
    got=[
        Got(
            "a picture",
            message("", "image", file0="image p1 "),
            [(ASKED, ApiAnswer(200, DOWN)), (GOT, ApiAnswer(200, {}, b"GIF89a"))],
            b"GIF89a",
        ),
        Got(
            "one that is gone",
            message("", "image", file0="image p1 "),
            [(ASKED, ApiAnswer(200, DOWN)), (GOT, ApiAnswer(404, {}))],
            code="http_404",
        ),
    ],
    put=[put(PNG, {}), put(AMR, {"ms": 2500}), put(PDF, {"name": "价目表.pdf"})],
    media_pushed=[
        MediaPushed("a picture", Shown("image", {"media_id": "@1"}), alone("sampleImageMsg", photoURL="@1")),
        MediaPushed(
            "a voice",
            Shown("voice", {"media_id": "@1", "ms": 2500}),
            alone("sampleAudio", mediaId="@1", duration="2500"),
        ),
        MediaPushed(
            "a file",
            Shown("file", {"media_id": "@1", "name": "价目表.pdf"}),
            alone("sampleFile", mediaId="@1", fileName="价目表.pdf", fileType="pdf"),
        ),
        MediaPushed(
            "news",
            Shown(
                "news", {"title": "新茶", "url": "https://a.example/", "picture": "https://a.example/p.png"}
            ),
            alone(
                "sampleLink",
                title="新茶",
                text="新茶",
                picUrl="https://a.example/p.png",
                messageUrl="https://a.example/",
            ),
        ),
    ],
    offered=[
        Offered(
            "as a card",
            OFFER,
            alone(
                "sampleActionCard2",
                title="要什么？",
                text="要什么？",
                actionTitle1="查订单",
                actionURL1=ORDERS,
                actionTitle2="人工",
                actionURL2=HUMAN,
            ),
        ),
        Offered(
            "one thing alone",
            Choices("要什么？", [Choice("人工", "转人工")]),
            alone("sampleActionCard", title="要什么？", text="要什么？", singleTitle="人工", singleURL=HUMAN),
        ),
        Offered(
            "where it can be answered",
            OFFER,
            by_session(
                msgtype="actionCard",
                actionCard={
                    "title": "要什么？",
                    "text": "要什么？",
                    "btnOrientation": "0",
                    "btns": [
                        {"title": "查订单", "actionURL": ORDERS},
                        {"title": "人工", "actionURL": HUMAN},
                    ],
                },
            ),
            after=ANSWERABLE,
        ),
    ],
    settled=[Settled("it stays as it is", ApiAnswer(200, {"processQueryKey": "k"}), "✓", None)],
    bubble=Bubble("7-0a", message()),
    grown=GROWN,
    stranger=(
        {"errcode": 60020, "errmsg": "访问ip不在白名单之中,request ip=203.0.113.7, corpId(x)"},
        "203.0.113.7",
    ),
)
OUTGOING = [
    Outgoing(
        "where it can be answered",
        "好\n的",
        by_session(**markdown("好  \n的")),
        after=ANSWERABLE,
    ),
    Outgoing(
        "in a group, to whoever asked",
        "好",
        by_session(**markdown("@manager7220 好"), at={"atUserIds": ["manager7220"]}),
        after=message(sender=f"{GROUP}/manager7220", session=SESSION, until=str(UNTIL // 1000)),
    ),
    Outgoing("to a member", "# 标题\n好", alone("sampleMarkdown", title="标题", text="# 标题  \n好")),
    Outgoing(
        "to a group",
        "好",
        ApiRequest(
            "/v1.0/robot/groupMessages/send",
            {
                "robotCode": CLIENT,
                "msgKey": "sampleMarkdown",
                "msgParam": json.dumps({"title": "好", "text": "好"}, ensure_ascii=False),
                "openConversationId": GROUP,
            },
        ),
        after=message(sender=f"{GROUP}/manager7220"),
    ),
]
TABLES = Tables(
    CALLED,
    calls=r"atMobiles|isAtAll",
    bots=[
        (call(body(senderId="$:LWCP_v1:$robot==")), call(body())),
    ],
    now=NOW,
    outgoing=OUTGOING,
    incoming=[
        *(Incoming(id, call(told), (came,)) for id, told, came in SAME),
        *(
            Incoming(
                f"an address that leads elsewhere {n}",
                call(body(sessionWebhook=url, sessionWebhookExpiredTime=UNTIL)),
                (message(),),
            )
            for n, url in enumerate(ELSEWHERE)
        ),
        Incoming("what a robot said", call(body(senderId="$:LWCP_v1:$robot=="))),
        Incoming("another secret", call(body(), secret="x" * 20), refused="signature"),
        Incoming("no signature", WebRequest("POST", {}, b"{}"), refused="signature"),
        Incoming("a time that is none", call(body(), timestamp="²"), refused="signature"),
        Incoming("an old one", call(body(), now=NOW - 3700), refused="stale"),
        Incoming("one of tomorrow", call(body(), now=NOW + 3700), refused="stale"),
        Incoming("no JSON", call(b"<xml/>"), refused="malformed"),
        Incoming("no object", call([1]), refused="malformed"),
        Incoming("a name twice", call(b'{"msgId": "a", "msgId": "b"}'), refused="malformed"),
        Incoming(
            "nobody wrote it", call({**body(), "senderId": "", "senderStaffId": "a/b"}), refused="malformed"
        ),
        Incoming("a text that is none", call(body(content={"content": ["x"]})), refused="malformed"),
        Incoming("a code with a blank", call(body("picture", {"downloadCode": "a b"})), refused="malformed"),
        Incoming("too deep", call(b"[" * 3000), refused="malformed"),
        Incoming("too large", call(b" " * 2**21), refused="too_large"),
        Incoming("another method", WebRequest("GET", {}), refused="method"),
    ],
    **MORE,
)
OPENED = ["opened"]
OTHERS = {
    "linked": Tables(
        LINKED,
        calls=r"atMobiles|isAtAll",
        now=NOW,
        outgoing=OUTGOING,
        linked=[
            Linked("it is open", OPENED, is_up=True),
            *(
                Linked(id, [*OPENED, frame(told)], messages=[came], after=[ack()], is_up=True)
                for id, told, came in SAME
            ),
            Linked("what cannot be read comes once", [*OPENED, frame("{")], after=[ack()], is_up=True),
            Linked(
                "what a robot said",
                [*OPENED, frame(body(senderId="$:LWCP_v1:$robot=="))],
                after=[ack()],
                is_up=True,
            ),
            Linked(
                "the platform asks whether we are there",
                [*OPENED, frame('{"opaque": "0a"}', "ping", "SYSTEM")],
                send=[ack('{"opaque": "0a"}')],
                is_up=True,
            ),
            Linked("something of another kind", [*OPENED, frame({}, "*", "EVENT")], send=[ack()], is_up=True),
            Linked(
                "it sends us away", [*OPENED, frame({}, "disconnect", "SYSTEM")], end="sent_away", again=1.0
            ),
            Linked("time goes by", [*OPENED, "tick"], is_up=True),
            Linked("it breaks", [*OPENED, "closed"], end="lost", again=1.0),
            Linked("and again", ["closed", "closed", "closed"], end="lost", again=4.0),
        ],
        broken_frames=[
            "",
            "{",
            "[]",
            "null",
            '{"type": "CALLBACK"}',
            frame({}, id=""),
            frame({}, topic="x" * 300),
        ],
        **MORE,
    ),
    "links": Tables(
        LINKS,
        calls=r"atMobiles|isAtAll",
        now=NOW,
        outgoing=OUTGOING,
        linked=[Linked("it is open", OPENED, is_up=True)],
        broken_frames=["{"],
        **{
            **MORE,
            "offered": [
                Offered(
                    "as links",
                    OFFER,
                    alone(
                        "sampleMarkdown",
                        title="要什么？",
                        text=f"要什么？\n\n- [查订单]({ORDERS})\n- [人工]({HUMAN})",
                    ),
                )
            ],
        },
    ),
}
