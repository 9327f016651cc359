"""What the owner of a Telegram bot is told."""

from runtime.channels import Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("Telegram", "Telegram"),
    console=Text("Telegram 里的 @BotFather", "@BotFather"),
    account=Text("机器人", "bot"),
    proof=Text("Webhook 密钥", "webhook secret"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text(
        "Telegram 上的任何人，也可以在群里 @ 它", "Anyone on Telegram; in groups whoever mentions it"
    ),
    needs=Text(
        "Telegram 账号，向 @BotFather 要一个机器人；服务器要能访问 api.telegram.org。不需要域名",
        "A Telegram account and a bot from @BotFather; a server that can reach api.telegram.org. No domain",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。中国大陆访问不到 Telegram，要设代理。谁有 Bot Token 谁就能冒充机器人，"
        "请保管好",
        "Telegram's own API, so nobody is banned for it. It cannot be reached from mainland China without "
        "a proxy. "
        "Whoever has the bot token can pose as the bot: keep it",
    ),
    public_address=False,
)
GUIDE = Guide(
    ask=("mode", "bot_token", "username"),
    rare=(),
    title=Text("填写机器人的信息", "Your bot"),
    where=Text(
        "在 Telegram 里找 @BotFather，发 /newbot，起名字，它会给一个 Bot Token，复制到这里。"
        "已有的机器人：发 /token 再选它。",
        "In Telegram write /newbot to @BotFather and name your bot; it gives a token: copy it here. For a "
        "bot that you "
        "have: /token.",
    ),
    advice=(),
    paste=Text(
        "不用复制任何东西，地址由我们告诉 Telegram。",
        "There is nothing to copy: we tell Telegram the address.",
    ),
    called=("mode", "webhook"),
)
ONE = Note(
    Text("一个机器人只接一处", "One bot, one place"),
    Text(
        "如果这个机器人正在别的程序里用，请先停掉那边：两边会互相抢消息。",
        "If another program uses this bot, stop it first: the two would take each other's messages.",
    ),
)
GROUPS = Note(
    Text("在群里", "In groups"),
    Text(
        "把机器人拉进群就能用。它只看被 @、被回复和以 / 开头的消息。想让它看到 @，"
        "到 @BotFather 用 /setprivacy 关掉隐私模式，再重新拉进群。",
        "Add the bot to a group. It answers when it is mentioned, replied to, or given a /command. For "
        "mentions to reach "
        "it, turn privacy off with /setprivacy at @BotFather, then add it to the group again.",
    ),
)
SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "telegram_conflict",
        r"terminated by other getUpdates|can't use getUpdates method while webhook",
        Text(
            "同一个机器人在两处取消息，或还设着 webhook。停掉另一个程序，再重新发布一次。",
            "The same bot is read in two places, or a webhook is set. Stop the other program and publish "
            "again.",
        ),
    ),
    symptom(
        "telegram_unauthorized",
        r"telegram.*(401|Unauthorized)|Unauthorized.*telegram|bot token.*(invalid|不对|无效)",
        Text(
            "Bot Token 不对，或在 @BotFather 里被换掉了。用 /token 重新复制，再发布一次。",
            "The bot token is wrong or was revoked at @BotFather. Copy it anew (/token) and publish again.",
        ),
    ),
    symptom(
        "telegram_port",
        r"bad webhook: .*(port|HTTPS)|webhook can be set up only on ports",
        Text(
            "Telegram 只调用 HTTPS 的 443、80、88、8443 端口。换端口，或改成「主动去取」。",
            "Telegram calls HTTPS on ports 443, 80, 88 and 8443 only. Change the port, or let us look for "
            "messages.",
        ),
    ),
    symptom(
        "telegram_silent_in_groups",
        r"telegram.*(群|group).*(不回|没反应|no answer|silent|does not (answer|reply))",
        Text(
            "隐私模式开着时机器人看不到群里的普通消息。@BotFather → /setprivacy → Disable，再重新拉进群，"
            "并填上用户名。",
            "With privacy mode on the bot does not see messages in groups. @BotFather, /setprivacy, "
            "Disable; add it to "
            "the group again, and enter its username here.",
        ),
    ),
)
