"""api.weixin.qq.com for accounts that consented to a third-party platform, and for that itself."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from runtime.simulator.http import Request
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.errmsgs import MESSAGES
from runtime.simulator.wechat.platform import Platform
from runtime.simulator.wechat.tokens import TokenOffice
from runtime.simulator.wechat_component.component import CODE_LIFE, Consent, Desk, ThirdParty

ABOUT_CONSENTS = {
    61003: "component is not authorized by this account",
    61004: "access clientip is not registered requestIP: {address}",
    61005: "component ticket is expired",
    61006: "component ticket is invalid",
    61007: "api is unauthorized to component",
    61009: "code is invalid",
    61010: "code is expired",
    61011: "invalid component",
    61023: "refresh_token is invalid",
}
NEEDS = {"message/": 1, "media/": 11, "menu/": 15, "get_current_selfmenu_info": 15, "customservice/": 6}
"""The permission set that a path takes, by how it begins."""


class ComponentPlatform(Platform):
    def __init__(
        self,
        accounts: Iterable[Account],
        third_party: ThirdParty,
        clock: Callable[[], float] = time.time,
        *,
        open_to_all: bool = False,
    ) -> None:
        super().__init__(accounts, clock, open_to_all=open_to_all)
        MESSAGES.update(ABOUT_CONSENTS)
        self.desk = Desk(third_party, clock)
        self.component_tokens = TokenOffice()

    def _answer(self, path: str, request: Request) -> tuple[str, dict[str, Any] | bytes | int]:
        if path.startswith("component/"):
            return "", self._component(path.removeprefix("component/"), request)
        if path in ("token", "stable_token"):
            return "", 40125  # nobody here knows an account's own secret
        account, code = self.tokens.check(request.query.get("access_token"), self.clock())
        if not code and (code := self._allowed(account, path)):
            return account, code
        return super()._answer(path, request)

    def _allowed(self, account: str, path: str) -> int:
        consent = self.desk.consents.get(account)
        if consent is None or consent.is_over:
            return 61003
        needs = next((scope for start, scope in NEEDS.items() if path.startswith(start)), None)
        return 61007 if needs is not None and needs not in consent.scopes else 0

    def _component(self, path: str, request: Request) -> dict[str, Any] | int:
        try:
            body = request.json()
        except ValueError:
            return 47001
        desk, its = self.desk, self.desk.third_party
        if self.allowed_addresses is not None and request.address not in self.allowed_addresses:
            return 61004
        if body.get("component_appid") != its.app_id:
            return 61011
        if path == "api_component_token":
            return self._component_token(body)
        if path == "api_start_push_ticket":
            if body.get("component_secret") != its.app_secret:
                return 40125
            desk.wanted_tickets += 1
            return {"errcode": 0, "errmsg": "ok"}
        given = request.query.get("component_access_token") or request.query.get("access_token")
        _, code = self.component_tokens.check(given, self.clock())
        return code or self._asked(path, body)

    def _component_token(self, body: dict[str, Any]) -> dict[str, Any] | int:
        if body.get("component_appsecret") != self.desk.third_party.app_secret:
            return 40125
        if code := self.desk.is_good_ticket(str(body.get("component_verify_ticket", ""))):
            return code
        token = self.component_tokens.plain(self.desk.third_party.app_id, self.clock(), 2000)
        if isinstance(token, int):
            return token
        return {"component_access_token": token[0], "expires_in": int(token[1])}

    def _asked(self, path: str, body: dict[str, Any]) -> dict[str, Any] | int:
        desk, account = self.desk, str(body.get("authorizer_appid", ""))
        match path:
            case "api_create_preauthcode":
                return {"pre_auth_code": desk.new_page(), "expires_in": int(CODE_LIFE)}
            case "api_query_auth":
                found = desk.use(str(body.get("authorization_code", "")))
                if isinstance(found, int):
                    return found
                return {"authorization_info": self._info(found, desk.consents[found], with_token=True)}
            case "api_authorizer_token":
                consent = desk.refresh(account, str(body.get("authorizer_refresh_token", "")))
                if isinstance(consent, int):
                    return consent
                return {
                    name: value
                    for name, value in self._info(account, consent, with_token=True).items()
                    if name not in ("authorizer_appid", "func_info")
                }
            case "api_get_authorizer_info":
                known = desk.consents.get(account)
                if known is None or known.is_over:
                    return 61003
                return self._about(account, known)
        return 48001

    def _info(self, account: str, consent: Consent, *, with_token: bool) -> dict[str, Any]:
        info: dict[str, Any] = {
            "authorizer_appid": account,
            "authorizer_refresh_token": consent.refresh_token,
            "func_info": [{"funcscope_category": {"id": scope}} for scope in consent.scopes],
        }
        if with_token:
            value, life = self.tokens.granted(account, self.clock())
            info |= {"authorizer_access_token": value, "expires_in": int(life)}
        return info

    def _about(self, account: str, consent: Consent) -> dict[str, Any]:
        its = self.accounts[account]
        about = {
            "nick_name": f"公众号 {its.original_id}",
            "user_name": its.original_id,
            "service_type_info": {"id": 2},
            "verify_type_info": {"id": 0 if its.rights.pushes else -1},
        }
        return {
            "authorizer_info": about,
            "authorization_info": self._info(account, consent, with_token=False),
        }
