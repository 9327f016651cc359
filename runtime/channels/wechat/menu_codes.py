"""What api.weixin.qq.com says of a menu, in words.

https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
"""

from dataclasses import replace

from runtime.channels._tencent.answers import Answers
from runtime.lang import Text

MENUS: dict[str, Text] = {
    "65303": Text(
        "还没有所有人看的默认菜单：请先发布它，再发布给一部分人看的菜单。",
        "There is no menu for everybody yet: publish that first, then the one for some people.",
    ),
    "48001": Text(
        "这个账号没有自定义菜单接口的权限：未认证的订阅号和个人号都没有。请先完成微信认证，或改用测试号。",
        "This account may not have menus by API: unverified subscription accounts and personal ones cannot. "
        "Verify the account with WeChat first, or use a test account.",
    ),
    **dict.fromkeys(
        ("40015", "40016", "40017", "40022", "40023", "40024"),
        Text(
            "微信不收这个菜单：按钮的数量或类型不对。请核对后再发布。",
            "WeChat does not take this menu: the number or kind of its buttons is wrong.",
        ),
    ),
    **dict.fromkeys(
        ("40018", "40025"),
        Text("微信不收这个菜单：有个按钮的名称太长。", "WeChat does not take this menu: a name is too long."),
    ),
    **dict.fromkeys(
        ("40019", "40026"),
        Text(
            "微信不收这个菜单：有个按钮发出的话太长。",
            "WeChat does not take this menu: what a button says is too long.",
        ),
    ),
    **dict.fromkeys(
        ("40020", "40027", "40054", "40055"),
        Text(
            "微信不收这个菜单：有个网页地址不对，应是完整的 https 地址。",
            "WeChat does not take this menu: an address is wrong; it should be a whole https one.",
        ),
    ),
    "40155": Text(
        "网页地址不能是另一个公众号的主页。", "The address may not be another account's home page."
    ),
    "45010": Text(
        "今天修改菜单的次数用完了，0 点后恢复。", "Today's menu changes are used up; they come back at 0:00."
    ),
    "46003": Text("这个账号还没有菜单。", "This account has no menu yet."),
    "89235": Text(
        "小程序没有关联到这个公众号，或 AppID 不对。请先在后台关联。",
        "The mini program is not linked to this account, or its app id is wrong. "
        "Link it in the console first.",
    ),
}
"""Where a code is not here, it is answered as elsewhere."""


def with_menus(answers: Answers) -> Answers:
    """What an account is told otherwise is told of its menu, too."""
    return replace(answers, texts={**answers.texts, **MENUS})
