"""WeCom's side of one enterprise: how it signs and seals, by wechatpy and not by our own code."""

from wechatpy.enterprise.crypto import WeChatCrypto

from runtime.channels import WebRequest
from runtime.channels._tencent import xml_body

NOW = 1795190400.5
STAMP = "1795190400"
CORP, AGENT, MEMBER = "ww1a2b3c4d5e6f7081", "1000002", "zhangsan"
TOKEN, KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRET = "5zKxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"


def text(content="你好", id="7239441234567890123", sender=MEMBER, agent=AGENT, to=CORP):
    return message("text", f"<Content><![CDATA[{content}]]></Content><MsgId>{id}</MsgId>", sender, agent, to)


def event(name, fields="", sender=MEMBER):
    return message("event", f"<Event><![CDATA[{name}]]></Event>{fields}", sender)


def message(kind, fields, sender=MEMBER, agent=AGENT, to=CORP):
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{STAMP}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{fields}"
        f"<AgentID>{agent}</AgentID></xml>"
    )


def push(body, *, token=TOKEN, key=KEY, receive_id=CORP, timestamp=STAMP, nonce="n1"):
    """A call to a callback. wechatpy pads and signs as WeCom does."""
    sealed = WeChatCrypto(token, key, receive_id).encrypt_message(body, nonce, timestamp)
    fields = xml_body.parse(sealed.encode())
    query = {"msg_signature": fields["MsgSignature"], "timestamp": timestamp, "nonce": nonce}
    outer = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{fields['Encrypt']}]]></Encrypt></xml>"
    )
    return WebRequest("POST", query, outer.encode())


def opened(response):
    """A reply as WeCom reads it."""
    fields = xml_body.parse(response.body.encode())
    crypto = WeChatCrypto(TOKEN, KEY, CORP)
    inner = crypto.decrypt_message(
        response.body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
    )
    return inner.encode()
