"""An enterprise with one customer-service account, and what it may do."""

from dataclasses import dataclass
from typing import Literal, get_args

Rights = Literal["verified", "unverified", "not_listed"]
RIGHTS: tuple[Rights, ...] = get_args(Rights)
"""not_listed: the app is not among those that may call for the account."""


@dataclass(frozen=True)
class Account:
    """As its console shows it."""

    rights: Rights = "verified"
    corp_id: str = "ww5a1b2c3d4e5f6071"
    secret: str = "Zx3f9d1c7be04a48d2a6b5c8e7f1029384QqWwEeRrTt"
    token: str = "Qx7mR2kLp9"
    encoding_aes_key: str = "k3JxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"
    open_kfid: str = "wkPl4yedAAAq1w2e3r4t5y6u7i8o9p0A"
    servicers: tuple[str, ...] = ("zhangsan", "lisi")
    """Members who may be given a session; others have not activated WeCom (95014)."""

    @property
    def settings(self) -> dict[str, str]:
        """What its owner enters to publish on it."""
        return {
            "corp_id": self.corp_id,
            "secret": self.secret,
            "token": self.token,
            "encoding_aes_key": self.encoding_aes_key,
            "open_kfid": self.open_kfid,
        }
