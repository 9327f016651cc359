"""The errcodes of qyapi.weixin.qq.com: WeCom's apps, its customer service and its robots.

https://developer.work.weixin.qq.com/document/path/90313
"""

import re

from runtime.channels import Codes
from runtime.channels._tencent.answers import Answers
from runtime.lang import Text

WECOM = Text("企业微信", "WeCom")
IP = re.compile(r"from ip: ?([0-9A-Fa-f.:]{3,45})(?![0-9A-Fa-f.:])")
TRACE = re.compile(r"(?P<name>hint): ?\[(?P<value>\w{1,64})\]")
STALE = frozenset({"40014", "42001"})
CREDENTIALS = frozenset({"40001", "40013", "40056", "40091"})
CODES = Codes(
    stale=STALE,
    forbidden=frozenset({"48002", "301002"}),
    unreachable=frozenset(
        {"invaliduser", "unlicenseduser", "40003", "40031", "40096", "60011", "60111", "81013", "82001"}
    ),
    # busy; all else answers the same however often it is asked
    throttled=frozenset({"-1", "45033"}),
    # 45009: the block lasts 60 s, 60 min or the rest of the day, and nobody is told which
    blocking=dict.fromkeys(
        (*STALE, "40001", "40013", "40056", "40091", "45009", "60020", "93000", "95017", "app_closed"),
        60.0,
    ),
    credentials=frozenset({"40001", "40013", "40056", "40091"}),
    address=frozenset({"60020"}),
)

