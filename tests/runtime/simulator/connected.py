"""Our gateway and any simulated platform that it connects to or is called by, on the clock that jumps."""

import asyncio

from bot import AGENT, Writes

from played_world import faced
from runtime.gateway.one_publication import OnePublication
from script import services


def world(folder, channel, played, seconds=2.0, text="这是一个回答。", agent=AGENT, model=None):
    publication = OnePublication(channel, played.settings, agent, judged=True)
    return faced(folder, played, publication, services(model or Writes(seconds, text)))


def wall():
    return asyncio.get_running_loop().wall
