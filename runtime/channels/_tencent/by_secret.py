"""An account whose access token is asked for with its AppID and AppSecret.

https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
"""

from dataclasses import replace
from typing import Any, ClassVar

from runtime.channels import AccessToken, ApiAnswer, ApiRequest, Authenticates
from runtime.channels._tencent.answers import Answers


class BySecret(Authenticates):
    """`settings` have `app_id` and `app_secret`."""

    answers: ClassVar[Answers]
    settings: Any

    def token_request(self) -> ApiRequest:
        # stable_token, because /cgi-bin/token would void the token of any other system with this AppID
        body = {
            "grant_type": "client_credential",
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret.get_secret_value(),
            "force_refresh": False,
        }
        return ApiRequest("/cgi-bin/stable_token", body)

    def token(self, answer: ApiAnswer) -> AccessToken:
        return self.answers.token(answer.data)

    def authorized(self, request: ApiRequest, token: str) -> ApiRequest:
        return replace(request, query={**request.query, "access_token": token})
