"""How the platform calls its things."""

from runtime.channels import Words
from runtime.lang import Text

WORDS = Words(
    platform=Text("微信", "WeChat"),
    console=Text("小程序后台", "the Mini Program's console"),
    account=Text("小程序", "Mini Program"),
    proof=Text("Token（令牌）", "Token"),
)
