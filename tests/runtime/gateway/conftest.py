"""Gateways run on a clock that jumps: what waits for seconds takes none, and nothing depends on how busy
the machine is."""

import pytest

from runtime.simulator.fast_loop import FastLoop


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio", {"loop_factory": FastLoop}
