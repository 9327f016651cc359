"""What the owner of a Mini Program enters."""

from pydantic import SecretStr, field_validator

from runtime.channels._tencent import credentials
from runtime.lang import Text
from runtime.schema import Strict, setting


class Account(Strict):
    app_id: str = setting(
        title=Text("AppID", "AppID"),
        hint=Text("小程序后台 → 开发管理 → 开发设置", "The Mini Program's console, development settings"),
    )
    app_secret: SecretStr = setting(
        title=Text("AppSecret", "AppSecret"),
        hint=Text("在同一页生成，只显示一次", "Made on the same page, shown once"),
        widget="secret",
    )

    @field_validator("app_id", mode="after")
    @classmethod
    def _is_id(cls, value: str) -> str:
        return credentials.checked(value, credentials.APP_ID)

    @field_validator("app_secret", mode="after")
    @classmethod
    def _is_secret(cls, value: SecretStr) -> SecretStr:
        return SecretStr(credentials.checked(value.get_secret_value(), credentials.APP_SECRET))
