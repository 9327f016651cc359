import pytest
from models_world import SHARED, Shared


@pytest.fixture(scope="session")
def litellm():
    SHARED.append(Shared())
    yield SHARED[-1]
    SHARED.pop().stop()
