"""Among which surfaces an owner looks for these."""

from runtime.channels import Family
from runtime.lang import Text

WECHAT = Family("wechat", Text("微信和企业微信", "WeChat and WeCom"), 0)
