"""What the owner of a third-party platform enters once, and what the consent of an account brings."""

import re
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._border import entered
from runtime.channels._tencent import credentials
from runtime.channels.wechat.account import Answering
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import setting

BROUGHT = Text("扫码授权后自动得到", "Comes by the consent")
PERMISSIONS = re.compile(r"(\d{1,6}(,\d{1,6}){0,199})?")


class Authorized(Answering):
    """The first ones are the platform's, the same for all its accounts; the last ones a consent brings."""

    component_app_id: str = setting(
        title=Text("第三方平台 AppID", "Third-party platform's AppID"),
        hint=Text(
            "微信开放平台 → 管理中心 → 第三方平台 → 详情",
            "WeChat Open Platform → management → third-party platform → details",
        ),
    )
    component_app_secret: SecretStr = setting(
        title=Text("第三方平台 AppSecret", "Third-party platform's AppSecret"),
        hint=Text("与 AppID 在同一页，重置后复制", "On the same page; reset and copy it"),
        widget="secret",
    )
    token: SecretStr = setting(
        title=Text("消息校验 Token", "Token"),
        hint=Text(
            "3–32 位字母或数字，与开放平台填写的一致", "3–32 letters and digits, the same as in the console"
        ),
        widget="secret",
    )
    encoding_aes_key: SecretStr = setting(
        title=Text("消息加解密 Key", "Message key"),
        hint=Text("43 位字母或数字，与开放平台填写的一致", "43 letters and digits as in the console"),
        widget="secret",
    )
    released: bool = setting(
        False,
        title=Text("已经全网发布", "Released to everybody"),
        hint=Text(
            "发布前微信会用它自己的测试号检测，这里会按要求应答；全网发布以后请打开，不再理会那些测试号",
            "Before that WeChat tries it with accounts of its own, which are answered as it demands; switch "
            "this on afterwards, and they are no longer answered",
        ),
    )
    app_id: str = setting("", title=Text("AppID", "AppID"), hint=BROUGHT)
    original_id: str = setting("", title=Text("原始 ID", "Original id"), hint=BROUGHT)
    nick_name: str = setting("", title=Text("名称", "Name"), hint=BROUGHT, max_length=100)
    permissions: str = setting("", title=Text("权限集", "Permission sets"), hint=BROUGHT)

    @property
    def mode(self) -> Literal["safe", "plain"]:
        """Everything that comes by a third-party platform is encrypted."""
        return "safe"

    @property
    def app_secret(self) -> SecretStr:
        """Nobody told it."""
        return SecretStr("")

    @property
    def receive_id(self) -> str:
        return self.component_app_id

    @property
    def has_token(self) -> bool:
        return bool(self.app_id)

    @property
    def allowed(self) -> frozenset[str]:
        """What the account's owner consented to, by number."""
        return frozenset(filter(None, self.permissions.split(",")))

    @field_validator("component_app_id", "app_id", "original_id", mode="after")
    @classmethod
    def _is_real(cls, value: str, info: ValidationInfo) -> str:
        name, value = str(info.field_name), value.strip()
        if not value and name != "component_app_id":
            return ""
        return entered.checked(
            value, credentials.ORIGINAL_ID if name == "original_id" else credentials.APP_ID
        )

    @field_validator("component_app_secret", "token", "encoding_aes_key", mode="after")
    @classmethod
    def _is_real_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        form = FORMATS[str(info.field_name)]
        return SecretStr(entered.checked(value.get_secret_value().strip(), form))

    @field_validator("permissions", mode="after")
    @classmethod
    def _are_numbers(cls, value: str) -> str:
        if not PERMISSIONS.fullmatch(value):
            raise Wrong(Text("应是用逗号隔开的编号", "should be numbers with commas between"))
        return value


FORMATS = {
    "component_app_secret": credentials.APP_SECRET,
    "token": credentials.TOKEN,
    "encoding_aes_key": credentials.AES_KEY,
}
