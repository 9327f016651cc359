"""WeChat's side, played: accounts, API host, phones."""

from runtime.simulator.wechat.followed import FollowedSimulation

SIMULATION = FollowedSimulation
