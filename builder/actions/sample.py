"""How an answer looks on a surface, before anybody published there."""

from typing import Any

from builder import phone
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs
from runtime.lang import Text
from runtime.publish.credentials import channel_named

ASKED = Text("几点开门？", "When do you open?")
ANSWER = Text(
    "**七点到十点营业**，周一休息。\n\n1. 到店：中山路 8 号\n2. 外卖：[看菜单](https://tea.example/menu)\n\n"
    "| 茶 | 价 |\n| --- | --- |\n| 龙井 | 28 |",
    "**Open from 7 to 10**, closed on Mondays.\n\n1. Come to 8 Zhongshan Road\n"
    "2. Order from [the menu](https://tea.example/menu)\n\n"
    "| Tea | Price |\n| --- | --- |\n| Longjing | 28 |",
)
"""With what answers often have in them."""


@needs(Permission.AGENTS_VIEW, on=SOME)
def sample(studio: Studio, channel: str, lang: str = "zh") -> dict[str, Any]:
    """One exchange, for phone.js: the channel itself renders it. Raises NotFound."""
    channel_named(channel)
    return phone.preview(ASKED.to(lang), ANSWER.to(lang), channel, lang)
