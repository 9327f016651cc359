"""The unionid: who somebody is on all accounts that are bound to one Open Platform account.

https://developers.weixin.qq.com/doc/service/guide/product/user/Getting_User_Info_UnionID.html
"""

import re
from collections.abc import Mapping
from typing import Any

UNIONID = re.compile(r"[\w.-]{6,64}", re.ASCII)


LONGEST_NAME = 64
"""Characters."""


def told(person: Mapping[str, Any], name: str) -> str:
    """A short line of what an API says of a person; "" where it says nothing."""
    found = person.get(name)
    words = found if isinstance(found, str) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:LONGEST_NAME]


def unionid(person: Any) -> str:
    """Of a person as an API describes them; "" where there is none, as for an account that is not bound."""
    found = person.get("unionid") if isinstance(person, Mapping) else None
    return found if isinstance(found, str) and UNIONID.fullmatch(found) else ""
