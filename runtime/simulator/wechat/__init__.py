"""WeChat's side, played: accounts, API host, phones."""

from runtime.simulator.wechat.simulation import WeChatSimulation

SIMULATION = WeChatSimulation
