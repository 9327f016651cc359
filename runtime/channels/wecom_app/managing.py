"""What can be looked after of a WeCom app from here: its menu, and from where its callbacks come.

https://developer.work.weixin.qq.com/document/path/90231
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from runtime.channels import Line, Management, Menu, MenuFound, MenuLimits
from runtime.channels._tencent.managing import asks, enterprise, items, text
from runtime.channels._tencent.menus import IN_APPS, read, written
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.errors import SendFailed
from runtime.lang import Text

NO_MENU = "46003"


class AppManagement(Management):
    """Through wechatpy's client."""

    failure = staticmethod(ANSWERS.failure)
    menu_limits: ClassVar[MenuLimits] = MenuLimits(
        buttons=3, below=5, name=16, name_below=40, key=128, url=1024, shown=4, shown_below=8, kinds=IN_APPS
    )
    why_no_menu: ClassVar[Text] = Text(
        "在管理后台改过「自定义菜单」会盖掉这里发布的。成员要重新打开应用才看到新菜单；在微信里没有菜单。",
        "A menu that is changed in WeCom's console replaces the one published here. Members see a new one "
        "when they open the app again; inside WeChat there is none.",
    )

    def __init__(self, channel: Any, line: Line, token: str) -> None:
        super().__init__(channel, line, token)
        self._client = enterprise(line.host, line.session, channel.settings.corp_id, token)
        self._agent = str(channel.settings.agent_id)

    def menu(self) -> MenuFound:
        try:
            return self._menu()
        except SendFailed as e:
            if e.code != NO_MENU:
                raise
        return MenuFound(None, shown=False)

    @asks
    def _menu(self) -> MenuFound:
        left_out: list[str] = []
        answers: dict[str, str] = {}
        listed = items(self._client.menu.get(self._agent).get("button", []))
        buttons = [one for button in listed for one in read(button, left_out, answers)]
        return MenuFound(Menu(buttons=buttons) if buttons else None, bool(buttons), left_out, answers)

    @asks
    def put_menu(self, menu: Menu) -> None:
        buttons = [written(button, "view_miniprogram") for button in menu.buttons]
        self._client.menu.create(self._agent, {"button": buttons})

    @asks
    def remove_menu(self) -> None:
        self._client.menu.delete(self._agent)

    @asks
    def callback_addresses(self) -> Sequence[str]:
        return [text(one) for one in items(self._client.misc.get_wechat_ips())]
