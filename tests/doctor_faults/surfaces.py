"""The surfaces that faults are set up on: what their owners entered, how their platforms call and answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from runtime.simulator.ilink.simulation import ILinkSimulation
from runtime.simulator.wechat.accounts import Account as OfficialAccount
from runtime.simulator.wechat.wire import Wire as OfficialWire
from runtime.simulator.wecom_app.wire import App
from runtime.simulator.wecom_app.wire import Wire as AppWire
from runtime.simulator.wecom_bot import simulation as bot
from runtime.simulator.wecom_bot.wire import Seal
from runtime.simulator.wecom_kf.account import Account as KfAccount
from runtime.simulator.wecom_kf.wire import Wire as KfWire

BOT_ID, SOMEBODY, TEXT = bot.BOT, "o-somebody", "在吗"
KF, APP, OFFICIAL = KfAccount(), App(), OfficialAccount()


@dataclass(frozen=True)
class Surface:
    """`call(theirs, what, now)`: a request of the platform's with its own settings, where they differ from
    ours; `what`: verify or message."""

    settings: Mapping[str, object]
    api: Mapping[str, tuple[int, object]] = field(default_factory=dict)
    """What its API answers where nothing is wrong, by path."""
    call: Callable[[Mapping, str, float], object] | None = None


def official(theirs, what, now):
    account = replace(OFFICIAL, **{"mode": "safe", **theirs})
    wire = OfficialWire(account)
    if what == "verify":
        return wire.handshake("4711", now)
    fields = {
        "ToUserName": account.original_id,
        "FromUserName": SOMEBODY,
        "CreateTime": int(now),
        "MsgType": "text",
        "Content": TEXT,
        "MsgId": "25000000000000001",
    }
    return wire.push(fields, now)


def app(theirs, what, now):
    its = replace(APP, **theirs)
    wire = AppWire(its)
    if what == "verify":
        return wire.check("4711", now)
    fields = {
        "ToUserName": its.corp_id,
        "FromUserName": "zhangsan",
        "CreateTime": int(now),
        "MsgType": "text",
        "Content": TEXT,
        "MsgId": 7_239_441_234_567_890_000,
    }
    return wire.push(fields, now)


def kf(theirs, what, now):
    its = replace(KF, **theirs)
    wire = KfWire(its.token, its.encoding_aes_key, its.corp_id)
    return wire.handshake("4711", now) if what == "verify" else wire.signal("T1", its.open_kfid, now)


def robot(theirs, what, now):
    its = {"token": bot.TOKEN, "encoding_aes_key": bot.KEY, "receiver": "", **theirs}
    seal = Seal(its["token"], its["encoding_aes_key"], its["receiver"])
    if what == "verify":
        return seal.check("4711", now)
    body = {
        "msgid": "M1",
        "aibotid": BOT_ID,
        "chattype": "single",
        "from": {"userid": "zhangsan"},
        "msgtype": "text",
        "text": {"content": TEXT},
    }
    return seal.knock(json.dumps(body, ensure_ascii=False), now)


TOKEN = (200, {"errcode": 0, "access_token": "T0KEN", "expires_in": 7200})
CALLERS = (200, {"errcode": 0, "ip_list": ["101.226.103.0"]})
SURFACES = {
    "wechat": Surface(
        OFFICIAL.settings,
        {
            "cgi-bin/stable_token": TOKEN,
            "cgi-bin/message/custom/typing": (200, {"errcode": 45080}),
            "cgi-bin/callback/check": (200, {"dns": [{"ip": "8.8.8.8"}], "ping": []}),
            "cgi-bin/getcallbackip": CALLERS,
            "cgi-bin/openapi/quota/get": (200, {"quota": {"daily_limit": 500, "used": 1, "remain": 499}}),
        },
        official,
    ),
    "wecom_app": Surface(
        APP.settings,
        {
            "cgi-bin/gettoken": TOKEN,
            "cgi-bin/getcallbackip": CALLERS,
            "cgi-bin/agent/get": (200, {"errcode": 0, "agentid": 1000002, "close": 0}),
        },
        app,
    ),
    "wecom_kf": Surface(
        KF.settings,
        {
            "cgi-bin/gettoken": TOKEN,
            "cgi-bin/getcallbackip": CALLERS,
            "cgi-bin/kf/service_state/get": (200, {"errcode": 95013}),
            "cgi-bin/kf/account/list": (
                200,
                {"errcode": 0, "account_list": [{"open_kfid": KF.open_kfid, "name": "茶铺"}]},
            ),
        },
        kf,
    ),
    "wecom_bot": Surface({"mode": "webhook", "token": bot.TOKEN, "encoding_aes_key": bot.KEY}, {}, robot),
    "connected": Surface({"mode": "connection", "bot_id": BOT_ID, "secret": bot.SECRET}),
    "ilink": Surface(
        ILinkSimulation("person", lambda: 0.0).settings, {"ilink/bot/getconfig": (200, {"ret": 0})}
    ),
}
"""By channel; `connected`: the bot that we connect to."""
CHANNELS = {"connected": "wecom_bot"}
