"""What the owner of a third-party platform is told: what to look up, what to copy, what else to see to."""

from runtime.channels import Guide, Note, Profile, Scope, Words
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("微信", "WeChat"),
    console=Text("微信开放平台", "the WeChat Open Platform"),
    account=Text("公众号", "Official Account"),
    proof=Text("Token", "Token"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text(
        "任何关注已授权公众号的微信用户",
        "Anyone in WeChat who follows an account that consented",
    ),
    needs=Text(
        "微信开放平台上一个属于自己的第三方平台（要企业主体和审核）；一个微信访问得到的网址。公众号的主人"
        "只需扫码，不用交出 AppSecret",
        "A third-party platform of your own on the WeChat Open Platform (a company and a review), and an "
        "address that WeChat can reach. Owners of accounts only scan, and give no AppSecret away",
    ),
    cost=Text(
        "开放平台认证由微信收取，每年 300 元；授权免费",
        "WeChat charges 300 yuan a year for verifying the Open Platform account; consents are free",
    ),
    risk=Text(
        "官方接口。全网发布之前只有登记过的测试号能授权；公众号的主人随时可以取消授权",
        "Tencent's own API. Before its release only accounts that you list can consent; an account's owner "
        "may take the consent back at any time",
    ),
    public_address=True,
    family=WECHAT,
    mark_asked=True,
)
GUIDE = Guide(
    ask=("component_app_id", "component_app_secret"),
    rare=("released", "handover", "kf_account"),
    title=Text("填写第三方平台信息（只填一次）", "Your third-party platform (entered once)"),
    where=Text(
        "打开微信开放平台 → 管理中心 → 第三方平台 → 详情，可以看到 AppID，AppSecret 重置后复制。"
        "已经填过的第三方平台不用再填，直接生成二维码。",
        "WeChat Open Platform → 管理中心 → 第三方平台 → 详情 shows the AppID; reset and copy the AppSecret. "
        "One that was entered before need not be entered again.",
    ),
    advice=(
        Note(
            Text("只有一个公众号？用「微信公众号」就好", "Just one account of your own?"),
            Text(
                "第三方平台是给替很多公众号服务的人用的。自己的公众号，直接选「微信公众号」更简单。",
                "A third-party platform is for whoever serves many accounts. For your own, choose “WeChat "
                "Official Account”: that is simpler.",
            ),
        ),
    ),
    paste=Text(
        "微信开放平台 → 管理中心 → 第三方平台 → 详情 → 开发配置，逐项粘贴再保存。保存后微信每 10 分钟推送一次"
        " ticket，收到第一个，二维码就会出现。",
        "WeChat Open Platform → 管理中心 → 第三方平台 → 详情 → 开发配置: paste each and save. From then on "
        "WeChat sends a ticket every 10 minutes, and the code appears with the first.",
    ),
)
EVENTS_URL = Text("授权事件接收配置", "URL of consents (授权事件接收配置)")
MESSAGES_URL = Text("消息与事件接收配置", "URL of messages (消息与事件接收配置)")
TOKEN = Text("消息校验 Token", "Token (消息校验Token)")
AES_KEY = Text("消息加解密 Key", "Message key (消息加解密Key)")
DOMAIN = Text("授权发起页域名", "Domain of the page with the code (授权发起页域名)")
ALLOW_LIST = Note(
    Text("别忘了白名单 IP", "Mind the IP whitelist"),
    Text(
        "在同一页的「白名单 IP 地址列表」里加上这台服务器的公网 IP，否则取不到令牌（错误 61004）。",
        "On the same page, 白名单IP地址列表: add this server's public IP, or there are no tokens (error "
        "61004).",
    ),
)
NOT_ALLOWED = Text("授权里缺少「{scope}」", "The consent lacks “{scope}”")
AGAIN = Text(
    "{why}请让公众号的管理员重新扫码，授权时勾选它。",
    "{why} Let the account's administrator scan again and tick it.",
)
MESSAGES = Scope(
    Text("消息管理权限", "messages (消息管理权限)"),
    Text("收不到消息，也不能回复。", "Nothing comes in, and nothing can be answered."),
)
MENUS = Scope(
    Text("自定义菜单权限", "menus (自定义菜单权限)"), Text("菜单改不了。", "Its menu cannot be changed.")
)
MATERIAL = Scope(
    Text("素材管理权限", "material (素材管理权限)"),
    Text("回答里的图片和语音发不出去，只发文字。", "Pictures and voice in answers are sent as text."),
)
SERVICERS = Scope(
    Text("多客服权限", "customer service (多客服权限)"),
    Text("转不了人工。", "Nobody can be handed over."),
)
