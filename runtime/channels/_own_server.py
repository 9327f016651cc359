"""A channel whose platform is a server of the owner's own, of whatever protocol."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from runtime.channels._abilities import AsksPlatform


@dataclass(frozen=True)
class Server:
    """`url`: scheme, host and port. `tool`: what an operator permits it as, see HONGYAN_EGRESS_ALLOW."""

    url: str
    tool: str
    authority: str = ""
    """Certificates, PEM, that alone are trusted; "": those of the system."""
    certificate: str = field(default="", repr=False)
    """Ours, PEM, and its key, where the server wants one."""
    key: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the request that opens it, where the protocol has one."""


class OwnServer(AsksPlatform):
    """The owner says where it is: it is reached within the bounds of the egress guard, and by the protocol
    that
    its address begins with (network/transports). What a Link sends and hears there is in that protocol's
    file."""

    api_host: ClassVar[str] = ""
    api_host_setting: ClassVar[str] = ""
    link_host: ClassVar[str] = ""
    link_host_setting: ClassVar[str] = ""
    """Environment variable of a WebSocket that stands for it in rehearsals, with the same texts; "": none."""

    @property
    @abstractmethod
    def server(self) -> Server: ...

    @property
    def secrets_go_to(self) -> frozenset[str]:
        """See Channel."""
        return frozenset({self.server.url})
