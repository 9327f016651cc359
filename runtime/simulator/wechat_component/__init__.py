"""A third-party platform (开放平台第三方平台), played: its ticket, consents, and the accounts behind it."""

from runtime.simulator.wechat_component.simulation import ComponentSimulation

SIMULATION = ComponentSimulation
