"""What the owner of a WhatsApp business number is told."""

from runtime.channels import Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("WhatsApp", "WhatsApp"),
    console=Text("Meta 开发者后台", "Meta's developer console"),
    account=Text("号码", "number"),
    proof=Text("应用密钥", "app secret"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text(
        "WhatsApp 上的任何人，也包括只有用户名、不显示号码的人",
        "Anyone on WhatsApp, also who shows a username and no number",
    ),
    needs=Text(
        "Meta 开发者账号、一个 WhatsApp 商业号码（测试号也行）、一个公网 HTTPS 地址",
        "A Meta developer account, a WhatsApp business number (a test number will do) and a public HTTPS "
        "address",
    ),
    cost=Text(
        "回答免费；主动发的模板消息由 Meta 按条收费",
        "Answers are free; templates that are sent unasked are charged by Meta",
    ),
    risk=Text(
        "Meta 官方接口，不会因此封号；乱发推广会。对方 24 小时没说话后只能发审核过的模板。"
        "中国大陆访问不到，要设代理",
        "Meta's own API: nobody is banned for using it, but for spam. 24 hours after a person's message "
        "only approved "
        "templates may be sent. It cannot be reached from mainland China without a proxy",
    ),
    public_address=True,
)
GUIDE = Guide(
    ask=("phone_number_id", "access_token", "app_secret", "template", "template_language"),
    rare=("graph_version",),
    title=Text("填写 WhatsApp 商业号码的信息", "Your WhatsApp business number"),
    where=Text(
        "developers.facebook.com → 我的应用 → 创建应用（商业）→ 添加 WhatsApp。API 设置页上有电话号码编号；"
        "设置 → 基本里有应用密钥；商务管理平台 → 系统用户 → 生成永久令牌。",
        "developers.facebook.com, My Apps, create a Business app, add WhatsApp. API Setup shows the phone "
        "number ID; "
        "App settings, Basic the app secret; Business settings, System users a permanent token.",
    ),
    advice=(),
    paste=Text(
        "应用 → WhatsApp → 配置 → Webhook → 编辑：粘贴下面两项，点验证并保存；再在「Webhook 字段」里订阅 "
        "messages。",
        "App, WhatsApp, Configuration, Webhook, Edit: paste these two, verify and save; then subscribe to "
        "the field "
        "messages.",
    ),
)
SUBSCRIBE = Note(
    Text("订阅 messages", "Subscribe to messages"),
    Text(
        "验证通过后还要在「Webhook 字段」里订阅 messages，否则收不到任何消息。",
        "After the address is verified, subscribe to the webhook field messages: without it nothing comes.",
    ),
)
SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "whatsapp_nothing_comes",
        r"whatsapp.*(收不到|没有消息|no messages|nothing (comes|arrives))",
        Text(
            "多半没有订阅 messages 字段，或应用还没上线（开发模式只收测试号）。请在应用的 Webhooks 里订阅 "
            "messages，再切换到上线。",
            "Most likely the field messages is not subscribed, or the app is not live (in development "
            "only test "
            "numbers reach it). Subscribe to messages under the app's webhooks, then make the app live.",
        ),
    ),
    symptom(
        "whatsapp_window",
        r"131047|re-?engagement message|24.?(小时|hour).*whatsapp",
        Text(
            "对方 24 小时没说话。等对方再写来，或在设置里填上审核过的模板。",
            "The person has not written for 24 hours. Wait for their next message, or enter an approved "
            "template.",
        ),
    ),
    symptom(
        "whatsapp_token",
        r"Session has expired|Error validating access token|OAuthException.*190|code.{0,4}190\b",
        Text(
            "用的是临时令牌，24 小时就失效。请换成系统用户的永久令牌。",
            "A temporary token was used, which lasts 24 hours. Use a system user's permanent one.",
        ),
    ),
    symptom(
        "whatsapp_test_number",
        r"131030|Recipient phone number not in allowed list",
        Text(
            "测试号只能发给名单里的号码。请在 API 设置里加上。",
            "A test number reaches listed numbers only. Add it under API Setup.",
        ),
    ),
    symptom(
        "whatsapp_signature",
        r"whatsapp.{0,24}(signature|签名)",
        Text(
            "WhatsApp 的签名对不上：框架在计算前重新拼了正文。请用收到的原始字节计算 HMAC。",
            "A WhatsApp signature does not fit: the framework put the body together anew before the hash. "
            "Take the HMAC over the bytes as they came.",
        ),
    ),
    symptom(
        "whatsapp_from",
        r"whatsapp.{0,40}(from\b|keyerror)|keyerror.{0,6}'?from'?",
        Text(
            "WhatsApp 消息里没有 from：用用户名的用户只有 from_user_id。请改用 from_user_id。",
            "A WhatsApp message has no from: people with a username have a from_user_id only. Use that one.",
        ),
    ),
)
