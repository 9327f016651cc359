"""Who somebody is, as the platform tells an account that may ask.

https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html
"""

from collections.abc import Mapping
from typing import Any

from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.quotas import Standing


def described(
    account: Account, people: Mapping[tuple[str, str], Standing], query: Mapping[str, str]
) -> dict[str, Any] | int:
    """`unionid` is there only when the account is bound to an Open Platform account."""
    if not account.rights.pushes:
        return 48001
    openid = query.get("openid", "")
    standing = people.get((account.app_id, openid))
    if standing is None:
        return 40003
    bound = {"unionid": account.unionids[openid]} if openid in account.unionids else {}
    return {"subscribe": int(standing.follows), "openid": openid, "language": "zh_CN", **bound}
