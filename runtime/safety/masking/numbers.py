"""Numbers and ids of people, by their form: phones, cards, identity papers, plates, addresses of mail …"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from runtime.safety.masking.found import Found, Kind, narrow

NEAR = 16
"""Characters before a number in which it may be said what it is."""
PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

OF_HAN = r"\u4e00-\u9fff"
LOCAL = rf"(?<![^\W{OF_HAN}.+-])[^\W{OF_HAN}](?:[^\W{OF_HAN}]|[.+-]){{0,63}}|(?<!\w)[{OF_HAN}]{{1,20}}"
MAIL = rf"(?:{LOCAL})@(?:[\w-]{{1,63}}\.){{1,6}}(?:[A-Za-z]{{2,24}}|[{OF_HAN}]{{2,4}})"
ID_CARD = (
    r"(?<!\d)[1-9]\d{5} ?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{3}[\dXx](?![\dA-Za-z])"
)
GROUPED = r"(?<![\d-])\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?(?![\d-])|(?<!\d)3\d{3}[ -]\d{6}[ -]\d{5}(?!\d)"
PHONE = r"(?<![\d+])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d-])"
ABROAD = r"(?<!\w)(?:\+|00)[1-9]\d{0,2}[- ]?(?:\(\d{1,4}\)[- ]?)?\d{1,4}(?:[- ]?\d{2,4}){1,4}(?!\d)"
AMERICAN = r"(?<![\w-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])"
BRITISH = r"(?<![\w-])0(?:20[ -]\d{4}[ -]\d{4}|7\d{3}[ -]?\d{6})(?![\w-])"
LANDLINE = r"(?<![\w-])(?:\(0\d{2,3}\) ?|0\d{2,3}[- ])\d{7,8}(?:-\d{1,5})?(?![\w-])"
FIGURE = "[零〇一二三四五六七八九幺]"
SPELLED = rf"(?<!{FIGURE})[一幺][三四五六七八九]{FIGURE}{{9}}(?!{FIGURE})"
SOCIAL = r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"
PLATE = (
    rf"[{PLATES}][A-HJ-NP-Z][·•. -]?(?=[A-HJ-NP-Z]*\d)[A-HJ-NP-Z0-9]{{4,5}}"
    r"[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
WEIXIN_ID = r"(?<!\w)wxid_[a-z0-9]{6,}(?!\w)"
UUID = r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])"
OPAQUE = r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{20,}(?![\w-])"
HEX = r"(?<![\w-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{24,}(?![\w-])"
LONG = r"(?<![\da-z.])(?<!\d,)\d{7,}(?![\da-z.]|,\d)"
LATIN_CODE = r"(?<![A-Za-z0-9])[A-Z]{1,3}-?\d{6,12}(?:\(\d\))?(?![A-Za-z0-9])"
SHORT = r"(?<![\d.,-])\d{5,12}(?![\d.,-])"
HANDLE = r"(?<![\w@.])(?=[\w-]{0,19}[\d_])[A-Za-z][A-Za-z0-9_-]{4,19}(?![A-Za-z0-9_@.-])"
ADDRESS_4 = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
DAY = (
    r"(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}[日号]?|[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
)

CARD_SAID = r"卡号|银行卡|信用卡|储蓄卡|借记卡|账[号户]|\b(?:card|account|iban)\b"
PASSPORT_SAID = r"护照|通行证|台胞证|回乡证|\bpassport\b"
IDENTITY_SAID = r"身份[证證]|证件|\bID(?: card| number| no\.?)?\b|\bidentity\b|\bsocial security\b|\bSSN\b"
BIRTH_SAID = r"生日|出生|生于|\bborn\b|\bbirthday\b|\bdate of birth\b|\bDOB\b"
ORDER_SAID = r"订单|单号|运单|快递|物流|流水|工单|\b(?:orders?|tracking|invoice|ticket|parcel)\b"
POST_SAID = r"邮编|邮政编码|\b(?:zip|postcode|postal code)\b"
ACCOUNT_SAID = r"微信号?|\bQQ号?|\bwechat\b|\bweixin\b|抖音号?|小红书号?|\btelegram\b|\bwhatsapp\b"
IP_SAID = r"\bIP\b"
HOTLINE = re.compile(r"(?:400|800)[- ]?\d{3}[- ]?\d{4}|95\d{3,4}|100\d{2}|12\d{3}")
"""Of companies, which anybody may call."""
MONEY_BEFORE = re.compile(r"(?:[¥$€£]|RMB|CNY|USD|EUR)\s*$", re.IGNORECASE)
MONEY_AFTER = re.compile(
    r"\s*(?:元|块|万|亿|美元|欧元|RMB|CNY|USD|EUR|yuan|dollars?|bytes?|字节|次|人|[件个吨克]|km|m?s\b)",
    re.IGNORECASE,
)


def _always(text: str, before: str) -> bool:
    return True


def _said(words: str) -> Callable[[str, str], bool]:
    """Only where one of these is said shortly before, nothing like the end of a sentence between."""
    said = re.compile(rf"(?:{words})[^。！？!?\n]*$", re.IGNORECASE)
    return lambda text, before: bool(said.search(before[-NEAR:]))


def _just_said(words: str) -> Callable[[str, str], bool]:
    """Only right behind one of these."""
    said = re.compile(rf"(?:{words})\s*(?:号码?|ID|number)?\s*(?:是|为|is|[:：=])?\s*$", re.IGNORECASE)
    return lambda text, before: bool(said.search(before))


def _is_card(text: str, before: str) -> bool:
    return luhn(text) or bool(re.search(CARD_SAID, before[-NEAR:], re.IGNORECASE))


def _is_nobodys_day(text: str, before: str) -> bool:
    """Eight figures that are a day are that, until said to be somebody's; what is round is an amount."""
    if len(text) != 8:
        return not text.endswith("0000")
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return True
    return not 1900 <= day.year <= 2100


