"""Slack with one app in a workspace, played from its documentation."""

from runtime.simulator.slack.simulation import SlackSimulation

SIMULATION = SlackSimulation
