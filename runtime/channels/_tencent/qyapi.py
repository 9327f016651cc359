"""Calls to qyapi.weixin.qq.com with the Secret of one app of an enterprise.

https://developer.work.weixin.qq.com/document/path/91039
"""

from dataclasses import replace
from typing import Any, ClassVar

from runtime.channels import AccessToken, ApiAnswer, ApiRequest, Authenticates, Checked, Codes
from runtime.channels._tencent.qyapi_codes import ANSWERS, CODES

HOST = "https://qyapi.weixin.qq.com"
HOST_SETTING = "HONGYAN_WECOM_API"


class QyApi(Authenticates, Checked):
    """The enterprise's half of any such channel: its settings have `corp_id` and `secret`."""

    settings: Any
    codes: ClassVar[Codes] = CODES
    api_host: ClassVar[str] = HOST
    api_host_setting: ClassVar[str] = HOST_SETTING

    def token_request(self) -> ApiRequest:
        """Asked again it gives the same token, which belongs to the Secret: nobody else's is voided."""
        secret = self.settings.secret.get_secret_value()
        return ApiRequest("/cgi-bin/gettoken", None, {"corpid": self.settings.corp_id, "corpsecret": secret})

    def token(self, answer: ApiAnswer) -> AccessToken:
        return ANSWERS.token(answer.data)

    def authorized(self, request: ApiRequest, token: str) -> ApiRequest:
        return replace(request, query={**request.query, "access_token": token})

    def seen_address(self, answer: ApiAnswer) -> str:
        return ANSWERS.address(answer.data)
