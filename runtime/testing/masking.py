"""What tells who somebody is, replaced where a conversation becomes a test: alike each time, of one shape."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_NAME = 12
"""Characters."""
PERSONAL = re.compile(
    r"(?i)(?:^|_)(?:nick_?name|user_?name|full_?name|contact(?:_name)?|customer|phone|mobile|tel|telephone|"
    r"e?mail|address|open_?id|union_?id|id_?card|id_?number|passport|birthday|wechat)(?:$|_)|"
    r"^name$|姓名|名字|联系人|手机|电话|邮箱|地址|身份证|微信号|生日"
)
"""Names of fields whose values are of a person."""
SAID = re.compile(
    r"(?:我叫|我是|名字叫|姓名[是：:]?|联系人[是：:]?|[Mm]y name is |I am called |[Nn]ame: )\s*"
    r"(?P<name>[\u4e00-\u9fff·]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
"""How people say what they are called."""
NO_NAMES = re.compile(r"[的了来在一要想个是不]")
"""In what follows “我是”, when it is no name: 我是来退款的."""
ID_CARD = r"(?<!\d)\d{17}[\dXx](?!\d)"
PHONE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
OPAQUE = r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])"
LONG = r"(?<![\d.])\d{7,}(?![\d.])"
FOUND = re.compile("|".join(f"(?P<{name}>{form})" for name, form in (
    ("mail", MAIL), ("card", ID_CARD), ("phone", PHONE), ("id", OPAQUE), ("number", LONG),
)))  # fmt: skip
NAMES = ("王小明", "李小红", "张小华", "赵小兰")
LATIN_NAMES = ("Alex Green", "Kim Brown", "Sam White", "Lee Gray")


class Masking:
    """One conversation's: whatever is replaced is replaced by the same everywhere in it."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """`known`: what the person is called, and what else is known to be of nobody else."""
        self._instead: dict[str, str] = {}
        for one in known:
            self._of_person(one)

    def learn(self, value: Any, name: str = "") -> None:
        """Before anything is replaced: what fields of arguments and results, and sentences, tell."""
        if isinstance(value, Mapping):
            for key, one in value.items():
                self.learn(one, str(key))
        elif isinstance(value, list | tuple):
            for one in value:
                self.learn(one, name)
        elif isinstance(value, str):
            if PERSONAL.search(name):
                self._of_person(value)
            for said in SAID.finditer(value):
                if not NO_NAMES.search(said["name"]):
                    self._of_person(said["name"])
        elif isinstance(value, int) and not isinstance(value, bool) and PERSONAL.search(name):
            self._of_person(str(value))

    def masked(self, value: Any) -> Any:
        """The same without them."""
        if isinstance(value, Mapping):
            return {key: self.masked(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked(one) for one in value]
        if isinstance(value, str):
            return self._text(value)
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and (shown := self._text(str(value))) != str(value)
        ):
            return int(shown) if shown.isdecimal() else shown
        return value

    def _text(self, text: str) -> str:
        for one in sorted(self._instead, key=len, reverse=True):
            text = text.replace(one, self._instead[one])
        mine = {*self._instead.values()}
        return FOUND.sub(lambda found: found[0] if found[0] in mine else self._found(found), text)

    def _found(self, found: "re.Match[str]") -> str:
        return self._instead.setdefault(found[0], self._made(found.lastgroup or "", found[0]))

    def _of_person(self, value: str) -> None:
        value = value.strip()
        if len(value) < 2 or value in self._instead or value in self._instead.values():
            return
        found = FOUND.fullmatch(value)
        if found:
            self._found(found)
        elif len(value) <= LONGEST_NAME and not re.search(r"\d", value):
            names = NAMES if re.search(r"[\u4e00-\u9fff]", value) else LATIN_NAMES
            taken = {*self._instead.values()}
            self._instead[value] = next((one for one in names if one not in taken), f"{names[0]}{len(taken)}")
        else:
            self._instead[value] = self._made("", value)

    def _made(self, kind: str, value: str) -> str:
        number = len(self._instead) + 1
        if kind == "mail":
            return f"someone{number}@example.com"
        if kind == "phone":
            return f"1380000{number:04d}"
        if kind == "card":
            return f"11010119900101{number:03d}X"
        if kind == "number" or value.isdecimal():
            return str(10 ** (len(value) - 1) + number)
        return f"id-{number}"
