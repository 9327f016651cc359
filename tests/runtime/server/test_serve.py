"""A start that fails says why."""

import contextlib
import gc
import logging
import socket
import sys

import pytest
from starlette.applications import Starlette

from runtime.errors import BadSettings, HongyanError
from runtime.lang import Text
from runtime.server.serve import serve


@pytest.fixture
def quiet():
    """As in default mode, where a library turns uvicorn's own log off."""
    loud, threshold, interval = (
        logging.getLogger("uvicorn.error"),
        gc.get_threshold(),
        sys.getswitchinterval(),
    )
    before, loud.level = loud.level, logging.CRITICAL
    yield
    loud.level = before
    gc.set_threshold(*threshold)
    gc.unfreeze()
    sys.setswitchinterval(interval)


def failing(error):
    @contextlib.asynccontextmanager
    async def lifespan(app):
        raise error
        yield

    return Starlette(lifespan=lifespan)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadSettings(Text("密钥不对", "wrong key")), "^密钥不对 / wrong key$"),
        (RuntimeError("boom"), "The start failed .RuntimeError: boom."),
        (OSError(28, "No space left on device"), "No space left"),
    ],
    ids=["a sentence", "a bug", "the system"],
)
def test_a_start_that_fails_says_why_and_not_that_it_is_ready(quiet, error, said):
    ready = []

    async def nothing():
        pass

    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(HongyanError, match=said):
        serve(failing(error), listener, lambda: ready.append(1), nothing)
    assert ready == []
