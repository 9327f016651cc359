"""Homes of several instances on one database."""

import itertools
import time
from contextlib import ExitStack

import pytest

from runtime.store.database.postgres_url import read
from runtime.store.mirrored.home import home_in

numbers = itertools.count()


@pytest.fixture
def url(postgresql):
    return read(postgresql.url(f"files{next(numbers)}"))


@pytest.fixture
def homes(url, tmp_path):
    """As many as are asked for, each as an instance has it."""
    with ExitStack() as held:

        def more():
            folder = tmp_path / f"home{next(numbers)}"
            folder.mkdir()
            held.enter_context(home_in(url, folder))
            return folder

        yield more


@pytest.fixture
def soon():
    """Waits until something holds."""

    def wait(holds):
        ends = time.monotonic() + 40
        while not holds():
            assert time.monotonic() < ends
            time.sleep(0.01)

    return wait
