from pathlib import Path

import pytest
from models_world import SHARED, Shared


def pytest_collection_modifyitems(items):
    """The first test of a run also waits for litellm's process, which has a limit of its own."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(60, func_only=True))


@pytest.fixture(scope="session")
def litellm():
    SHARED.append(Shared().begin())
    yield SHARED[-1]
    SHARED.pop().stop()
