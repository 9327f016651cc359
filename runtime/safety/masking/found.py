"""A piece of a text that tells of somebody."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "name", "phone", "mail", "address", "id_card", "identity", "card", "passport", "plate", "account",
    "birthday", "postcode", "ip", "opaque", "order", "number",
]  # fmt: skip
"""`identity`: another country's number of a person; `account`: at a messenger; `opaque`: an id without words;
`order`: a number that is said to be an order's; `number`: a long one of which nothing is said."""

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2010: 0x2D, 0x2011: 0x2D}
"""Full-width signs, each as the ASCII one that it stands for: of the same length, so places stay the same."""


@dataclass(frozen=True)
class Found:
    """`text[start:end]`, as the text has it."""

    start: int
    end: int
    kind: Kind


def narrow(text: str) -> str:
    """As long as before."""
    return text.translate(WIDE)
