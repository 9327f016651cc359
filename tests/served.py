"""An application on a port, for clients that are not ours."""

from contextlib import asynccontextmanager

import uvicorn

from bench.ports import free_port
from runtime.server.sockets import BoundedSocket


@asynccontextmanager
async def served(app, port=None):
    """Its port; `port`: a certain one."""
    options = {
        "ws": BoundedSocket,
        "ws_per_message_deflate": False,
        "log_config": None,
        "lifespan": "off",
    }
    config = uvicorn.Config(app, port=port or free_port(), ws_max_size=2**20, **options)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield config.port
    await server.shutdown()
