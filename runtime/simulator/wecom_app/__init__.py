"""WeCom's side of one self-built app, played: the enterprise, its API host, its members."""

from runtime.simulator.wecom_app.simulation import WeComAppSimulation

SIMULATION = WeComAppSimulation
