"""What the owner of a WeChat Customer Service account enters to publish on it."""

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._tencent import credentials
from runtime.lang import Text
from runtime.schema import Strict, setting


class Account(Strict):
    """One customer-service account, and the app that may call for it."""

    corp_id: str = setting(
        title=Text("企业 ID", "CorpID"),
        hint=Text(
            "企业微信管理后台 → 我的企业 → 企业信息，在页面最下面",
            "WeCom's console, My Company, Company Info, at the end of the page",
        ),
    )
    secret: SecretStr = setting(
        title=Text("Secret", "Secret"),
        hint=Text(
            "「微信客服 → 可调用接口的应用」里那个应用的 Secret",
            "Of the app that is listed as one that may call for customer service",
        ),
        widget="secret",
    )
    token: SecretStr = setting(
        title=Text("Token", "Token"),
        hint=Text(
            "3–32 位字母或数字，与回调配置里填写的一致", "3–32 letters and digits, the same as in the console"
        ),
        widget="secret",
    )
    encoding_aes_key: SecretStr = setting(
        title=Text("EncodingAESKey", "EncodingAESKey"),
        hint=Text(
            "43 位字母或数字，与回调配置里填写的一致", "43 letters and digits, the same as in the console"
        ),
        widget="secret",
    )
    open_kfid: str = setting(
        title=Text("客服账号 ID（open_kfid）", "Account id (open_kfid)"),
        hint=Text(
            "以 wk 开头；微信客服 → 客服账号 → 这个账号的详情里",
            "Begins with wk; in the details of the customer-service account",
        ),
    )
    servicer_userid: str = setting(
        "",
        title=Text("指定接待人员", "Servicer"),
        hint=Text(
            "可不填：转人工时进入待接入池。填成员的 userid 就直接转给这一位",
            "Optional: people who want a human wait in the pool. With a member's userid they go to that one",
        ),
        max_length=64,
        pattern=r"^[A-Za-z0-9_.@-]{0,64}$",
    )

    @field_validator("corp_id", "open_kfid", mode="after")
    @classmethod
    def _is_real(cls, value: str, info: ValidationInfo) -> str:
        return credentials.checked(value.strip(), FORMATS[str(info.field_name)])

    @field_validator("secret", "token", "encoding_aes_key", mode="after")
    @classmethod
    def _is_real_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value().strip()
        return SecretStr(credentials.checked(secret, FORMATS[str(info.field_name)]))


FORMATS = {
    "corp_id": credentials.CORP_ID,
    "secret": credentials.CORP_SECRET,
    "token": credentials.TOKEN,
    "encoding_aes_key": credentials.AES_KEY,
    "open_kfid": credentials.OPEN_KFID,
}
