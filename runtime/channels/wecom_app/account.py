"""What the owner of a WeCom app enters to publish on it."""

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._tencent import credentials
from runtime.lang import Text
from runtime.schema import Strict, setting


class Account(Strict):
    """One app's credentials."""

    corp_id: str = setting(
        title=Text("企业 ID", "CorpID"),
        hint=Text(
            "企业微信管理后台 → 我的企业 → 企业信息，在页面最下面",
            "WeCom's console, My Company, Company Info, at the end of the page",
        ),
    )
    agent_id: str = setting(
        title=Text("AgentId", "AgentId"),
        hint=Text("应用管理 → 自建 → 这个应用，在页面最上面", "App Management, Self-built, the app, on top"),
    )
    secret: SecretStr = setting(
        title=Text("Secret", "Secret"),
        hint=Text("就在 AgentId 下面；每个应用各有一个", "Below the AgentId; each app has its own"),
        widget="secret",
    )
    token: SecretStr = setting(
        title=Text("Token", "Token"),
        hint=Text(
            "3–32 位字母或数字，与「接收消息」里填写的一致",
            "3–32 letters and digits, the same as under Receive messages",
        ),
        widget="secret",
    )
    encoding_aes_key: SecretStr = setting(
        title=Text("EncodingAESKey", "EncodingAESKey"),
        hint=Text(
            "43 位字母或数字，与「接收消息」里填写的一致",
            "43 letters and digits, the same as under Receive messages",
        ),
        widget="secret",
    )
    markdown: bool = setting(
        True,
        title=Text("用 Markdown 显示标题、粗体、引用", "Headings, bold and quotes as Markdown"),
        hint=Text(
            "只有企业微信客户端会显示；成员如果在微信里（微信插件）看消息，请关闭，改发纯文本",
            "Only WeCom's own client shows it. Off, as plain text, if members read in WeChat, by its plugin",
        ),
    )

    @field_validator("corp_id", "agent_id", mode="after")
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
    "agent_id": credentials.AGENT_ID,
    "secret": credentials.CORP_SECRET,
    "token": credentials.TOKEN,
    "encoding_aes_key": credentials.AES_KEY,
}
