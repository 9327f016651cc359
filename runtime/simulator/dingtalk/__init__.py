"""A DingTalk robot's platform, played: its Stream connection, its callbacks, its two APIs and its cards."""

from runtime.simulator.dingtalk.simulation import DingTalkSimulation

SIMULATION = DingTalkSimulation
