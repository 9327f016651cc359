"""Our gateway behind a simulated WeCom app, on a clock that jumps."""

import asyncio

from ladder import AGENT, SlowModel

from played_world import faced
from runtime.gateway.one_publication import OnePublication
from runtime.simulator.wecom_app.simulation import WeComAppSimulation
from script import services


def world(folder, kind="trusted", seconds=2.0, played=None, text="这是回答。", agent=AGENT, **settings):
    """Everything on this loop, which should be a FastLoop."""
    played = played or WeComAppSimulation(kind, asyncio.get_running_loop().wall)
    publication = OnePublication("wecom_app", {**played.settings, **settings}, agent)
    return faced(folder, played, publication, services(SlowModel(seconds, text)))
