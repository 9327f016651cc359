"""A Mini Program's side at WeChat, played: who signs in, its customer-service window, what may be told."""

from runtime.simulator.miniprogram.simulation import MiniProgramSimulation

SIMULATION = MiniProgramSimulation
