"""Discord with one bot, played from its documentation."""

from runtime.simulator.discord.simulation import DiscordSimulation

SIMULATION = DiscordSimulation
