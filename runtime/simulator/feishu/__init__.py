"""A Feishu bot's platform, played: its long connection, its events, its API and its cards."""

from runtime.simulator.feishu.simulation import FeishuSimulation

SIMULATION = FeishuSimulation
