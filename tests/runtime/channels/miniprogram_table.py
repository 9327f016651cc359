"""People come by themselves; what the platform says of their codes."""

from pydantic import SecretStr
from tables import Tables

from runtime.channels.miniprogram import CHANNEL

TABLES = Tables(CHANNEL(CHANNEL.Settings(app_id="wx1234567890abcdef", app_secret=SecretStr("s" * 32))))
