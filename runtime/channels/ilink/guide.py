"""What the owner is told of their own WeChat as a surface: what it is, and what it is not."""

from collections.abc import Sequence

from runtime.channels import Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("微信", "WeChat"),
    console=Text("手机微信", "WeChat on the phone"),
    account=Text("微信里的机器人", "bot in WeChat"),
    proof=Text("扫码", "scan"),
)
PROFILE = Profile(
    audience="oneself",
    writes=Text("扫码的那一个人，在自己的微信里", "The one person who scans, in their own WeChat"),
    needs=Text(
        "手机微信 8.0.70 或更新（安卓 8.0.69），扫一次码；不需要域名、服务器和公司",
        "WeChat 8.0.70 or newer on the phone (Android 8.0.69) and one scan; no domain, server or company",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "腾讯官方的机器人接口，不会因此封号。只有自己能聊，没有群；"
        "对方 24 小时没说话就不能再发，每条消息约能回 10 次；在别处重新扫码会断开这里",
        "Tencent's own bot interface, so no account is banned for it. Only you, no groups; nothing can be "
        "sent 24 hours after your last message, and about 10 answers to each; a scan elsewhere ends it here",
    ),
    public_address=False,
    family=WECHAT,
)
UNOFFICIAL = Note(
    Text("这不是那些「微信机器人协议」", "This is none of the unofficial protocols"),
    Text(
        "冒充手机或电脑登录微信的做法（itchat、gewechat、wechatpad 等）能进群、能读好友，"
        "但没有得到腾讯允许，封号是已知的风险，这里不提供。这里用的是腾讯 2026 年开放的官方接口。",
        "Programs that pose as a phone or computer signed in to WeChat (itchat, gewechat, wechatpad …) reach "
        "groups and friends, but Tencent does not allow them, accounts get banned, and they are not offered "
        "here. This is the interface that Tencent opened in 2026.",
    ),
)
GUIDE = Guide(
    ask=(),
    rare=(),
    title=Text("用手机微信扫码", "Scan with WeChat"),
    where=Text(
        "什么都不用填。发布后这里会出现一个二维码，用手机微信扫一扫并确认，就接好了。",
        "There is nothing to enter. A code appears here after publishing: scan it with WeChat on your phone, "
        "confirm, and it is live.",
    ),
    advice=(UNOFFICIAL,),
    paste=Text("不用复制任何东西。", "There is nothing to copy."),
)
SYMPTOMS: Sequence[Symptom] = (
    symptom(
        "ilink_session",
        r"(ilink|clawbot|个人微信|扫码).{0,20}(-14|掉线|失效|session)|-14\b",
        Text(
            "个人微信掉线（-14）：这个机器人在别处扫了码，或请求少了头。请在发布页重新扫码；"
            "一个微信只接一处。",
            "A personal WeChat is signed out (-14): the bot was scanned elsewhere, or headers are missing. "
            "Scan again on the publish page; one WeChat is in one place only.",
        ),
    ),
    symptom(
        "ilink_stops",
        r"(ilink|clawbot|个人微信).{0,30}(十|10).{0,8}(条|parts|messages)|(发|sen).{0,10}(10|十).{0,6}(条"
        r"|parts).{0,10}(停|stop)",
        Text(
            "个人微信发了约 10 条就停：对方发一条消息只给这么多额度。请让回答更短、合并成几条；"
            "等对方再发一条就恢复。",
            "A personal WeChat stops after about 10 parts: that is what one message of theirs allows. Make "
            "answers shorter and fewer; it goes on when they write again.",
        ),
    ),
)
