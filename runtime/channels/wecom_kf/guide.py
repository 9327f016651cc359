"""What the owner of a WeChat Customer Service account is told: what to look up, what to copy, what else."""

from runtime.channels import Guide, Note, Profile, Words
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
