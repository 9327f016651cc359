"""What an enterprise's app and its customer service have alike: sealed calls, and what is entered for them.

https://developer.work.weixin.qq.com/document/path/90238
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import SecretStr, ValidationInfo, field_validator

from runtime.channels import AddressCheck, Channel, Guides, ToCopy, Verifies, WebResponse
from runtime.channels._border import entered
from runtime.channels._border.entered import Format
from runtime.channels._tencent import credentials
from runtime.channels._tencent.answers import Answers
from runtime.channels._tencent.credentials import new_aes_key, new_token
from runtime.channels._tencent.refusals import reason
from runtime.channels._tencent.sealed import Sealed
from runtime.lang import Text
from runtime.schema import Strict, setting

URL = Text("URL", "URL")
TOKEN = Text("Token", "Token")
AES_KEY = Text("EncodingAESKey", "EncodingAESKey")
OK = WebResponse("")
"""Received; there is nothing to show."""


class EnterpriseAccount(Strict):
    """An enterprise, the Secret of one of its apps, and what seals the calls."""

    formats: ClassVar[Mapping[str, Format]] = {
        "corp_id": credentials.CORP_ID,
        "secret": credentials.CORP_SECRET,
        "token": credentials.TOKEN,
        "encoding_aes_key": credentials.AES_KEY,
    }
    """What each credential looks like; a further one of a surface's own is added to it."""
    corp_id: str = setting(
        title=Text("企业 ID", "CorpID"),
        hint=Text(
            "企业微信管理后台 → 我的企业 → 企业信息，在页面最下面",
            "WeCom's console, My Company, Company Info, at the end of the page",
        ),
    )
    secret: SecretStr = setting(title=Text("Secret", "Secret"), widget="secret")
    token: SecretStr = setting(
        title=TOKEN,
        hint=Text(
            "3–32 位字母或数字，与企业微信后台填写的一致",
            "3–32 letters and digits, the same as in WeCom's console",
        ),
        widget="secret",
    )
    encoding_aes_key: SecretStr = setting(
        title=AES_KEY,
        hint=Text(
            "43 位字母或数字，与企业微信后台填写的一致",
            "43 letters and digits, the same as in WeCom's console",
        ),
        widget="secret",
    )

    @field_validator("*", mode="after")
    @classmethod
    def _is_real(cls, value: Any, info: ValidationInfo) -> Any:
        form = cls.formats.get(str(info.field_name))
        if form is None:
            return value
        if isinstance(value, SecretStr):
            return SecretStr(entered.checked(value.get_secret_value().strip(), form))
        return entered.checked(value.strip(), form)


class EnterpriseCalls(Verifies, Guides, Channel):
    """Calls come sealed for the enterprise."""

    settings: Any
    """An EnterpriseAccount."""
    ports: ClassVar[frozenset[int]] = frozenset()
    patience: ClassVar[float] = 1
    proven_codes: ClassVar[frozenset[str]] = frozenset({"decrypt", "receive_id", "account"})
    verified_by: ClassVar[frozenset[str]] = frozenset({"token", "encoding_aes_key", "corp_id"})
    answers: ClassVar[Answers]
    """What its API's codes mean."""

    def __init__(self, settings: EnterpriseAccount) -> None:
        super().__init__(settings)
        key = settings.encoding_aes_key.get_secret_value()
        self._sealed = Sealed(settings.token.get_secret_value(), key, settings.corp_id)

    @classmethod
    def suggest(cls) -> dict[str, str]:
        return {"token": new_token(), "encoding_aes_key": new_aes_key()}

    @classmethod
    def explain(cls, code: str) -> Text:
        return cls.answers.explain(code) or reason(code, cls.words)

    def acknowledge(self) -> WebResponse:
        return OK

    def address_check(self, mark: str, now: float) -> AddressCheck:
        return self._sealed.address_check(mark, now)

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        return sealed_address(address, self.settings.token, self.settings.encoding_aes_key)


def sealed_address(address: str, token: SecretStr, aes_key: SecretStr) -> Sequence[ToCopy]:
    """What is copied to the platform for it, in the order of WeCom's forms."""
    return [
        ToCopy("url", URL, address),
        ToCopy("token", TOKEN, token.get_secret_value()),
        ToCopy("aes", AES_KEY, aes_key.get_secret_value()),
    ]
