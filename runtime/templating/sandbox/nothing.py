"""What there is inside of none."""

from typing import Any

from jinja2 import Undefined


class Nothing(Undefined):
    """What there is inside of none: prints nothing, is false, is empty, and so is all that is in it.

    The result of a block that did not run is none, so `{{ food.text }}` behind a branch needs no ceremony.
    """

    __slots__ = ()

    def _nothing(self, *_: Any) -> "Nothing":
        return self

    def _false(self, _: Any) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other is None or other == "" or isinstance(other, Nothing)

    def __hash__(self) -> int:
        return hash(None)

    def __float__(self) -> float:  # type: ignore[override] # jinja2 raises here
        return 0.0

    def __int__(self) -> int:  # type: ignore[override] # as above
        return 0

    def __contains__(self, _: object) -> bool:
        return False

    __getitem__ = __call__ = _nothing  # type: ignore[assignment] # as above
    __lt__ = __le__ = __gt__ = __ge__ = _false  # type: ignore[assignment] # as above
