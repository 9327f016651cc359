"""What the owner of a WeChat Customer Service account is told: what to look up, what to copy, what else."""

from collections.abc import Sequence

from runtime.channels import Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("微信客服", "WeChat Customer Service"),
    console=Text("企业微信管理后台", "WeCom's console"),
    account=Text("客服账号", "customer-service account"),
    proof=Text("Token", "Token"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text(
        "任何微信用户：扫码、点链接、从公众号菜单、小程序、视频号进来，不用关注",
        "Anyone in WeChat, without following: by a code or link, from an Official Account's menu, a Mini "
        "Program or Channels",
    ),
    needs=Text(
        "一个企业微信（建议认证，未认证能接待的人数有限）；一个自建应用，"
        "列在「微信客服 → 可调用接口的应用」；一个公网网址",
        "A WeCom enterprise, better verified, as others may serve few people; an app of its own that is "
        "listed under 微信客服 → 可调用接口的应用; and a public address",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。客户写一次，48 小时内最多回 5 条；转人工后由企业成员在企业微信里接待",
        "Tencent's own API, so nobody is banned for it. 5 messages within 48 hours of each of theirs; "
        "members of the enterprise answer in WeCom whoever wants a human",
    ),
    public_address=True,
    family=WECHAT,
    mark_asked=True,
)
MENUS = Note(
    Text("回答里可以带菜单", "Answers may end in a menu"),
    Text(
        "在回答最后写几行「- [查订单](menu:查订单)」，客户看到的就是可以点的菜单。",
        "Lines such as “- [Orders](menu:orders)” at the end of an answer are shown as a menu to tap.",
    ),
)
GUIDE = Guide(
    ask=("corp_id", "secret", "open_kfid"),
    rare=("servicer_userid",),
    title=Text("填写微信客服的信息", "Your customer-service account"),
    where=Text(
        "企业微信管理后台 work.weixin.qq.com → 应用管理 → 微信客服：先在「API」里把一个自建应用"
        "设为可调用接口，并把客服账号交给它管理。Secret 在那个应用的页面；open_kfid 在客服账号的详情里；"
        "企业 ID 在「我的企业 → 企业信息」最下面。",
        "WeCom's console work.weixin.qq.com → 应用管理 → 微信客服: under API let an app of your own call, "
        "and give it the account. The Secret is on that app's page, the open_kfid in the account's details, "
        "the CorpID at the end of 我的企业 → 企业信息.",
    ),
    advice=(MENUS,),
    paste=Text(
        "微信客服 → API → 回调配置（旧企业在微信客服自己的页面），按下面的顺序逐项粘贴，再点「保存」。",
        "微信客服 → API → 回调配置 (older enterprises: on the page of 微信客服 itself): paste in this order, "
        "then save.",
    ),
)
ENTRY = Note(
    Text("客户从哪里进来", "How customers get there"),
    Text(
        "企业微信管理后台 → 应用管理 → 微信客服 → 这个客服账号 → 接入场景：复制链接或下载二维码，"
        "也可以放到公众号菜单、小程序和视频号里。先用自己的微信打开链接，发一句话试试。",
        "WeCom's console → 应用管理 → 微信客服 → the account → 接入场景: copy its link or QR code, or put it "
        "into an Official Account's menu, a mini program, Channels. Open it with your own WeChat and write.",
    ),
)
TRUSTED = Note(
    Text("加上企业可信 IP", "Trust this server's address"),
    Text(
        "在那个自建应用页面最下面的「企业可信IP」里加上这台服务器的公网 IP，"
        "否则收不到也发不出（错误 60020）。",
        "Add this server's public IP under 企业可信IP at the end of that app's page, or nothing comes or "
        "goes (error 60020).",
    ),
)
SYMPTOMS: Sequence[Symptom] = (
    symptom(
        "kf_lost",
        r"(客服|kf).{0,16}(丢|漏|少|lost|miss)",
        Text(
            "微信客服丢消息：只处理了最后一条、没有翻完 has_more 的页，或没有保存游标。"
            "鸿雁会翻完每一页再存游标；请检查是不是还有别的程序在拉取。",
            "WeChat Customer Service loses messages: only the last item was handled, pages with has_more "
            "were left, or the cursor was not kept. Hongyan reads every page; see whether another program "
            "pulls, too.",
        ),
    ),
    symptom(
        "kf_state",
        r"95018",
        Text(
            "微信客服发不出（95018）：会话正在排队、由人工接待或已结束。请等会话回到智能助手，"
            "或让对方再发一条消息。",
            "WeChat Customer Service cannot send (95018): the session waits, is with a person, or is over. "
            "Wait until it is the assistant's again, or for the customer's next message.",
        ),
    ),
    symptom(
        "kf_permission",
        r"(客服|kf).{0,16}(48002|60011|权限|permission)|(48002|60011).{0,16}(客服|kf)",
        Text(
            "微信客服没有权限（48002 / 60011）：应用没有列在「可调用接口的应用」里，"
            "或接待人员不在应用的可见范围。请在微信客服后台的「API」里添加应用，并放宽可见范围。",
            "WeChat Customer Service is not allowed (48002, 60011): the app is not listed as a caller, or a "
            "servicer is outside of its visible range. Add the app under API in the kf console, and widen "
            "the range.",
        ),
    ),
)
