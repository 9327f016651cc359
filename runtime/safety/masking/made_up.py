"""What stands instead: of the same kind and form, valid where a form has a check digit, and of nobody.

Numbers are of ranges that are given to nobody: RFC 2606 (example.com), RFC 5737 (192.0.2.0/24), 555-01xx
(NANP), phones of 1380000xxxx, id cards of a made-up day.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from runtime.safety.masking.found import Kind
from runtime.safety.masking.numbers import luhn

GIVEN_ZH = ("小明", "小红", "小华", "小兰", "建国", "丽丽", "志强", "雪梅")
FAMILY_ZH = "王李张赵陈刘杨黄"
GIVEN, FAMILY = (
    ("Alex", "Kim", "Sam", "Lee", "Robin", "Jamie"),
    ("Green", "Brown", "White", "Gray", "Black", "Rose"),
)
OURS = re.compile("|".join((*GIVEN_ZH, rf"\b(?:{'|'.join((*GIVEN, *FAMILY))})\b")))
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""https://openstd.samr.gov.cn: GB 11643"""


def made_up(kind: Kind, value: str, number: int) -> str:
    """`number`: from 1, another one for another value of that kind."""
    make = MADE.get(kind, _alike)
    return make(value, number)


def person(value: str, number: int) -> str:
    """Of as many parts as the name; a guest with a number, once all our people are taken."""
    place = number - 1
    if _is_han(value):
        if place >= len(GIVEN_ZH):
            return f"客{number}" if len(value) == 1 else f"客人{number}"
        return FAMILY_ZH[place] if len(value) == 1 else f"{FAMILY_ZH[place]}{GIVEN_ZH[place]}"
    given, family = (
        (GIVEN[place], FAMILY[place]) if place < len(GIVEN) else (f"Guest{number}", f"Someone{number}")
    )
    return f"{given} {family}" if " " in value.strip() else given


def people_in(text: str) -> Iterator[str]:
    """Who is called as somebody of ours, and by what part of a name: nobody else may be called so there."""
    yield from OURS.findall(text)


def parts(value: str, instead: str) -> Iterator[tuple[str, str]]:
    """What else a person is called by, who is called so: each with what stands instead."""
    if _is_han(value):
        if len(value) == 3 and "·" not in value:
            yield value[1:], instead[1:]
        if 1 < len(value) <= 3:
            yield value[0], instead[0]
        return
    names, others = value.split(), instead.split()
    if len(names) > 1:
        yield names[0], others[0]
        yield names[-1], others[-1]


def _phone(value: str, number: int) -> str:
    plain = re.sub(r"[^\d+]", "", value)
    if _is_han(value) or re.fullmatch(r"(?:\+?86|0086)?1\d{10}", plain):
        return f"1380000{number:04d}"
    if re.fullmatch(r"0\d{9,16}", plain):
        return f"010-8000{number:04d}"
    return f"+1 202-555-01{number % 100:02d}"


def _id_card(number: int) -> str:
    front = f"11010119900101{number % 1000:03d}"
    rest = sum(int(sign) * weight for sign, weight in zip(front, WEIGHTS, strict=True)) % 11
    return front + "10X98765432"[rest]


def _card(length: int, number: int) -> str:
    front = f"62{number:0{max(12, length) - 3}d}"
    return next(f"{front}{last}" for last in range(10) if luhn(f"{front}{last}"))


def _day(value: str, number: int) -> str:
    """Written as the day was."""
    years, months = divmod(number - 1, 12)
    year, month, day = f"{1990 - years % 60}", f"{months + 1:02d}", "01"
    if "年" in value:
        return f"{year}年{int(month)}月1{value[-1] if value[-1] in '日号' else ''}"
    sign = next((one for one in value if one in "-/."), "")
    return sign.join((year, month, day))


def _shaped(value: str, figures: str) -> str:
    """The figures, with what stood between those of the value."""
    left = iter(figures)
    return "".join(next(left, "") if sign.isdecimal() else sign for sign in value) + "".join(left)


def _alike(value: str, number: int) -> str:
    """As many figures, where the others stood; letters become letters."""
    count = sum(sign.isdecimal() for sign in value)
    if not count:
        return f"id-{number}"
    figures = f"{number:0{count}d}"[-count:]
    figures = f"1{figures[1:]}" if count > len(str(number)) else figures
    shaped = _shaped(value, figures)
    return re.sub(r"[A-Za-z]", "X", shaped)


def _is_han(value: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in value)


MADE: Mapping[Kind, Callable[[str, int], str]] = {
    "name": person,
    "phone": _phone,
    "mail": lambda value, number: f"someone{number}@example.com",
    "address": lambda value, number: (
        f"示范市平安路{number}号" if _is_han(value) else f"{number} Example Street"
    ),
    "id_card": lambda value, number: _id_card(number),
    "card": lambda value, number: _shaped(value, _card(sum(sign.isdecimal() for sign in value), number)),
    "passport": lambda value, number: f"E{number:08d}",
    "plate": lambda value, number: f"京A{number:05d}",
    "birthday": _day,
    "ip": lambda value, number: f"192.0.2.{number % 255}",
    "account": lambda value, number: _alike(value, number) if value.isdecimal() else f"wx_example_{number}",
    "opaque": lambda value, number: _alike(value, number) if value.isdecimal() else f"id-{number}",
}
"""What is not in it: as many figures where those stood, see _alike."""
