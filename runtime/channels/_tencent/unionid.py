"""The unionid: who somebody is on all accounts that are bound to one Open Platform account.

https://developers.weixin.qq.com/doc/service/guide/product/user/Getting_User_Info_UnionID.html
"""

import re
from collections.abc import Mapping
from typing import Any

UNIONID = re.compile(r"[\w.-]{6,64}", re.ASCII)


def unionid(person: Any) -> str:
    """Of a person as an API describes them; "" where there is none, as for an account that is not bound."""
    found = person.get("unionid") if isinstance(person, Mapping) else None
    return found if isinstance(found, str) and UNIONID.fullmatch(found) else ""
