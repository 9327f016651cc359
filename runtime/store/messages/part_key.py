"""The key of a part: the same however often it is tried, so that a platform can know a repeat, or name it."""

import hashlib


def key_of(publication: str, to: str, what: str, text: str) -> str:
    """The same for the same part of the same turn, also after a restart; another where a restored store gives
    a number again. `what`: of which turn, and which part of it. 32 letters and digits."""
    return hashlib.sha256("\0".join((publication, to, what, text)).encode()).hexdigest()[:32]


def part_of(seq: int, number: int, bounces: int = 0) -> str:
    """What a part is called in its key. One that came back is sent under another key: it is no repeat."""
    return f"{seq}.{number}.{bounces}" if bounces else f"{seq}.{number}"


def notice_of(seq: int) -> str:
    """The same for a sentence that says where an answer is."""
    return f"{seq}.notice"
