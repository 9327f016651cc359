"""What api.weixin.qq.com answers, as an outcome: done, or a SendFailed that says what to do.

https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html
"""

import re

from runtime.channels import Codes
from runtime.channels._tencent.answers import Answers
from runtime.channels.wechat.guide import WORDS
from runtime.lang import Text

IP = re.compile(r"invalid ip ([0-9A-Fa-f.:]{3,45})")
TRACE = re.compile(r"(?P<name>rid): ?(?P<value>[\w-]{1,64})")
STALE = frozenset({"40001", "40014", "42001"})
CODES = Codes(
    stale=STALE,
    forbidden=frozenset({"48001"}),
    unreachable=frozenset({"40003", "43004", "43019", "45015", "48002", "50002"}),
    # busy, and too many in this minute; all else answers the same however often it is asked
    throttled=frozenset({"-1", "45011"}),
    gone=frozenset({"40007"}),
    blocking={
        **dict.fromkeys((*STALE, "40013", "40125", "40164", "40243", "45011", "48004", "61004"), 60.0),
        **dict.fromkeys(("89501", "89503", "89506", "89507"), 60.0),
        "45009": 1800.0,
    },
    daily={"45009": 8 * 3600.0},  # or until the owner clears it, 10 times a month
    credentials=frozenset({"40001", "40013", "40125", "40243", "41002", "41004"}),
    address=frozenset({"40164", "61004", "89501", "89503", "89506", "89507"}),
)

