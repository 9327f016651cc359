"""Telegram's Bot API with one bot, played from its documentation."""

from runtime.simulator.telegram.simulation import TelegramSimulation

SIMULATION = TelegramSimulation
