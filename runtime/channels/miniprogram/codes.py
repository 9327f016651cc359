"""What api.weixin.qq.com answers to a Mini Program, as an outcome.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
"""

import re

from runtime.channels import Codes
from runtime.channels._tencent.answers import Answers
from runtime.channels.miniprogram.guide import WORDS
from runtime.lang import Text

IP = re.compile(r"invalid ip ([0-9A-Fa-f.:]{3,45})")
TRACE = re.compile(r"(?P<name>rid): ?(?P<value>[\w-]{1,64})")
STALE = frozenset({"40001", "40014", "42001"})
CODES = Codes(
    stale=STALE,
    forbidden=frozenset({"48001"}),
    unreachable=frozenset({"40003", "43004", "43101", "45015", "45047", "48002"}),
    throttled=frozenset({"-1", "45011"}),
    blocking={
        **dict.fromkeys((*STALE, "40013", "40125", "40164", "61004"), 60.0),
        "45009": 1800.0,
    },
    daily={"45009": 8 * 3600.0},
    credentials=frozenset({"40001", "40013", "40125", "41002", "41004"}),
    address=frozenset({"40164", "61004"}),
)
OTHER_CODE = frozenset({"40029", "40163", "41008"})
"""Of a sign-in: another code helps."""
NO_TEMPLATE = Text(
    "没有设置订阅消息模板，不能主动通知。请在这个发布的设置里填模板 ID。",
    "No template of subscription messages is set, so nobody can be told anything unasked. Enter its "
    "id in this "
    "publication's settings.",
)
BUSY = Text("微信太忙，请稍后再试。", "WeChat is busy; try again a little later.")
SECRET = Text(
    "AppID 或 AppSecret 不对。请到小程序后台「开发管理 → 开发设置」核对；AppSecret 忘了就重置。",
    "The AppID or AppSecret is wrong. Compare them with the console's development settings; a lost "
    "AppSecret "
    "is reset there.",
)
ADDRESS = Text(
    "服务器 IP {ip} 不在白名单里。请到小程序后台「开发管理 → 开发设置 → IP 白名单」添加。",
    "The server's IP {ip} is not in the allow-list. Add it in the console's development settings.",
)
TEXTS = {
    "-1": BUSY,
    "40001": SECRET,
    "40013": SECRET,
    "40125": SECRET,
    "41002": SECRET,
    "41004": SECRET,
    "40029": Text(
        "wx.login 的 code 不对：每个只能用一次，5 分钟内有效，而且要来自同一个小程序。请重新调用 wx.login。"
        "开发者工具里用测试号登录，拿到的 code 也会这样。",
        "The code of wx.login does not count: each is good once, for 5 minutes, and of the same Mini "
        "Program. Call wx.login again. Codes of the tool's test account end like this, too.",
    ),
    "40163": Text(
        "这个 code 已经用过了。请重新调用 wx.login。", "This code was used already. Call wx.login again."
    ),
    "41008": Text("没有给 code。请先调用 wx.login。", "No code was given. Call wx.login first."),
    "40226": Text(
        "微信认为这个账号有风险，不让它登录。过一阵会自动恢复；用户可以在微信里申诉。",
        "WeChat takes this account for risky and does not let it sign in. It passes by itself; its "
        "owner may "
        "appeal in WeChat.",
    ),
    "45011": Text(
        "登录太频繁了：每个用户每分钟最多 100 次。请检查小程序是否在反复调用 wx.login。",
        "Too many sign-ins: 100 a minute for each person. Check whether the Mini Program calls wx.login "
        "again and again.",
    ),
    "40003": Text("这个 OpenID 不是这个小程序的用户。", "This OpenID is nobody's of this Mini Program."),
    "40037": Text(
        "订阅消息的模板 ID 不对，请从后台「订阅消息」里复制。", "There is no such template; copy its id."
    ),
    "41030": Text("通知要打开的页面不存在。", "The page that the notice opens is not there."),
    "43101": Text(
        "用户没有同意订阅，或同意的次数用完了：一次同意只能发一条。",
        "They did not agree to be told, or each yes is used up: one message each.",
    ),
    "45009": Text("今天的调用次数用完了，明天恢复。", "Today's calls are used up; they come back tomorrow."),
    "45015": Text("用户 48 小时内没有发过消息，不能回复了。", "They did not write within 48 hours."),
    "45047": Text(
        "客服消息发到上限了：用户再发一条才能继续。",
        "The limit of customer-service messages is reached until they write again.",
    ),
    "47003": Text(
        "模板的字段填得不对：字段名要和模板一致，thing 类不能超过 20 个字。请核对「模板的字段」。",
        "The template's fields are wrong: names as in the template, 20 characters for a thing. "
        "Check its fields.",
    ),
    "48001": Text("这个小程序没有这个接口的权限。", "This Mini Program may not use this API."),
    "61010": Text(
        "这位用户两小时内没有用过小程序，内容审核不能查。",
        "They did not use the Mini Program within two hours, so its check cannot be asked.",
    ),
    "no_template": NO_TEMPLATE,
    "40164": ADDRESS,
    "61004": ADDRESS,
}
ANSWERS = Answers(WORDS.platform, CODES, TEXTS, IP, TRACE)
