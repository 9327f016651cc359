"""Which fields hold what is of a person, by their names and by what stands beside them."""

import re
from collections.abc import Collection, Iterator

from runtime.safety.masking.found import Found, Kind
from runtime.safety.masking.names import is_name
from runtime.safety.masking.places import is_address

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s.-]+")
KINDS: tuple[tuple[Kind, str], ...] = (
    ("mail", r"(?:e_?mail|mail)(?:_address)?|邮箱|邮件地址|电子邮件"),
    ("phone", r"(?:phone|mobile|tel|telephone|cell|cellphone|fax|whatsapp|contact_number)"
              r"(?:_?(?:number|no|num))?|手机号?|电话|联系方式|联系电话|传真"),
    ("passport", r"passport(?:_?(?:number|no|id))?|护照号?码?|通行证号?"),
    ("id_card", r"id_?card(?:_?(?:number|no))?|identity_?card|"
                r"身份证号?码?|身份證"),
    ("identity", r"id_?(?:number|no)|identity(?:_?(?:number|no))?|ssn|national_id|tax_id|证件号?码?|社保号?"),
    ("card", r"(?:bank_?|credit_?|debit_?)?card_?(?:number|no|num)|bank_?(?:card|account)|"
             r"account_?(?:number|no)|iban|"
             r"银行卡号?|卡号|账号|银行账[号户]"),
    ("plate", r"(?:license_?|number_?|car_?)plate|plate_?(?:number|no)|car_?(?:number|no)|车牌号?码?"),
    ("address", r"(?:home_?|street_?|delivery_?|shipping_?|billing_?|mailing_?|full_?)?"
                r"(?:address|addr)(?:_?(?:line_?)?\d)?|street|"
                r"(?:收货|收件|寄件|家庭|详细|联系)?地址|住址|门牌号?|现住址"),
    ("postcode", r"zip(?:_?code)?|post_?code|postal_?code|邮编|邮政编码"),
    ("birthday", r"birth_?(?:day|date)|date_of_birth|dob|born|生日|出生(?:日期|年月)?"),
    ("account", r"wechat(?:_?id)?|weixin|wx_?id|qq(?:_?(?:number|no))?|telegram|微信号?|QQ号?|qq号?|抖音号?"),
    ("opaque", r"open_?id|union_?id|external_?user_?id|user_?id|uid|customer_?id|member_?(?:id|no)|"
               r"device_?id|会员号"),
    ("name", r"(?:nick|user|full|first|last|middle|family|given|real|legal|display|contact|customer|client|"
             r"guest|receiver|recipient|consignee|sender|buyer|patient|passenger|applicant|owner|"
             r"member|student|person|employee|payee|payer|holder|cardholder)"
             r"_?name|nickname|username|surname|recipient|receiver|consignee|contact_person|contact|passenger|"
             r"patient|(?:真实|客户|用户|联系人|收件人|收货人|寄件人|预订人|入住人|乘客|学生|会员|持卡人)?姓名|"
             r"名字|昵称|称呼|联系人|收件人|收货人|"
             r"寄件人|预订人|预约人|入住人|客户|顾客|患者|乘客|户主|持卡人|签收人"),
)  # fmt: skip
COMPILED = tuple((kind, re.compile(rf"(?:.*_)?(?:{form})", re.IGNORECASE)) for kind, form in KINDS)
OPEN = re.compile(
    r"(?i)(?:.*_)?(?:at|ts|time|timestamp|date|created|updated|expires?|price|amount|total|cost|fee|count|"
    r"size|bytes|width|height|stock|quantity|qty|version|lat|lng|latitude|longitude|seconds|minutes|hours|ms|"
    r"page|limit|offset|score|discount|balance)|"
    r".*(?:价格|金额|数量|时间|日期|库存|总计|版本)"
)
"""What is a number, and of nobody."""
THINGS = frozenset((
    "price", "sku", "stock", "quantity", "qty", "size", "unit", "category", "brand", "image", "url", "title",
    "weight", "colour", "color", "type", "version", "parameters", "arguments", "spec",
    "价格", "库存", "规格", "单价", "数量", "品牌", "类别", "分类",
))  # fmt: skip
"""Beside these a `name` is a thing's."""
SHARED = re.compile(
    r"(?i).*(?:ip|mac|web|site|service|support|shop|store|company|bucket|server|host|email|mail)_address"
)
"""Addresses at which nobody lives."""
SAID = re.compile(
    r"[\"'“「]?(?P<key>[A-Za-z_\u4e00-\u9fff]{2,20})[\"'”」]?\s*[:：=]\s*"
    r"[\"'“「]?(?P<value>[^\"'”」,，;；。\n{}\[\]|]{1,80})"
)


def kind_of(name: str, beside: Collection[str] = (), value: str = "") -> Kind | None:
    """What a field of that name holds; None: nothing of a person. `beside`: the other fields' names."""
    plain = CAMEL.sub("_", name.strip()).lower()
    if plain in ("name", "名称"):
        return "name" if is_name(value) and _is_of_person(value, beside) else None
    if SHARED.fullmatch(plain) and "mail" not in plain:
        return None
    return next((kind for kind, form in COMPILED if form.fullmatch(plain)), None)


def _is_of_person(value: str, beside: Collection[str]) -> bool:
    """Whether a `name` is one's: by the fields beside it, or because it is a whole name."""
    others = [one for one in beside if CAMEL.sub("_", one.strip()).lower() not in ("name", "名称")]
    if any(CAMEL.sub("_", one).lower() in THINGS for one in others):
        return False
    is_whole = len(value) >= 3 if "\u4e00" <= value[:1] <= "\u9fff" else " " in value
    return is_whole or any(kind_of(one) for one in others)


def is_open(name: str) -> bool:
    """Whether a number under that name is of nobody."""
    return bool(OPEN.fullmatch(CAMEL.sub("_", name.strip()).lower()))


def said(text: str) -> Iterator[Found]:
    """Fields that stand in a text: “地址：…”, `"phone": "…"`."""
    for found in SAID.finditer(text):
        value = found["value"].strip()
        kind = kind_of(found["key"], (), value)
        if kind and value and fits(kind, value):
            start = found.start("value") + found["value"].index(value)
            yield Found(start, start + len(value), kind)


def fits(kind: Kind, value: str) -> bool:
    """Whether such a thing may look so: what is said in a sentence may be anything."""
    figures = sum(sign.isdecimal() for sign in value)
    match kind:
        case "name":
            return is_name(value)
        case "address":
            return is_address(value) or (figures > 0 and len(value) >= 6)
        case "mail":
            return "@" in value or "＠" in value
        case "phone":
            return figures >= 7 and figures >= len(value) / 2
        case "birthday" | "postcode":
            return figures >= 4
        case "opaque" | "account":
            return bool(re.fullmatch(r"[\w-]{5,64}", value))
        case _:
            return figures >= 4
