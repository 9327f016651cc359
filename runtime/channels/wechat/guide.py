"""What the owner of an Official Account is told: what to look up, what to copy, what else to see to."""

from runtime.channels import Guide, Note, Profile, Words
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("微信", "WeChat"),
    console=Text("微信后台", "WeChat's console"),
    account=Text("公众号", "Official Account"),
    proof=Text("Token", "Token"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text("任何关注公众号的微信用户", "Anyone in WeChat who follows the account"),
    needs=Text(
        "一个公众号，个人的、未认证的都行（认证后才能主动发消息）；一个微信访问得到的网址（80 或 443 端口）",
        "An Official Account, also a personal or unverified one (only verified ones may push), and an "
        "address that WeChat can reach on port 80 or 443",
    ),
    cost=Text("免费；认证由微信收取，每年 300 元", "Free; WeChat charges 300 yuan a year for verifying"),
    risk=Text(
        "官方接口，不会因此封号。未认证的账号约 15 秒内答不完时，要用户再发一句才能看到回答",
        "Tencent's own API, so no account is banned for it. On an unverified account an answer that takes "
        "over 15 seconds is shown when the person writes again",
    ),
    public_address=True,
    family=WECHAT,
    foremost=True,
    mark_asked=True,
)
UNVERIFIED = Note(
    Text("账号没有认证？请关闭「可以发客服消息」", "Account not verified? Turn off “May push messages”"),
    Text(
        "未认证的账号只能在收到消息后约 15 秒内回复。关闭后，来不及的回答会先回一句话，"
        "用户再发任意内容就能收到，不会丢。",
        "Unverified accounts can only reply within about 15 seconds. When off, a late answer is announced "
        "and delivered when the person writes again; nothing is lost.",
    ),
)
GUIDE = Guide(
    ask=("app_id", "app_secret", "original_id"),
    rare=("mode", "handover", "kf_account"),
    title=Text("填写公众号信息", "Your Official Account"),
    where=Text(
        "打开微信开发者平台，扫码登录 → 我的业务 → 公众号 / 服务号 → 基础信息，可以看到 AppID 和原始 ID；"
        "AppSecret 在同一页「开发密钥」处重置后复制。",
        "WeChat Developer Platform (微信开发者平台), scan to log in → 我的业务 → 公众号 / 服务号 → 基础信息 "
        "shows the AppID and the original id; reset and copy the AppSecret under 开发密钥.",
    ),
    advice=(UNVERIFIED,),
    paste=Text(
        "微信开发者平台 → 我的业务 → 公众号 / 服务号 → 消息与事件推送 → 修改配置，"
        "按下面的顺序逐项粘贴，再点「保存」。",
        "微信开发者平台 → 我的业务 → 公众号 / 服务号 → 消息与事件推送 → 修改配置: paste in this order, "
        "then save.",
    ),
)
ORIGINAL_ID = Text("原始 ID", "Original id")
URL = Text("URL（服务器地址）", "URL (服务器地址)")
TOKEN = Text("Token（令牌）", "Token (令牌)")
AES_KEY = Text("EncodingAESKey（消息加解密密钥）", "EncodingAESKey (消息加解密密钥)")
MODE = Text("消息加解密方式与数据格式", "Encryption and data format")
CHOOSE = {
    "safe": Text("选「安全模式」", "Choose safe mode (安全模式)"),
    "plain": Text("选「明文模式」", "Choose plain text (明文模式)"),
}
FORMAT = Text("数据格式选 XML", "Data format XML")
ALLOW_LIST = Note(
    Text("别忘了 IP 白名单", "Mind the IP whitelist"),
    Text(
        "在同一平台的「基础信息 → 开发密钥 → API IP 白名单」里加上这台服务器的公网 IP，"
        "否则较慢的回答发不出去（错误 40164）。",
        "On the same platform, 基础信息 → 开发密钥 → API IP 白名单: add this server's public IP, or slower "
        "answers cannot be sent (error 40164).",
    ),
)
PLAIN = Note(
    Text("明文模式不安全", "Plaintext mode is weak"),
    Text(
        "明文模式只签了时间，没有签内容：谁在路上看到一次请求，就能抢在微信前面伪造一条消息。只给测试号用；"
        "正式的账号请把后台和这里都改成安全模式。",
        "In plaintext mode the signature covers the time, not the content: whoever sees one request on its "
        "way can forge a message before WeChat's arrives. Only for test accounts; for real ones choose safe "
        "mode in the console and here.",
    ),
)
