"""Whether an answer may be there before anybody has to wait for it."""

from collections.abc import Sequence

from runtime.blocks import Block, ends_at


def may_be_instant(flow: Sequence[Block]) -> bool:
    """Whether the flow may end without a block that takes time."""
    for place, block in enumerate(flow):
        if block.disabled:
            continue
        if block.takes_time:
            return False
        if ends_at(flow, place) or any(may_be_instant(inner) for _, inner in block.flows()):
            return True
    return False
