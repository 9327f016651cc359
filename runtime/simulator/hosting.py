"""A simulated platform at addresses of this machine."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from runtime.simulator import Simulation
from runtime.simulator.http import Server
from runtime.simulator.sockets import SocketServer


@asynccontextmanager
async def hosted(simulation: Simulation, port: int = 0) -> AsyncIterator[Mapping[str, str]]:
    """Its API host and, where it has one, the host that is connected to, by the variables that name them.
    `port`: of the API host, and the next one of the other; 0: free ones."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(simulation.call, port))
        hosts = {simulation.api_host_setting: server.url}
        if simulation.link_host_setting:
            sockets = await stack.enter_async_context(SocketServer(simulation.serve, port=port and port + 1))
            hosts[simulation.link_host_setting] = sockets.url
        yield hosts
