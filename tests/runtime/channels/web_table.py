"""Nothing comes in or goes out by itself: people come, and fetch."""

from tables import Tables

from runtime.channels.web import CHANNEL

TABLES = Tables(CHANNEL(CHANNEL.Settings()))
