"""What the owner of an Official Account enters to publish on it."""

from typing import Literal, Protocol

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels._border import entered
from runtime.channels._tencent import credentials
from runtime.lang import Text
from runtime.schema import Strict, setting

MODES = {"safe": Text("安全模式（推荐）", "Safe mode (recommended)"), "plain": Text("明文模式", "Plain text")}


class Known(Protocol):
    """What is known of an account, however it came to us."""

    @property
    def app_id(self) -> str: ...
    @property
    def original_id(self) -> str: ...
    @property
    def mode(self) -> Literal["safe", "plain"]: ...
    @property
    def token(self) -> SecretStr: ...
    @property
    def encoding_aes_key(self) -> SecretStr: ...
    @property
    def app_secret(self) -> SecretStr: ...
    @property
    def push(self) -> bool: ...
    @property
    def handover(self) -> bool: ...
    @property
    def kf_account(self) -> str: ...
    @property
    def receive_id(self) -> str:
        """To whom its messages are sealed."""
        ...

    @property
    def has_token(self) -> bool:
        """Whether there is a way to an access token."""
        ...


class Answering(Strict):
    """How an account answers."""

    push: bool = setting(
        True,
        title=Text("可以发客服消息", "May push messages"),
        hint=Text(
            "已认证的账号请打开：回答慢也能送达；未认证的个人号请关闭",
            "On for verified accounts: slow answers arrive too. Off for unverified personal accounts",
        ),
    )
    handover: bool = setting(
        False,
        title=Text("转人工时转到微信客服后台", "Hand over to WeChat's service console"),
        hint=Text(
            "认证的账号，已在公众号后台开通「客服」功能的才打开：智能体转人工后，消息进入「客服」，智能体不再回答，"
            "直到客服结束会话",
            "For verified accounts whose service console is set up: messages go there, and the agent is "
            "silent until the human ends the session",
        ),
    )
    kf_account: str = setting(
        "",
        title=Text("指定客服账号", "Servicer"),
        hint=Text(
            "可不填；填了就转给这位客服，如 test1@gh_xxx",
            "Optional; all hand-overs go to this one, e.g. test1@gh_xxx",
        ),
        max_length=64,
        pattern=r"^([A-Za-z0-9_]{1,20}@[A-Za-z0-9_-]{1,40})?$",
    )


class Account(Answering):
    """One account's credentials. `mode` and `push` come before what they make optional."""

    app_id: str = setting(
        title=Text("AppID", "AppID"),
        hint=Text(
            "微信开发者平台 → 我的业务 → 公众号 / 服务号 → 基础信息",
            "WeChat Developer Platform → basic information",
        ),
    )
    original_id: str = setting(
        title=Text("原始 ID", "Original id"),
        hint=Text("以 gh_ 开头，在公众号的账号详情里", "Begins with gh_; see the account's details"),
    )
    mode: Literal["safe", "plain"] = setting(
        "safe",
        title=Text("消息加解密方式", "Encryption"),
        hint=Text(
            "后台选了安全模式或兼容模式，这里就选安全模式；明文模式的消息可能被伪造，只给测试号用",
            "Safe mode if the console is in safe or compatible mode. Plain text can be forged: for test "
            "accounts only",
        ),
        choices=lambda: MODES,
    )
    token: SecretStr = setting(
        title=Text("Token", "Token"),
        hint=Text(
            "3–32 位字母或数字，与后台填写的一致", "3–32 letters and digits, the same as in the console"
        ),
        widget="secret",
    )
    encoding_aes_key: SecretStr = setting(
        SecretStr(""),
        title=Text("EncodingAESKey", "EncodingAESKey"),
        hint=Text(
            "43 位字母或数字，与后台填写的一致；明文模式不需要",
            "43 letters and digits as in the console; not for plain text",
        ),
        widget="secret",
        when=("mode", "safe"),
        validate_default=True,
    )
    app_secret: SecretStr = setting(
        SecretStr(""),
        title=Text("AppSecret", "AppSecret"),
        hint=Text("发客服消息要用；关闭客服消息时可以不填", "Needed for pushing; optional without"),
        widget="secret",
        when=("push", True),
        validate_default=True,
    )

    @property
    def receive_id(self) -> str:
        return self.app_id

    @property
    def has_token(self) -> bool:
        return bool(self.app_secret.get_secret_value())

    @field_validator("app_id", "original_id", mode="after")
    @classmethod
    def _is_real(cls, value: str, info: ValidationInfo) -> str:
        return entered.checked(value.strip(), FORMATS[str(info.field_name)])

    @field_validator("token", "encoding_aes_key", "app_secret", mode="after")
    @classmethod
    def _is_real_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        name, secret = str(info.field_name), value.get_secret_value().strip()
        needed = {
            "encoding_aes_key": info.data.get("mode") != "plain",
            "app_secret": info.data.get("push") is not False,
        }
        if not secret and not needed.get(name, True):
            return SecretStr("")
        return SecretStr(entered.checked(secret, FORMATS[name]))


FORMATS = {
    "app_id": credentials.APP_ID,
    "original_id": credentials.ORIGINAL_ID,
    "token": credentials.TOKEN,
    "encoding_aes_key": credentials.AES_KEY,
    "app_secret": credentials.APP_SECRET,
}
