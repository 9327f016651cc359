"""The real request is watched for: it passes, or is explained at once with what was compared."""

from types import SimpleNamespace

import pytest

from runtime.channels import registry
from runtime.checkup import attempts
from runtime.checkup.patient import Patient
from runtime.errors import Compared
from runtime.lang import Text
from runtime.publish.doctor import Refusal, State

BEGAN = 1_800_000_000.0
BEFORE = State(None, None, Refusal("signature", Text("旧。", "Old."), BEGAN - 60), 0, {})
TOKEN = Compared(Text("令牌", "Token"), "10 / ab")
REFUSED = State(
    None, None, Refusal("signature", Text("签名不对。请改。", "Bad. Mend it."), BEGAN + 2, (TOKEN,)), 0, {}
)
PASSED = State(BEGAN + 2, None, None, 0, {})


@pytest.mark.parametrize(
    ("then", "ok", "says"),
    [(REFUSED, False, "Token: here 10 / ab"), (PASSED, True, "verified"), (BEFORE, None, "not called")],
)
async def test_the_next_real_request_is_told(then, ok, says):
    kind, states, clock = registry()["wechat"], iter([BEFORE, BEFORE]), iter(range(1000))
    ways = SimpleNamespace(clock=lambda: BEGAN + next(clock))
    who = Patient("p", kind, "", "/c/p", ways, lambda: next(states, then))
    told = await attempts.awaited(who, 20, pause=0)
    assert (told.ok, says in told.says.en) == (ok, True), told.says.en
