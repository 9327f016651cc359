import pytest
from models_world import SHARED, Shared


@pytest.fixture(scope="module")
async def litellm():
    SHARED.append(Shared())
    yield SHARED[-1]
    await SHARED.pop().way.close()
