"""An enterprise with a customer-service account: how it signs and seals, by wechatpy and not by our code."""

from wechatpy.enterprise.crypto import WeChatCrypto

from runtime.channels import ApiAnswer, WebRequest
from runtime.channels._tencent import xml_body
from runtime.channels.wecom_kf import CHANNEL

NOW = 1795190400.5
AT = 1795190300
CORP, KF, THEM = "ww1a2b3c4d5e6f7081", "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw"
TOKEN, KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRET = "5zKxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"
ACCOUNT = {
    "corp_id": CORP,
    "secret": SECRET,
    "token": TOKEN,
    "encoding_aes_key": KEY,
    "open_kfid": KF,
}


def channel(**given):
    return CHANNEL(CHANNEL.Settings(**{**ACCOUNT, **given}))


def signal(ticket="ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR", kf=KF, event="kf_msg_or_event", to=CORP):
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><CreateTime>{int(NOW)}</CreateTime>"
        f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event>"
        f"<Token><![CDATA[{ticket}]]></Token><OpenKfId><![CDATA[{kf}]]></OpenKfId></xml>"
    )


def call(body, *, token=TOKEN, key=KEY, receive_id=CORP, timestamp=str(int(NOW)), nonce="n1"):
    """A call to the callback. wechatpy pads and signs as WeCom does."""
    sealed = WeChatCrypto(token, key, receive_id).encrypt_message(body, nonce, timestamp)
    fields = xml_body.parse(sealed.encode())
    query = {"msg_signature": fields["MsgSignature"], "timestamp": timestamp, "nonce": nonce}
    outer = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID></AgentID>"
        f"<Encrypt><![CDATA[{fields['Encrypt']}]]></Encrypt></xml>"
    )
    return WebRequest("POST", query, outer.encode())


def item(kind, inner, *, id="m1", origin=3, **more):
    """One entry of msg_list."""
    return {
        "msgid": id,
        "open_kfid": KF,
        "external_userid": THEM,
        "send_time": AT,
        "origin": origin,
        "msgtype": kind,
        kind: inner,
        **more,
    }


def event(kind, *, id="e1", **fields):
    inner = {"event_type": kind, "open_kfid": KF, "external_userid": THEM, **fields}
    return {"msgid": id, "send_time": AT, "origin": 4, "msgtype": "event", "event": inner}


def page(*items, cursor="C2", more=0):
    return ApiAnswer(
        200, {"errcode": 0, "errmsg": "ok", "next_cursor": cursor, "has_more": more, "msg_list": list(items)}
    )
