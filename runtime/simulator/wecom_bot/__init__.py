"""An AI bot of WeCom, played: callbacks with bubbles that are asked for, and the long connection."""

from runtime.simulator.wecom_bot.simulation import WeComBotSimulation

SIMULATION = WeComBotSimulation
