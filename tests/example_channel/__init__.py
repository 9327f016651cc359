"""A second, complete channel, as somebody else would bring it: nothing in the product names it.

It differs from what ships wherever a channel may: one call brings several letters, or only says that some
wait; nothing is shown in a response; letters are counted in characters and known by a key; the token is a
header.
"""

from contextlib import contextmanager

from example_channel import channels as own_channels
from example_channel import simulator as own_simulator
from runtime import channels, simulator
from runtime.plugins import discover


@contextmanager
def installed():
    """The product with this folder in it."""
    found = discover(own_channels, "CHANNEL")
    played = discover(own_simulator, "SIMULATION", folders_only=True)
    with channels.registry.including(found), simulator.registry.including(played):
        yield
