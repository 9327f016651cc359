"""Every kind of check, by its `type`."""

import functools
from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import SerializeAsAny

from runtime.lang import Text
from runtime.schema import by_type
from runtime.testing.answer_checks import Contains, Json, Lacks, Matches
from runtime.testing.check import OneCheck
from runtime.testing.judging import Judged
from runtime.testing.way_checks import Calls, CallsNot, Cites, Costs, Fails, Passes, Waits, Within

KINDS = (Contains, Lacks, Matches, Json, Calls, CallsNot, Cites, Passes, Waits, Fails, Within, Costs, Judged)


@functools.cache
def registry() -> Mapping[str, type[OneCheck]]:
    return {get_args(kind.model_fields["type"].annotation)[0]: kind for kind in KINDS}


Check = Annotated[SerializeAsAny[OneCheck], by_type(OneCheck, registry, Text("检查", "check"))]
