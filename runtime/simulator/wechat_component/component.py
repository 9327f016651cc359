"""The third-party platform's side at WeChat: who consented to it, and what it is told.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Authorization_Process_Technical_Description.html
"""

import itertools
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from runtime.simulator.wechat.crypto import Seal, sign
from runtime.simulator.wechat.wire import Push

HOUR = 3600.0
TICKET_LIFE, CODE_LIFE, PROOF_LIFE = 12 * HOUR, 1800.0, 600.0
ALL_SCOPES = (1, 2, 3, 4, 6, 7, 11, 15)


@dataclass(frozen=True)
class ThirdParty:
    """As its page in the console shows it."""

    app_id: str = "wx7f00b1d2c3a49586"
    app_secret: str = "9b1d7c3e04a48f2d6a5b8c7e1f029364"
    token: str = "Kp3nW9xT5v"
    encoding_aes_key: str = "Zr1T6yWc0LhNpB5dGfUeAoI9vXtRiKqMwEk3JxV8sQm"

    @property
    def settings(self) -> dict[str, str]:
        """What its owner enters."""
        return {
            "component_app_id": self.app_id,
            "component_app_secret": self.app_secret,
            "token": self.token,
            "encoding_aes_key": self.encoding_aes_key,
        }


@dataclass
class Consent:
    """Of one account."""

    refresh_token: str
    scopes: Sequence[int] = ALL_SCOPES
    is_over: bool = False


@dataclass
class Desk:
    """What WeChat keeps of one third-party platform. Times are seconds since 1970."""

    third_party: ThirdParty
    clock: Callable[[], float]
    tickets: dict[str, float] = field(default_factory=dict)
    """When each was made."""
    pages: dict[str, float] = field(default_factory=dict)
    """Pre-auth codes that were handed out."""
    proofs: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Codes of consents that were not used, their accounts and when they were given."""
    consents: dict[str, Consent] = field(default_factory=dict)
    wanted_tickets: int = 0
    """How often it asked for one."""
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def new_ticket(self) -> str:
        ticket = f"ticket@@@{secrets.token_urlsafe(48)}"
        self.tickets[ticket] = self.clock()
        return ticket

    def is_good_ticket(self, ticket: str) -> int:
        """0, or the errcode."""
        made = self.tickets.get(ticket)
        if made is None:
            return 61006
        return 0 if self.clock() - made < TICKET_LIFE else 61005

    def new_page(self) -> str:
        code = f"preauthcode@@@{secrets.token_urlsafe(24)}"
        self.pages[code] = self.clock()
        return code

    def consent(self, account: str, scopes: Sequence[int] = ALL_SCOPES) -> str:
        """Its owner consents (again): the code that proves it. What was before is void."""
        self.consents[account] = Consent(self._new_refresh_token(), scopes)
        code = f"queryauthcode@@@{secrets.token_urlsafe(24)}"
        self.proofs[code] = account, self.clock()
        return code

    def use(self, code: str) -> str | int:
        """The account of a code, once; or the errcode."""
        account, at = self.proofs.pop(code, ("", 0.0))
        if not account:
            return 61009
        return account if self.clock() - at < PROOF_LIFE else 61010

    def refresh(self, account: str, refresh_token: str) -> Consent | int:
        """A new refresh token for the old one, which ends; or the errcode."""
        known = self.consents.get(account)
        if known is None or known.is_over:
            return 61003
        if known.refresh_token != refresh_token:
            return 61023
        known.refresh_token = self._new_refresh_token()
        return known

    def take_back(self, account: str) -> None:
        self.consents[account].is_over = True

    def _new_refresh_token(self) -> str:
        return f"refreshtoken@@@{next(self._numbers)}_{secrets.token_urlsafe(24)}"


class Teller:
    """Writes what the third-party platform is told of itself."""

    def __init__(self, third_party: ThirdParty) -> None:
        self._its = third_party
        self._seal = Seal(third_party.encoding_aes_key, third_party.app_id)

    def event(self, kind: str, now: float, **fields: str) -> Push:
        told = {"AppId": self._its.app_id, "CreateTime": str(int(now)), "InfoType": kind, **fields}
        clear = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in told.items())
        sealed = self._seal.close(f"<xml>{clear}</xml>")
        stamp, nonce = str(int(now)), str(secrets.randbelow(10**9))
        query = {
            "signature": sign(self._its.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": sign(self._its.token, stamp, nonce, sealed),
        }
        body = (
            f"<xml><AppId><![CDATA[{self._its.app_id}]]></AppId><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        )
        return Push(query, body.encode())


def way_back(link: str, code: str) -> str:
    """Where the browser goes from the consent page at `link`, once somebody consented."""
    query = dict(parse_qsl(urlsplit(link).query))
    there = query["redirect_uri"]
    joint = "&" if urlsplit(there).query else "?"
    return f"{there}{joint}{urlencode({'auth_code': code, 'expires_in': '600'})}"


def page_of(link: str) -> str:
    """The pre-auth code of a consent page. Raises LookupError for a link that opens none."""
    query = dict(parse_qsl(urlsplit(link).query))
    if not {"component_appid", "pre_auth_code", "redirect_uri"} <= query.keys():
        raise LookupError(link)
    return query["pre_auth_code"]
