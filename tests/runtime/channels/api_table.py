"""Nothing comes in or goes out by itself."""

from tables import Tables

from runtime.channels.api import CHANNEL

TABLES = Tables(CHANNEL(CHANNEL.Settings()))
