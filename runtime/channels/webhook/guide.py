"""What the owner of a webhook is told: what to copy to the other side, and what its faults look like."""

import re
from collections.abc import Sequence

from runtime.channels import OWN, Guide, Note, Profile, Symptom, ToCopy, Words
from runtime.channels.webhook.settings import WebhookSettings
from runtime.channels.webhook.signing import ID, Signing
from runtime.lang import Text

WORDS = Words(
    platform=Text("对方的平台", "the other platform"),
    console=Text("对方的 Webhook 设置", "its webhook settings"),
    account=Text("Webhook", "webhook"),
    proof=Text("密钥", "secret"),
    try_it=Text(
        "现在从对方的平台发一条消息试试，或用下面的「试一试」。",
        "Now let the other platform send a message, or take “Try it” below.",
    ),
)
PROFILE = Profile(
    audience="anyone",
    family=OWN,
    writes=Text("您接进来的平台上的任何人", "Whoever writes on the platform that you connect"),
    needs=Text(
        "一个能发 HTTP 请求的平台或程序；一个公网网址",
        "A platform or program that can call an address; a public address",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "密钥泄露的话，别人能冒充那个平台发消息；请像密码一样保管",
        "Whoever has the secret can write in that platform's name: keep it like a password",
    ),
    public_address=True,
)
GUIDE = Guide(
    ask=("secret", "proof", "answer", "seconds", "callback"),
    rare=(
        "signed", "algorithm", "encoding", "header", "prefix", "time_header", "challenge", "list_at",
        "sender_at", "content_at", "id_at", "kind_at", "file_at", "only", "fields", "longest",
    ),
    title=Text("说好怎么核对、怎么回答", "Agree on proof and answers"),
    where=Text(
        "对方发来的就是 {sender, content, msg_type} 时，什么都不用改；字段叫别的名字，"
        "就在「更多设置」里写它们在哪里。",
        "Where {sender, content, msg_type} comes, leave all as it is; where fields are called otherwise, "
        "say under More settings "
        "where they stand.",
    ),
    advice=(),
    paste=Text("在对方的 Webhook 设置里填：", "In its webhook settings enter:"),
)  # fmt: skip
REPLAYED = Note(
    Text(
        "签名里没有时间，截到请求的人可以再发一次",
        "No time is signed: whoever saw a request can send it again",
    ),
    Text(
        "对方能签时间的话，把「签什么」改成 timestamp.body；不能的话，请让它带上消息编号。",
        "If the other side can sign the time, choose timestamp.body; else let it send an id with each "
        "message.",
    ),
)
NO_RECEIVER = Text(
    "应是对方的人员编号，不能有空格和换行", "should be the id of a person there, without spaces"
)
NO_FILE = Text("文件取不到。", "The file is not to be had.")
OTHER_STATUS = Text("您的地址回应了 HTTP {status}。", "Your address answered HTTP {status}.")
_REFUSED = Text(
    "您的地址不认我们的签名（HTTP 401 或 403）。请核对两边的密钥和算法。",
    "Your address does not accept our signature (HTTP 401 or 403). See that secret and algorithm are the "
    "same.",
)
_GONE = Text(
    "您填的地址上没有东西（HTTP 404 或 410）。请核对「发到哪里」。",
    "There is nothing at the address that you entered (HTTP 404 or 410). See that it is right.",
)
_BUSY = Text("您的地址现在太忙，过一会儿再发。", "Your address is too busy now; it is tried again.")
CODES = {
    "signature": Text(
        "签名或密钥不对：两边填的密钥、算法、请求头要一样。下面的例子里有一份对的。",
        "The signature or the secret is wrong: secret, algorithm and header must be the same on both "
        "sides. The example "
        "below is a right one.",
    ),
    "stale": Text(
        "没有时间，或差了 5 分钟以上。请校准两边的时钟；时间写成 1970 年起的秒数。",
        "There is no time, or it is more than 5 minutes off. Set both clocks; the time is seconds since "
        "1970.",
    ),
    "malformed": Text(
        "请求是真的，可里面找不到消息。请在「试一试」里贴一份看看，再写清字段在哪里。",
        "The request is genuine, but there is no message in it. Paste one under Try it, then say where "
        "fields stand.",
    ),
    "method": Text(
        "只收 POST；GET 只用来验证地址。", "Only POST brings messages; GET verifies the address alone."
    ),
    "http_401": _REFUSED,
    "http_403": _REFUSED,
    "http_404": _GONE,
    "http_410": _GONE,
    "http_429": _BUSY,
    "http_502": _BUSY,
    "http_503": _BUSY,
    "http_504": _BUSY,
    "uncertain": Text(
        "您的地址没有回应，会再发一次，编号相同。",
        "Your address did not answer; the same is sent again, under the same id.",
    ),
    "blocked": Text(
        "「发到哪里」不是公网地址，没有发。内网的地址要管理员放行：HONGYAN_EGRESS_ALLOW=webhook=主机:端口。",
        "The address is not a public one, and nothing was sent. For your own network an operator allows it: "
        "HONGYAN_EGRESS_ALLOW=webhook=host:port.",
    ),
}
SYMPTOMS = (
    Symptom(
        "webhook_signature",
        re.compile(r"invalid signature|signature mismatch|验签失败|签名错误", re.IGNORECASE),
        Text(
            "签名是对原始正文算的。不要先解析再序列化，也不要漏了时间和中间的点。",
            "A signature is made of the raw body. Don't parse and write it again, nor leave out the time "
            "and the dot.",
        ),
    ),
)


def to_copy(address: str, its: WebhookSettings, signing: Signing) -> Sequence[ToCopy]:
    found = [
        ToCopy("url", Text("地址（POST）", "Address (POST)"), address),
        ToCopy("secret", Text("密钥", "Secret"), its.secret.get_secret_value()),
        ToCopy("header", Text("放在请求头", "Header"), signing.header),
    ]
    if its.proof == "signature":
        found.append(
            ToCopy("signed", Text("签名", "Signature"), f"HMAC-{its.algorithm.upper()}({its.signed})")
        )
    if signing.time_header:
        found.append(
            ToCopy("time", Text("时间放在请求头（秒）", "The time's header (seconds)"), signing.time_header)
        )
    return found


def reminders(its: WebhookSettings, signing: Signing) -> Sequence[Note]:
    sent = Text(
        "我们发过去的 POST 带同样的签名，还有 {id}：重发时不变，收到过的可以丢掉。回 2xx 就算收到。",
        "What we POST is signed in the same way and carries {id}, the same when it is sent again: drop "
        "what you have. "
        "Any 2xx takes it.",
    )
    title = Text("核对我们发的", "Check what we send")
    return [Note(title, sent.fill(id=ID))] if its.answer != "response" else []
