"""Permission sets (权限集) by number, as the page of consent calls them.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/product/third_party_authority_instructions.html
"""

from collections.abc import Iterable

from runtime.lang import Text

NAMES = {
    "1": Text("消息管理", "messages"),
    "2": Text("用户管理", "followers"),
    "3": Text("帐号服务", "account services"),
    "4": Text("网页服务", "web pages"),
    "5": Text("微信小店", "shop"),
    "6": Text("多客服", "customer service"),
    "7": Text("群发与通知", "broadcasts and notices"),
    "8": Text("卡券", "cards and coupons"),
    "9": Text("扫一扫", "scanning"),
    "10": Text("连 Wi-Fi", "Wi-Fi"),
    "11": Text("素材管理", "material"),
    "12": Text("摇周边", "shake nearby"),
    "13": Text("门店", "stores"),
    "15": Text("自定义菜单", "menus"),
    "16": Text("认证状态", "verification"),
    "17": Text("小程序帐号管理", "Mini Program account"),
    "18": Text("小程序开发管理与数据分析", "Mini Program development and content check"),
    "19": Text("小程序客服消息", "Mini Program customer messages"),
    "22": Text("城市服务", "city services"),
    "23": Text("广告管理", "advertisements"),
    "24": Text("开放平台帐号管理", "Open Platform account"),
    "25": Text("小程序开放平台帐号管理", "Mini Program's Open Platform account"),
    "26": Text("电子发票", "invoices"),
}
OTHER = Text("{number} 号权限集", "set {number}")


def names(numbers: Iterable[str]) -> list[Text]:
    """In the order of their numbers."""
    return [NAMES.get(one) or OTHER.fill(number=one) for one in sorted(numbers, key=int)]
