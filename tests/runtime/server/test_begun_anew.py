"""What goes on beside the answering fails once: it is begun anew, whatever it was."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from runtime.server.app import running
from runtime.server.program import build_program
from runtime.server.role import Role
from runtime.settings import Settings
from runtime.simulator.fast_loop import FastLoop
from runtime.store.control.control import Control


@pytest.fixture(scope="module")
def anyio_backend():
    """A clock that jumps: between two tries are seconds."""
    return "asyncio", {"loop_factory": FastLoop}


class Fails:
    """Whatever is asked of it."""

    def __init__(self, asked, name):
        self.asked, self.name = asked, name

    async def run(self, is_ours):
        self.asked[self.name] += 1
        raise [ZeroDivisionError, OSError][self.asked[self.name] % 2]

    warm = watch = run


async def test_each_is_asked_again(tmp_path, caplog):
    settings = Settings(home=tmp_path)
    program = build_program(settings, Control.in_folder(settings.data))
    asked = Counter()
    broken = {name: Fails(asked, name) for name in ("address_watch", "upkeep")}
    role = Role(settings)
    assert role.take()
    quotas = Fails(asked, "quotas")
    async with running(replace(program, **broken), role, quotas), asyncio.timeout(100):
        while min(asked[name] for name in (*broken, "quotas")) < 4:  # noqa: ASYNC110 # it is asked by tasks
            await asyncio.sleep(1)
    role.leave()
    assert "run failed and is begun anew" in caplog.text
