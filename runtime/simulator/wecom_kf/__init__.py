"""WeChat Customer Service's side, played: the enterprise's API, its customers and its humans."""

from runtime.simulator.wecom_kf.simulation import KfSimulation

SIMULATION = KfSimulation
