"""What the owner of an XMPP account is told: what to enter, what went wrong."""

from runtime.channels import Guide, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("XMPP 服务器", "the XMPP server"),
    console=Text("XMPP 服务器的后台", "the server's console"),
    account=Text("XMPP 账号", "XMPP account"),
    proof=Text("密码", "password"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text("任何 XMPP 用户，也可以是别的服务器上的", "Any user of XMPP, also of other servers"),
    needs=Text(
        "一个 XMPP 账号（自己的 Prosody、ejabberd，或公共的服务器）；不要域名、不要公网地址",
        "An XMPP account (your own Prosody or ejabberd, or a public server); no domain, no public address",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "服务器的管理员看得到消息；端到端加密（OMEMO）的消息读不了",
        "The server's operator can read messages; those with end-to-end encryption (OMEMO) cannot "
        "be read here",
    ),
    public_address=False,
)
GUIDE = Guide(
    ask=("jid", "password", "accept"),
    rare=("host", "ca"),
    title=Text("填写 XMPP 账号", "Your XMPP account"),
    where=Text(
        "在服务器上给智能体建一个账号，把地址和密码填在这里。",
        "Make an account for the agent at a server, and enter address and password here.",
    ),
    advice=(),
    paste=Text("不用往服务器上复制什么。", "There is nothing to copy to the server."),
)

REFUSED = Text(
    "XMPP 服务器不接受这个地址和密码（{code}）。请核对后再发布一次；隔一阵也会自动再试。",
    "The XMPP server refuses this address and password ({code}). Correct them and publish again; it "
    "is also tried once "
    "in a while.",
)
NO_TLS = Text(
    "XMPP 服务器不提供 TLS，没有登录。请在服务器上开启 STARTTLS。",
    "The XMPP server offers no TLS, so we did not sign in. Switch STARTTLS on there.",
)
CERTIFICATE = Text(
    "XMPP 服务器的证书不可信，或不是给这个域名的。自己签发的，请填 CA 证书。",
    "The XMPP server's certificate is not trusted, or for another domain. If you issued it "
    "yourself, enter the CA's "
    "certificate.",
)
NOT_YET = Text(
    "XMPP 服务器暂时没有接受连接（{code}），稍后重试。",
    "The XMPP server did not take the connection just now ({code}); it is tried again.",
)
TAKEN_OVER = Text(
    "同一个 XMPP 账号在别处用同样的资源名登录，这里被断开，不会自动重连。请停掉另一处，再发布一次。",
    "Another program signed in to the XMPP account under the same resource and ended this "
    "connection. It is not opened "
    "again by itself: stop the other one, then publish again.",
)
SILENT = Text(
    "XMPP 服务器没有回应，重新连接。", "The XMPP server does not answer; the connection is opened again."
)
LOST = Text(
    "和 XMPP 服务器的连接断了，正在重连。", "The connection to the XMPP server is down; it is opened again."
)
ENDS = {
    "refused": REFUSED.fill(code="-"),
    "no-tls": NO_TLS,
    "certificate": CERTIFICATE,
    "not_yet": NOT_YET.fill(code="-"),
    "taken_over": TAKEN_OVER,
    "silent": SILENT,
    "lost": LOST,
}
"""By the code of the end."""
NOBODY = Text("没有这个地址，或对方收不到。", "There is no such address, or it cannot be reached.")
LATER = Text(
    "XMPP 服务器说现在太多了，稍后重发。", "The XMPP server says that it is too much now; it is sent again."
)
NOT_TAKEN = Text("XMPP 服务器没有收下（{code}）。", "The XMPP server did not take it ({code}).")
NO_JID = Text("应是一个 XMPP 地址，例如 name@example.com", "should be an address such as name@example.com")
SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "xmpp_encrypted",
        r"omemo|xmpp.{0,60}(?:encrypt|加密)",
        Text(
            "智能体读不了端到端加密（OMEMO）的消息。请在聊天软件里对这个联系人关掉它，再发一次。",
            "The agent cannot read messages with end-to-end encryption (OMEMO). Switch it off for this "
            "contact and write again.",
        ),
    ),
)
