"""What who asked is told of a turn that goes on later."""

from collections.abc import Mapping

from runtime.lang import Text

FOR_OTHERS: Mapping[str, Text] = {
    "decision": Text("等人来决定", "Somebody decides"),
    "call": Text("等别处的答复", "An answer from elsewhere"),
}
"""By what is waited for, where that is others' to give: what these are shown is for them alone. A person who
decides whether an answer may go out reads it there."""


def told(kind: str, what: Text, until: float | None) -> dict[str, object]:
    """`kind`: see waiting.Awaited; `what`: as who looks at the waiting ones is told; `until`: seconds since
    1970."""
    return {"for": kind, "what": FOR_OTHERS.get(kind, what).by_language(), "until": until}
