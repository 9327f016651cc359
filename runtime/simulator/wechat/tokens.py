"""Access tokens as WeChat hands them out: two kinds that do not know of each other.

https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
"""

import secrets
from collections import defaultdict
from dataclasses import dataclass

LIFE = 7200
OVERLAP = 300
"""Seconds that a replaced token still works, and that stable_token renews before the end."""
FORCED_APART = 30
FORCED_A_DAY = 20
DAY = 86_400

INVALID, EXPIRED, MISSING = 40001, 42001, 41001
QUOTA, TOO_OFTEN = 45009, 45011


@dataclass
class _Token:
    value: str
    account: str
    until: float


class TokenOffice:
    """Times are seconds since 1970."""

    def __init__(self, life: float = LIFE) -> None:
        self.life = life
        self.issued = 0
        """Tokens handed out, the same one given again not counted."""
        self._tokens: dict[str, _Token] = {}
        self._current: dict[tuple[str, str], _Token] = {}
        self._times: defaultdict[tuple[str, str], list[float]] = defaultdict(list)

    def plain(self, account: str, now: float, quota: int) -> tuple[str, float] | int:
        """A new token, which ends the one before; or an errcode."""
        if self._count(account, "plain", now) > quota:
            return QUOTA
        return self._issue(account, "plain", now)

    def stable(self, account: str, now: float, force: bool) -> tuple[str, float] | int:
        """The same token until shortly before its end; or an errcode."""
        current = self._current.get((account, "stable"))
        if force:
            earlier = self._times[account, "forced"]
            if earlier and now - earlier[-1] < FORCED_APART:
                return TOO_OFTEN
            if self._count(account, "forced", now) > FORCED_A_DAY:
                return QUOTA
        elif current and current.until - now > OVERLAP:
            return current.value, current.until - now
        return self._issue(account, "stable", now, at_once=force)

    def granted(self, account: str, now: float) -> tuple[str, float]:
        """For a consent: a new one, and the one before goes on for a while."""
        return self._issue(account, "granted", now)

    def check(self, value: str | None, now: float) -> tuple[str, int]:
        """The token's account, and 0 or why it is refused."""
        if not value:
            return "", MISSING
        token = self._tokens.get(value)
        if token is None:
            return "", INVALID
        return token.account, 0 if token.until > now else EXPIRED

    def void(self, account: str | None = None) -> None:
        """As if another system had fetched a token: those of so far are refused (40001)."""
        for value, token in list(self._tokens.items()):
            if account in (None, token.account):
                del self._tokens[value]
        for key in [key for key in self._current if account in (None, key[0])]:
            del self._current[key]

    def _issue(self, account: str, kind: str, now: float, *, at_once: bool = False) -> tuple[str, float]:
        before = self._current.get((account, kind))
        if before:
            before.until = now if at_once else min(before.until, now + OVERLAP)
        token = _Token(f"{self.issued}_{secrets.token_urlsafe(90)}", account, now + self.life)
        self._tokens[token.value] = self._current[account, kind] = token
        self.issued += 1
        return token.value, self.life

    def _count(self, account: str, what: str, now: float) -> int:
        times = self._times[account, what] = [t for t in self._times[account, what] if now - t < DAY]
        times.append(now)
        return len(times)
