"""Codes of wx.login: each good once, for five minutes, and at its own Mini Program.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
"""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field

LIFE = 300.0
A_MINUTE = 100
"""Sign-ins of one person."""
UNKNOWN, USED, MISSING, TOO_OFTEN = 40029, 40163, 41008, 45011


@dataclass
class _Code:
    openid: str
    until: float
    is_used: bool = False


@dataclass
class Logins:
    """Times are seconds since 1970."""

    _codes: dict[str, _Code] = field(default_factory=dict)
    _times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def login(self, openid: str, now: float) -> str:
        """What wx.login gives on that person's phone."""
        code = f"0{secrets.token_urlsafe(23)}"
        self._codes[code] = _Code(openid, now + LIFE)
        return code

    def use(self, code: str, now: float) -> str | int:
        """Whose it is, or the errcode."""
        if not code:
            return MISSING
        known = self._codes.get(code)
        if known is None or now >= known.until:
            return UNKNOWN
        if known.is_used:
            return USED
        times = self._times[known.openid] = [at for at in self._times[known.openid] if now - at < 60]
        if len(times) >= A_MINUTE:
            return TOO_OFTEN
        times.append(now)
        known.is_used = True
        return known.openid
