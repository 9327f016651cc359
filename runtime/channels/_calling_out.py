"""A channel that calls no platform known to us: its owner says where, or what comes names addresses."""

from abc import abstractmethod
from typing import ClassVar

from runtime.channels._abilities import AsksPlatform


class CallsOut(AsksPlatform):
    """Each address is judged before it is called, like those of tools: public ones, and of the own network
    what an operator permits (HONGYAN_EGRESS_ALLOW).
    Where `api_host_setting` is set that is called instead."""

    permitted_as: ClassVar[str]
    """By which name an operator permits it: `NAME=host:port`."""

    @property
    @abstractmethod
    def own_host(self) -> str:
        """Scheme, host and port that the owner entered; "" where there is none."""
