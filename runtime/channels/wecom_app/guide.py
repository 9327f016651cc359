"""What the owner of a WeCom app is told: what to look up, what to copy, what else to see to."""

from runtime.channels import Guide, Note, Profile, Words
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("企业微信", "WeCom"),
    console=Text("企业微信管理后台", "WeCom's console"),
    account=Text("应用", "app"),
    proof=Text("Token", "Token"),
)
PROFILE = Profile(
    audience="members",
    writes=Text(
        "本企业可见范围内的成员，在企业微信里，或扫过企业的微信插件后在微信里",
        "Members of the enterprise within the app's visible range: in WeCom, or in WeChat once they scanned "
        "its plugin's code",
    ),
    needs=Text(
        "一个企业微信（不用认证也行）；一个公网网址，已认证的企业要用本企业备案过的域名",
        "A WeCom enterprise, also an unverified one, and a public address; a verified enterprise needs a "
        "domain with its own ICP filing",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。每人每分钟最多 30 条，多出来的稍后自动发；长期没人用的应用会被停用",
        "Tencent's own API, so nobody is banned for it. 30 messages a minute each; the rest follows by "
        "itself. An app that nobody uses is closed after a while",
    ),
    public_address=True,
    family=WECHAT,
)
GUIDE = Guide(
    ask=("corp_id", "agent_id", "secret"),
    rare=("markdown",),
    title=Text("填写企业微信应用的信息", "Your WeCom app"),
    where=Text(
        "打开企业微信管理后台 work.weixin.qq.com → 应用管理 → 自建 → 这个应用（没有就先「创建应用」），"
        "可以看到 AgentId 和 Secret；企业 ID 在「我的企业 → 企业信息」最下面。",
        "WeCom's console work.weixin.qq.com → 应用管理 → 自建 → your app (or 创建应用) shows AgentId and "
        "Secret; the CorpID is at the end of 我的企业 → 企业信息.",
    ),
    advice=(),
    paste=Text(
        "这个应用的页面 → 接收消息 → 设置 API 接收，按下面的顺序逐项粘贴，再点「保存」。",
        "The app's page → 接收消息 → 设置 API 接收: paste in this order, then save.",
    ),
)
TRUSTED = Note(
    Text("保存之后，加上企业可信 IP", "Afterwards, trust this server's address"),
    Text(
        "「接收消息」保存成功后，在同一页最下面的「企业可信IP」里加上这台服务器的公网 IP，"
        "否则较慢的回答发不出去（错误 60020）。",
        "Once 接收消息 is saved, add this server's public IP under 企业可信IP at the end of that page, or "
        "slower answers cannot be sent (error 60020).",
    ),
)
NO_MEMBER = Text(
    "请写明发给哪个成员：通讯录里的账号（UserId），由字母、数字和 -_@. 组成",
    "names no member: the account (UserId) in the address book, of letters, digits and -_@.",
)
IDS = Text("企业 ID / AgentId", "CorpID / AgentId")
_UNUSED = Text(
    "企业微信提醒：这个应用长期没有人用，过一段时间会被停用。让成员用一用它，或在管理后台确认保留。",
    "WeCom says that hardly anybody uses this app and that it will be closed. Let members use it, or keep it "
    "in the console.",
)
_CLOSED = Text(
    "企业微信停用了这个长期没有人用的应用，它收不到也发不出消息。请到「应用管理」重新启用。",
    "WeCom has closed this app because hardly anybody used it: no messages come or go. Enable it again under "
    "[应用管理].",
)
REOPENED = Text("企业微信重新启用了这个应用。", "WeCom has opened this app again.")
NOTICES = {
    "inactive_alert": _UNUSED,
    "low_active_alert": _UNUSED,
    "close_inactive_agent": _CLOSED,
    "low_active_close": _CLOSED,
    "reopen_inactive_agent": REOPENED,
}


def told(name: str) -> Text:
    """The sentence for an event that the owner is to hear of."""
    if name in NOTICES:
        return NOTICES[name]
    return _CLOSED if "close" in name else REOPENED if "reopen" in name else _UNUSED
