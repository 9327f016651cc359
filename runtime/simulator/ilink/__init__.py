"""One person's WeChat with its bot, played from the papers of Tencent's openclaw-weixin 2.4.9."""

from runtime.simulator.ilink.simulation import ILinkSimulation

SIMULATION = ILinkSimulation