_TOKEN = Text(
    "access_token 已失效。通常是另一个系统也在用同一个 AppID 获取 access_token；"
    "请让它改用 stable_token，或只保留一处。",
    "The access token is no longer valid. Usually another system fetches tokens with the same AppID: "
    "let it use stable_token, or keep one of them.",
)
_SECRET = Text(
    "AppSecret 不对或 access_token 已失效。请到微信开发者平台核对 AppSecret（必要时重置）；"
    "若时好时坏，说明另一个系统也在用同一个 AppID 获取 access_token，请让它改用 stable_token。",
    "The AppSecret is wrong or the access token invalid. Compare the AppSecret with the console "
    "(reset it if needed); if it comes and goes, another system fetches tokens with the same AppID: "
    "let it use stable_token.",
)
_IP = Text(
    "服务器 IP {ip} 不在白名单里。请到「微信开发者平台 → 我的业务 → 公众号 / 服务号 → "
    "基础信息 → API IP 白名单」添加它，几分钟后生效。",
    "The server's IP {ip} is not in the allow-list. Add it under [微信开发者平台 → "
    "我的业务 → 公众号 / 服务号 → 基础信息 → API IP 白名单]; it works after a few minutes.",
)
_ASKS = Text(
    "这个 IP 的调用要管理员确认。请公众号管理员在手机微信里点「确认」，或把 IP 加进白名单。",
    "Calls from this IP await the administrator. Let them confirm, or add the IP to the allow-list.",
)
_DENIED = Text(
    "管理员拒绝了来自这个 IP 的调用。请把 IP 加进白名单，等 1 小时（拒绝两次则 24 小时）再试。",
    "The administrator denied calls from this IP. Add it to the allow-list and wait an hour, after two "
    "denials a day.",
)
_BUG = Text(
    "微信认为请求有误。这是程序的问题，请附上错误码反馈给我们。",
    "WeChat finds the request faulty. This is a bug: please report it with the code.",
)
_NOT_ALLOWED = Text(
    "这个账号没有客服消息接口的权限（未认证的公众号都没有）。请关闭「客服消息」改用被动回复，或先完成微信认证。",
    "This account may not send customer-service messages (no unverified account may). "
    "Switch pushing off and answer passively, or verify the account with WeChat.",
)
_WINDOW = Text(
    "已超出 48 小时的回复时限，或对方已取消关注。等对方下次发来消息后才能回复；点击菜单链接不算。",
    "The 48 hours for answering are over, or the person unfollowed. Wait for their next message; "
    "a tap on a menu link does not count.",
)
TEXTS: dict[str, Text] = {
    "account": Text(
        "消息的收件人不是这个公众号：原始 ID 填错了。请到公众号「账号详情」里复制以 gh_ 开头的原始 ID。",
        "Addressed to another account: the original id is wrong. Copy it (gh_…) from the account details.",
    ),
    "-1": Text("微信系统繁忙，会自动重试。", "WeChat is busy; it is tried again."),
    "40001": _SECRET,
    "40125": Text(
        "AppSecret 不对。请到微信开发者平台重置 AppSecret，再填到这里。",
        "The AppSecret is wrong. Reset it on the WeChat Developer Platform and put the new one here.",
    ),
    "40003": Text(
        "这个 OpenID 不属于本公众号，或对方没有关注。请确认 AppID 与回调属于同一个账号。",
        "This OpenID is not a follower of this account. Check that AppID and callback belong to one account.",
    ),
    "40007": Text(
        "文件在微信那边已经过期（临时素材只存 3 天），会重新上传。",
        "The file is no longer at WeChat, which keeps it for 3 days; it is uploaded again.",
    ),
    "40004": _BUG,
    "40005": _BUG,
    "40006": Text("文件太大，微信不收。请换一个小一点的。", "The file is too large for WeChat."),
    "40009": Text("图片太大，微信不收。请换一张小一点的。", "The picture is too large for WeChat."),
    "40010": Text("语音太大，微信不收。", "The voice message is too large for WeChat."),
    "40011": Text("视频太大，微信不收。", "The video is too large for WeChat."),
    "45007": Text("语音超过 60 秒，微信不收。", "Voice of more than 60 s is not taken by WeChat."),
    "45008": _BUG,
    "40013": Text(
        "AppID 不对。请到微信开发者平台重新复制 AppID。",
        "The AppID is wrong. Copy it again from the WeChat Developer Platform.",
    ),
    "40014": _TOKEN,
    "42001": _TOKEN,
    "41001": _BUG,
    "41002": Text("缺少 AppID，请填写。", "The AppID is missing; put it in."),
    "41004": Text("缺少 AppSecret，请填写。", "The AppSecret is missing; put it in."),
    "40033": _BUG,
    "44002": _BUG,
    "44004": _BUG,
    "47001": _BUG,
    "40164": _IP,
    "61004": _IP,
    "40200": Text(
        "这类账号不能使用该接口。请换用服务号或已认证的公众号。",
        "This kind of account cannot use it. Use a service account or a verified one.",
    ),
    "40243": Text(
        "AppSecret 已被冻结。请到微信开发者平台解冻，约 10 分钟后生效。",
        "The AppSecret is frozen. Thaw it on the WeChat Developer Platform; that takes 10 minutes.",
    ),
    "40201": Text(
        "后台还没有填写服务器地址（URL），微信无从检查。请先在「消息与事件推送」里填写并保存。",
        "The console has no server URL yet, so there is nothing to check. "
        "Enter and save it under 消息与事件推送.",
    ),
    "43004": Text(
        "对方没有关注公众号，关注后才能收到消息。",
        "The person does not follow the account and must do so first.",
    ),
    "43019": Text(
        "对方在公众号的黑名单里。要回复请先移出黑名单。",
        "The person is on the account's blacklist. Remove them to answer.",
    ),
    "45002": Text(
        "这段文字太长，微信不收。请让回答更短。", "The text is too long for WeChat. Make the answers shorter."
    ),
    "45009": Text(
        "今天的接口调用次数已用完，0 点后恢复。急用可在微信开发者平台清零（每月 10 次）。",
        "Today's quota is used up and comes back at 0:00. The console can clear it, 10 times a month.",
    ),
    "45011": Text(
        "这一分钟内调用太频繁，请等 1 分钟。", "Too many calls in this minute; wait for one minute."
    ),
    "45015": _WINDOW,
    "45047": Text(
        "对这条消息的回复已达上限（5 条）。剩下的内容等对方下次发来消息后再发；请让回答更短。",
        "The limit of 5 answers to this message is reached. The rest can go after the person's next message; "
        "make the answers shorter.",
    ),
    "45072": _BUG,
    "45080": Text(
        "30 秒内没有互动，不能显示「正在输入」，无需处理。",
        "No interaction in 30 s, so no typing sign; nothing to do.",
    ),
    "45081": Text("「正在输入」已在显示，无需处理。", "The typing sign is already shown; nothing to do."),
    "40029": Text(
        "登录用的 code 无效或已用过。请让小程序重新调用 wx.login，再换一次。",
        "The login code is invalid or was used before. Let the Mini Program call wx.login again.",
    ),
    "40129": Text(
        "内容安全检查的 scene 不对。请改用文档列出的场景值 1–4。",
        "The scene of the content check is wrong. Use one of the documented values, 1 to 4.",
    ),
    "40226": Text(
        "微信判定这个用户是高风险用户，拒绝登录。请不要为其登录，也不要反复重试。",
        "WeChat finds this user a high risk and refuses the login. Do not sign them in, and do not retry.",
    ),
    "43104": Text(
        "内容检查的 OpenID 不属于这个 AppID。请用同一个账号下的 OpenID，并确认对方两小时内打开过。",
        "The OpenID of the content check is not this AppID's. Use one of the same account, seen within 2 h.",
    ),
    "61010": Text(
        "这个人两小时内没有打开过小程序，微信不检查。请按「查不成的时候」处理，或换别的检查。",
        "They did not open the Mini Program in the last 2 h, so WeChat does not check. What is set for that "
        "counts; add another check beside it.",
    ),
    "43302": Text(
        "内容检查的请求方式不对。请改用 POST。", "The content check wants another method. Use POST."
    ),
    "87014": Text(
        "微信认为这段内容有风险。请不要发出，换一种说法。",
        "WeChat finds this content risky. Do not send it; say it in another way.",
    ),
    "89501": _ASKS,
    "89503": _ASKS,
    "89506": _DENIED,
    "89507": _DENIED,
    "48001": _NOT_ALLOWED,
    "48002": Text("对方拒收公众号消息，无法发送。", "The person refuses messages from the account."),
    "48004": Text(
        "接口已被封禁。请登录微信公众平台查看违规通知。",
        "The API is banned. Read the notices on the WeChat console.",
    ),
    "76001": Text("没有这个请求编号（rid）。请核对后重试。", "There is no such request id (rid); check it."),
    "76002": Text("请求编号（rid）的格式不对。", "That is no request id (rid)."),
    "76003": Text("这个请求编号（rid）属于另一个账号。", "That request id (rid) belongs to another account."),
    "76004": Text(
        "这个请求编号（rid）太旧了，微信只保留 7 天。",
        "That request id (rid) is too old; WeChat keeps them for 7 days.",
    ),
    "76021": Text("微信没有这个接口路径。", "WeChat has no such API path."),
    "76022": Text(
        "这个账号没有该接口的权限，查不到额度。", "This account may not use that API, so it has no quota."
    ),
    "65400": Text(
        "公众号还没有开通客服功能，转不了人工。请到「公众平台 → 客服」开通并添加客服人员，"
        "或在这里关闭「转人工时转到微信客服后台」。",
        "The account has no customer service yet, so nobody can be handed over. Set it up in the console "
        "under [客服] and add people, or switch handing over off here.",
    ),
    "65401": Text(
        "没有这个客服账号。请核对「指定客服账号」，形如 test1@gh_xxx。",
        "There is no such servicer. Compare the servicer's account, like test1@gh_xxx.",
    ),
    "65414": Text(
        "对方正由另一位客服接待，等那位客服结束会话。",
        "Another servicer has them; wait until that one ends the session.",
    ),
    "65415": Text(
        "指定的客服不在线。请让对方登录客服后台，或换一位。",
        "The servicer is not online. Let them log in, or name another one.",
    ),
    "50002": Text("对方的账号受限，无法发送。", "The person's account is limited; nothing can be sent."),
}
ANSWERS = Answers(WORDS.platform, CODES, TEXTS, IP, TRACE)
failure = ANSWERS.failure
