"""Where in a turn something happened: in rounds, in agents inside of agents, in agents that a model asks."""

import re

ROUND = re.compile(r"(?:^|/)[^./]+\.(\d+)\Z")


def placed(within: str, block: str) -> str:
    """A block's name in the whole turn."""
    return f"{within}/{block}" if within else block


def holder(within: str) -> str:
    """The block, by its name in the whole turn, whose round, inner agent or tool `within` is; "" for none."""
    return re.sub(r"\.[^/]*\Z", "", within)


def round_of(within: str) -> int:
    """Of what runs in a round, its number; else 0."""
    match = ROUND.search(within)
    return int(match[1]) if match else 0
