"""What the owner of a Discord bot enters and is told, and what Discord's codes mean."""

import re
from collections.abc import Mapping

from pydantic import SecretStr, field_validator

from runtime.channels import Codes, Guide, Note, Profile, Words
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

TOKEN = re.compile(r"[A-Za-z0-9_-]{18,40}\.[A-Za-z0-9_-]{4,12}\.[A-Za-z0-9_-]{20,80}")
HOUR = 3600.0


class Account(Strict):
    """One bot."""

    bot_token: SecretStr = setting(
        title=Text("Bot Token", "Bot Token"),
        hint=Text("应用 → Bot → Reset Token，只显示一次", "App, Bot, Reset Token; shown once"),
        widget="secret",
    )

    @field_validator("bot_token", mode="after")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        found = value.get_secret_value().strip()
        if not TOKEN.fullmatch(found):
            raise Wrong(
                Text(
                    "不像 Bot Token：三段，用点隔开",
                    "does not look like a bot token: three pieces with dots between",
                )
            )
        return SecretStr(found)


WORDS = Words(
    platform=Text("Discord", "Discord"),
    console=Text("Discord 开发者后台", "Discord's developer portal"),
    account=Text("机器人", "bot"),
    proof=Text("Bot Token", "bot token"),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text(
        "和机器人在同一个服务器里的人：私信，或在频道里 @ 它",
        "Whoever shares a server with it: in direct messages, or by @ in channels",
    ),
    needs=Text(
        "Discord 账号和一个服务器的管理权限；服务器要能访问 discord.com。不需要域名",
        "A Discord account that manages a server, and a way to discord.com. No domain",
    ),
    cost=Text("免费", "Free"),
    risk=Text(
        "官方接口，不会因此封号。中国大陆访问不到，要设代理。断线期间别人写的，Discord 只补几分钟内的",
        "Discord's own API, so nobody is banned for it. It cannot be reached from mainland China without "
        "a proxy. Of what is "
        "written while the connection is down Discord brings only the last minutes",
    ),
    public_address=False,
)
GUIDE = Guide(
    ask=("bot_token",),
    rare=(),
    title=Text("填写机器人的信息", "Your bot"),
    where=Text(
        "discord.com/developers/applications → New Application → Bot → Reset Token，复制到这里。"
        "再到 OAuth2 → URL Generator 勾选 bot 和 Send Messages、Attach Files、Read Message History，"
        "打开生成的链接，把它加进服务器。",
        "discord.com/developers/applications, New Application, Bot, Reset Token: copy it here. Then under "
        "OAuth2, URL "
        "Generator, tick bot with Send Messages, Attach Files and Read Message History, open the address "
        "and add it to "
        "your server.",
    ),
    advice=(),
    paste=Text("不用复制任何东西。", "There is nothing to copy."),
)
ONE = Note(
    Text("不用打开 Message Content", "Message Content may stay off"),
    Text(
        "它只看私信和 @ 它的消息，这两种不需要特权 Intent。",
        "It reads direct messages and what mentions it; neither needs a privileged intent.",
    ),
)
CODES = Codes(
    throttled=frozenset({"429"}),
    unreachable=frozenset({"50007", "10003", "50001", "50013", "50278"}),
    blocking={"401": HOUR},
    credentials=frozenset({"401"}),
)
SHARDS = Text(
    "机器人加入的服务器太多，Discord 要求分片连接，这里不支持。请换一个机器人，或退出一些服务器。",
    "The bot is in so many servers that Discord wants it to connect in shards, which is not done here. Take "
    "another bot, or leave some servers.",
)
OUTDATED = Text(
    "Discord 不再接受这种连接方式。请升级本程序。",
    "Discord takes this way of connecting no more. Update this program.",
)
TEXTS: Mapping[str, Text] = {
    "401": Text(
        "Discord 不认识这个 Bot Token。请重置一个，再发布一次。",
        "Discord does not know this bot token. Reset it and publish again.",
    ),
    "429": Text("发得太快，会自动接着发。", "Too fast; it goes on by itself."),
    "50007": Text("对方不接收机器人的私信。", "The person takes no direct messages from the bot."),
    "10003": Text("没有这个频道了。", "The channel is gone."),
    "50001": Text("机器人看不到这个频道。", "The bot does not see this channel."),
    "50013": Text("机器人在这个频道没有发言权限。", "The bot may not write in this channel."),
    "50278": Text("和对方没有共同的服务器了。", "There is no server in common with the person any more."),
    "refused": Text(
        "Discord 多次不接受连接，多半是 Bot Token 不对。请重置一个，再发布一次。",
        "Discord refused the connection several times; most likely the bot token is wrong. Reset it and "
        "publish again.",
    ),
    "4004": Text(
        "Discord 不认识这个 Bot Token（4004）。请在开发者后台重置一个，再发布一次。",
        "Discord does not know this bot token (4004). Reset it in the developer portal and publish again.",
    ),
    "4010": SHARDS,
    "4011": SHARDS,
    "4012": OUTDATED,
    "4013": OUTDATED,
    "4014": Text(
        "Discord 不让机器人看它要的消息（4014）。请在开发者后台的 Bot 页打开所要的 Intent，"
        "或另建一个机器人。",
        "Discord does not let the bot see what it asks for (4014). Switch the intents on under Bot in the "
        "developer portal, or make another bot.",
    ),
    "reconnect": Text("Discord 要求重新连接。", "Discord asks to connect again."),
    "invalid": Text("Discord 要求重新登录，正在重连。", "Discord asks to sign in anew; it is done."),
    "silent": Text(
        "Discord 没有回应心跳，重新连接。", "Discord does not answer the heartbeat; connecting again."
    ),
    "lost": Text(
        "和 Discord 的连接断了，正在重连。", "The connection to Discord is down; it is opened again."
    ),
}
OTHER = Text(
    "Discord 拒绝了请求（错误码 {code}）。请按错误码查阅 Discord 的文档。",
    "Discord refused the request ({code}). Look the code up in Discord's documentation.",
)
UNREADABLE = Text(
    "Discord 的回应无法识别，不能确定是否收到。", "Discord's answer is unreadable; it may have got it."
)
NO_RECEIVER = Text("要一个频道的编号（一串数字）", "has to be a channel's id (digits)")


def explained(code: str) -> Text:
    return TEXTS.get(code) or OTHER.fill(code=code[:20])