FORMS: tuple[tuple[Kind, str, Callable[[str, str], bool]], ...] = (
    ("mail", MAIL, _always),
    ("id_card", ID_CARD, _always),
    ("birthday", DAY, _said(BIRTH_SAID)),
    ("card", GROUPED, _is_card),
    ("card", r"(?<!\d)\d{15,19}(?!\d)", _said(CARD_SAID)),
    ("phone", PHONE, _always),
    ("phone", SPELLED, _always),
    ("phone", ABROAD, lambda text, before: len(digits(text)) >= 8),
    ("phone", LANDLINE, _always),
    ("phone", BRITISH, _always),
    ("identity", SOCIAL, _always),
    ("phone", AMERICAN, _always),
    ("plate", PLATE, _always),
    ("passport", LATIN_CODE, _said(PASSPORT_SAID)),
    ("identity", LATIN_CODE, _said(IDENTITY_SAID)),
    ("account", WEIXIN_ID, _always),
    ("account", HANDLE, _just_said(ACCOUNT_SAID)),
    ("account", SHORT, _just_said(ACCOUNT_SAID)),
    ("postcode", r"(?<!\d)\d{5,6}(?!\d)", _said(POST_SAID)),
    ("ip", ADDRESS_4, _said(IP_SAID)),
    ("opaque", UUID, _always),
    ("opaque", OPAQUE, _always),
    ("opaque", HEX, _always),
    ("order", LATIN_CODE, _said(ORDER_SAID)),
    ("order", LONG, _said(ORDER_SAID)),
    ("number", LONG, _is_nobodys_day),
)
"""The first that fits a place counts: those that say most stand first."""
COMPILED = tuple((kind, re.compile(form), holds) for kind, form, holds in FORMS)
NUMERIC: Mapping[str, bool] = {"number": True, "order": True, "phone": True}


def numbers(text: str, kinds: Collection[Kind] = ()) -> Iterator[Found]:
    """May overlap; the first has the better reason. `kinds`: only these; none: all."""
    plain = narrow(text)
    for kind, form, holds in COMPILED:
        if kinds and kind not in kinds:
            continue
        for found in form.finditer(plain):
            before = plain[: found.start()][-NEAR * 2 :]
            if kind in NUMERIC and _is_open(found[0], before, plain[found.end() :][:8]):
                continue
            if holds(found[0], before):
                yield Found(*found.span(), kind)


def _is_open(text: str, before: str, after: str) -> bool:
    """Money, an amount, or a number that a company gives to everybody."""
    if HOTLINE.fullmatch(text):
        return True
    return text.isdecimal() and bool(MONEY_BEFORE.search(before) or MONEY_AFTER.match(after))


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def luhn(text: str) -> bool:
    """Whether it is a card's number (ISO/IEC 7812-1)."""
    figures = [int(sign) for sign in reversed(digits(text))]
    doubled = [sum(divmod(2 * figure, 10)) for figure in figures[1::2]]
    return 12 <= len(figures) <= 19 and any(figures) and (sum(figures[::2]) + sum(doubled)) % 10 == 0
