"""What people see when something is wrong, in their own words, and what it comes from."""

import re
from dataclasses import dataclass

from runtime.lang import Text


@dataclass(frozen=True)
class Symptom:
    """`like`: finds it in what somebody pasted, in any case and language. `hint`: cause, then what to do."""

    id: str
    like: re.Pattern[str]
    hint: Text

    def matches(self, pasted: str) -> bool:
        return self.like.search(pasted) is not None


def symptom(id: str, like: str, hint: Text) -> Symptom:
    return Symptom(id, re.compile(like, re.IGNORECASE), hint)
