from pathlib import Path

import pytest
from models_world import SHARED, Shared

HERE = f"{Path(__file__).parent}/"


def pytest_collection_modifyitems(items):
    """The first test of a run also waits for litellm's process, which has a limit of its own."""
    for item in items:
        if str(item.path).startswith(HERE) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(60, func_only=True))


@pytest.fixture(scope="session")
def litellm():
    SHARED.append(Shared().begin())
    yield SHARED[-1]
    SHARED.pop().stop()