_SECRET = Text(
    "Secret 不对，或不是这个企业的。请到「企业微信管理后台 → 应用管理」打开这个应用，重新复制 Secret"
    "（每个应用各有一个），并核对企业 ID。",
    "The Secret is wrong, or another enterprise's. Open the app in WeCom's console [企业微信管理后台 → "
    "应用管理], copy its Secret again (each app has its own), and compare the CorpID.",
)
_TOKEN = Text(
    "access_token 已失效，会自动重新获取。若反复出现，请核对 Secret 是否被重置过。",
    "The access token is no longer valid; a new one is fetched. If it repeats, see whether the Secret was "
    "reset.",
)
_BUG = Text(
    "企业微信认为请求有误。这是程序的问题，请附上错误码反馈给我们。",
    "WeCom finds the request faulty. This is a bug: please report it with the code.",
)
_TOO_LONG = Text(
    "这段文字太长，企业微信不收。请让回答更短。", "The text is too long for WeCom. Make the answers shorter."
)
_NOBODY = Text(
    "对方收不到：不在应用的可见范围里，或已离职、账号不存在。"
    "请到「企业微信管理后台 → 应用管理 → 可见范围」把对方加进去。",
    "They cannot be reached: outside of the app's visible range, gone, or no such member. "
    "Add them in WeCom's console under [应用管理 → 可见范围].",
)
_PERMISSION = Text(
    "这个 Secret 没有该接口的权限。请在管理后台确认应用已启用；微信客服还要在「微信客服 → API」里"
    "把它列为可调用接口的应用。",
    "This Secret may not call that API. See in the console that the app is enabled; for customer service, "
    "list it under [微信客服 → API] as an app that may call.",
)
_CHAT = Text(
    "会话不存在，或机器人已不在里面。请确认会话还在，再让对方发一条消息。",
    "There is no such chat, or the robot left it. See that the chat exists, and have somebody write there.",
)
_SESSION = Text(
    "这个会话的状态不允许这样做：多半已结束，或正由人工接待。等客户再发一条消息，或在后台结束人工接待。",
    "The session's state does not allow that: it ended, or a person has taken it. Wait for the customer's "
    "next message, or end the session in the console.",
)
TEXTS: dict[str, Text] = {
    "-1": Text("企业微信系统繁忙，会自动重试。", "WeCom is busy; it is tried again."),
    "40001": _SECRET,
    "40091": _SECRET,
    "40003": _NOBODY,
    "40013": Text(
        "企业 ID（CorpID）不对。请到「企业微信管理后台 → 我的企业 → 企业信息」最下面重新复制；"
        "刚注册的企业要等约 30 分钟才能用。",
        "The CorpID is wrong. Copy it again from WeCom's console, at the end of [我的企业 → 企业信息]; "
        "a new enterprise's works after about 30 minutes.",
    ),
    "40014": _TOKEN,
    "42001": _TOKEN,
    "41001": _BUG,
    "40056": Text(
        "AgentId 不对。请打开这个应用的详情页，重新复制 AgentId，并确认 Secret 是同一个应用的。",
        "The AgentId is wrong. Copy it from the app's page again, and see that the Secret is that app's.",
    ),
    "40031": _NOBODY,
    "81013": _NOBODY,
    "82001": _NOBODY,
    "60111": _NOBODY,
    "invaliduser": _NOBODY,
    "unlicenseduser": Text(
        "对方没有接口许可（基础账号），收不到应用消息。请管理员在「企业微信管理后台」为对方激活。",
        "They have no licence for apps' messages. An administrator activates one in WeCom's console.",
    ),
    "app_closed": Text(
        "应用已被停用，不能收发消息。请到「企业微信管理后台 → 应用管理」打开这个应用，启用它。",
        "The app is disabled and takes no messages. Enable it in WeCom's console under [应用管理].",
    ),
    "60011": Text(
        "没有操作这个成员、部门或标签的权限。请把对方加入应用的可见范围；微信客服的接待人员也要在范围内。",
        "No permission for this member, department or tag. Add them to the app's visible range; so also the "
        "people who serve customers.",
    ),
    "40033": _BUG,
    "40057": Text(
        "回调地址没有通过验证。请确认地址能从公网打开、Token 和 EncodingAESKey 两边一致，再点一次「保存」。",
        "The callback's address was not verified. See that it opens from outside, that Token and "
        "EncodingAESKey are alike on both sides, and save once more.",
    ),
    "40096": Text(
        "客户的 external_userid 不对，或不属于这个企业。请等客户再发一条消息。",
        "The customer's external_userid is wrong or another enterprise's. Wait for their next message.",
    ),
    "44004": _BUG,
    "47001": _BUG,
    "45002": _TOO_LONG,
    "45009": Text(
        "调用太频繁，企业微信暂停了这个接口（1 分钟、1 小时或到当天结束）。恢复后自动接着发，无需处理。",
        "Too many calls; WeCom stopped this API for a minute, an hour or the day. What waits is sent when it "
        "is over; nothing to do.",
    ),
    "45033": Text("同时的调用太多，会自动重试。", "Too many calls at once; it is tried again."),
    "48002": _PERMISSION,
    "301002": Text(
        "这个 Secret 不能操作该应用。请确认 AgentId 与 Secret 来自同一个应用。",
        "This Secret may not act for that app. See that AgentId and Secret are the same app's.",
    ),
    "60020": Text(
        "服务器 IP {ip} 不在「企业可信 IP」里。请到「企业微信管理后台 → 应用管理 → 这个应用 → 企业可信IP」"
        "添加它；要先设好可信域名或接收消息的地址，才能填写。",
        "The server's IP {ip} is not trusted. Add it in WeCom's console under [应用管理 → the app → "
        "企业可信IP]; a trusted domain or the callback's address must be set before.",
    ),
    "80001": Text(
        "域名没有 ICP 备案。已认证的企业只能用备案过的域名；请先备案，或换用备案过的域名。",
        "The domain has no ICP filing, which verified enterprises need. File it, or use one that is filed.",
    ),
    "85005": Text(
        "域名的备案主体与企业不是同一个，也没有关联。请换用本企业备案的域名。",
        "The domain is filed by another entity. Use a domain filed by this enterprise.",
    ),
    "86001": _CHAT,
    "86003": _CHAT,
    "93000": Text(
        "机器人的 key 不对，或机器人已被移出群。请在群的「消息推送」里重新复制 Webhook 地址。",
        "The robot's key is wrong, or the robot was removed. Copy its webhook again in the group's settings "
        "[消息推送].",
    ),
    "93006": _CHAT,
    "846605": Text(
        "这次对话的请求编号已失效。剩下的内容会单独发送，无需处理。",
        "The request id of this exchange is over. The rest is sent on its own; nothing to do.",
    ),
    "846608": Text(
        "流式消息已超过 6 分钟，企业微信不再更新它。剩下的内容会单独发送，无需处理。",
        "The streaming message is older than 6 minutes and not updated any more. The rest is sent on its "
        "own; nothing to do.",
    ),
    "95000": Text(
        "客服账号（open_kfid）不对。请到「微信客服 → 客服账号」重新复制。",
        "The open_kfid is wrong. Copy it again from [微信客服 → 客服账号].",
    ),
    "95004": Text(
        "没有这个客服账号（open_kfid），或它不归这个应用管。请在「微信客服 → API」里选上它。",
        "There is no such customer-service account, or it is not this app's. Tick it under [微信客服 → API].",
    ),
    "95001": Text(
        "客户这条消息之后已发满 5 条。剩下的等客户再发消息后再发；请让回答更短。",
        "5 messages were sent since the customer's last one. The rest goes after their next; make the "
        "answers shorter.",
    ),
    "95002": Text(
        "客户最后一条消息已超过 48 小时，现在不能发。等客户再发一条。",
        "The customer's last message is older than 48 hours. Wait for their next one.",
    ),
    "95003": Text(
        "未认证的企业能接待的客户数已到上限。请完成企业认证。",
        "An unverified enterprise may serve no more customers. Have it verified.",
    ),
    "95007": Text(
        "消息凭证已失效（有效 10 分钟）。下次回调会带来新的，无需处理。",
        "The message token is over (it lives 10 minutes). The next callback brings another; nothing to do.",
    ),
    "95011": Text(
        "这个客服账号正在企业微信里使用。请到「微信客服」选择由 API 管理，或换一个客服账号。",
        "This account is used within WeCom. Let the API manage it under [微信客服], or take another one.",
    ),
    "95012": Text(
        "这个客服账号没有在企业微信里使用。请到「微信客服」按当前的接入方式开通。",
        "This account is not used within WeCom. Set it up under [微信客服] for the way you use it.",
    ),
    "95013": _SESSION,
    "95016": _SESSION,
    "95014": Text(
        "接待人员还没有激活企业微信。请对方登录一次企业微信，或换一个人接待。",
        "The person who serves has not activated WeCom. Let them log in once, or choose another.",
    ),
    "95017": Text(
        "微信客服的 API 开关没有打开。请到「微信客服 → API」打开。",
        "Customer service's API is switched off. Switch it on under [微信客服 → API].",
    ),
    "95018": Text(
        "会话正在排队、由人工接待或已结束，智能体不能发消息。人工结束后，或客户再发一条消息时会恢复。",
        "The session is queued, with a person, or over, so the agent may not write. It may again when the "
        "person ends it or the customer writes.",
    ),
}
ANSWERS = Answers(WECOM, CODES, TEXTS, IP, TRACE)
