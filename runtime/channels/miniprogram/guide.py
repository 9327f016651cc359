"""What the owner of a Mini Program is told: what to look up, what to copy where, what else to see to."""

from collections.abc import Sequence

from runtime.channels import Domain, Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.channels._tencent.family import WECHAT
from runtime.lang import Text

WORDS = Words(
    platform=Text("微信", "WeChat"),
    console=Text("小程序后台", "the Mini Program's console"),
    account=Text("小程序", "Mini Program"),
    proof=Text("Token（令牌）", "Token"),
    try_it=Text(
        "下载下面的工程，在微信开发者工具里打开，说一句话试试。",
        "Download the project below, open it in WeChat's developer tools, and say something.",
    ),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text("打开小程序的任何微信用户", "Anyone on WeChat who opens the Mini Program"),
    needs=Text(
        "一个小程序（AI 问答类目只对企业开放）和一个备案过的 https 域名",
        "A Mini Program (the category for AI answers is for companies alone) and a registered https domain",
    ),
    cost=Text("注册免费，认证每年收费", "Registering is free; verification costs yearly"),
    risk=Text(
        "官方接口。含 AI 问答的小程序要选「深度合成 → AI 问答」类目并备案算法，否则审核不过",
        "Tencent's own API. With AI answers it needs the category [深度合成 → AI问答] and a filing, "
        "else review "
        "refuses it",
    ),
    public_address=True,
    family=WECHAT,
    mark_asked=True,
)
GUIDE = Guide(
    ask=("app_id", "app_secret"),
    rare=(
        "token",
        "mode",
        "encoding_aes_key",
        "original_id",
        "template_id",
        "template_data",
        "template_page",
    ),
    title=Text("填写小程序信息", "Your Mini Program"),
    where=Text(
        "小程序后台（mp.weixin.qq.com）→ 开发管理 → 开发设置，可以看到 AppID；AppSecret "
        "在同一页生成，只显示一次。",
        "The Mini Program's console (mp.weixin.qq.com), 开发管理 → 开发设置, shows the AppID; the "
        "AppSecret is made "
        "on the same page and shown once.",
    ),
    advice=(),
    paste=Text(
        "小程序后台 → 开发管理 → 服务器域名，逐项粘贴。要收客服消息，再到「消息推送」里粘贴 "
        "URL、Token 和密钥，数据格式选 JSON。",
        "The console, 开发管理 → 服务器域名: paste each. For customer-service messages also "
        "消息推送: URL, Token and "
        "key, data format JSON.",
    ),
)
REQUEST = Text("request 合法域名", "request domain (request 合法域名)")
SOCKET = Text("socket 合法域名", "socket domain (socket 合法域名)")
UPLOAD = Text("uploadFile 合法域名", "uploadFile domain (uploadFile 合法域名)")
DOWNLOAD = Text("downloadFile 合法域名", "downloadFile domain (downloadFile 合法域名)")
DOMAINS = (
    ("request", REQUEST, "https"),
    ("socket", SOCKET, "wss"),
    ("upload", UPLOAD, "https"),
    ("download", DOWNLOAD, "https"),
)
"""Where the console asks for our host: a line's name, its label there, and with what it begins."""
NO_DOMAINS = Text("四个服务器域名", "The four server domains")
NO_HOST = Text("先填好上面的公网地址", "Enter the public address above first")
URL = Text("消息推送的 URL（服务器地址）", "URL of message push (服务器地址)")
TOKEN = Text("Token（令牌）", "Token (令牌)")
AES_KEY = Text("EncodingAESKey（消息加密密钥）", "EncodingAESKey (消息加密密钥)")
MODE = Text("消息加密方式与数据格式", "Encryption and data format")
CHOOSE = {
    "safe": Text("选「安全模式」", "Choose safe mode (安全模式)"),
    "plain": Text("选「明文模式」", "Choose plain text (明文模式)"),
}
FORMAT = Text("数据格式选 JSON", "Data format JSON")
ORIGINAL_ID = Text("原始 ID", "Original id")
DOMAIN = Note(
    Text("域名要备案，用 https", "A registered domain, by https"),
    Text(
        "服务器域名只收备案过的 https 域名，不能是 IP，端口要一致；改了以后，"
        "手机上要删掉小程序重新打开才生效。",
        "Only domains with an ICP filing and https are taken, no IP addresses, and the port counts. "
        "After a change "
        "delete the Mini Program on the phone and open it anew.",
    ),
)
NAME = Domain(
    Text(
        "域名要有 ICP 备案（不论服务器在哪里，没备案的填不进「服务器域名」）。这里查不了备案，"
        "请到 beian.miit.gov.cn 查一下；四项域名在「发布」页，逐项粘贴。",
        "The name has to be filed [ICP 备案], wherever the server stands: others are not taken as server "
        "domains. That cannot be asked from here: look it up at beian.miit.gov.cn. The four domains to "
        "paste are on the publish page.",
    ),
    frozenset({"api.weixin.qq.com"}),
)
"""https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html"""
PRIVACY = Note(
    Text("填写「用户隐私保护指引」", "Fill in the privacy guide"),
    Text(
        "小程序后台 → 设置 → 服务内容声明：写明会收集聊天内容、图片和录音，不填的接口调用会失败。",
        "The console, 设置 → 服务内容声明: say that what people write, pictures and recordings are "
        "collected, or "
        "those calls fail.",
    ),
)
PLAIN = Note(
    Text("明文模式不安全", "Plaintext mode is weak"),
    Text(
        "明文模式没有签内容，推送可能被伪造。请把后台和这里都改成安全模式。",
        "In plaintext mode the content is not signed, so pushes can be forged. Choose safe mode in "
        "the console and "
        "here.",
    ),
)
SYMPTOMS: Sequence[Symptom] = (
    symptom(
        "mini_program_on_phone",
        r"(小程序|mini ?program).{0,24}(真机|手机|request|请求|phone).{0,16}(失败|不通|fail)"
        r"|url not in domain list|不在以下 request 合法域名",
        Text(
            "小程序在电脑上正常、手机上请求失败：域名没有配置为合法域名、没有备案，或证书链不完整。"
            "请在小程序后台添加 request 合法域名，并用体检查证书。",
            "A Mini Program works on the desk and fails on the phone: the domain is not on its list, not "
            "filed, or its certificate chain is incomplete. Add it to the request domains, and look at "
            "“Certificate” of the check-up.",
        ),
    ),
)
