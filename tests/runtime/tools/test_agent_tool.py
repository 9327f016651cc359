from datetime import UTC, datetime

import pytest

from runtime.errors import ToolFailed
from runtime.tools import Env, registry
from script import NoHttp


async def test_alone_it_says_that_it_needs_a_conversation():
    tool = registry()["agent"].model_validate({"type": "agent", "agent": "tea"})
    env = Env(NoHttp(), datetime.now(UTC), {})
    with pytest.raises(ToolFailed, match="conversations only"):
        await tool.call({"task": "x"}, env)
