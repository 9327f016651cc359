"""Die at a named point, so that tests can see what a `kill -9` there leaves behind.

HONGYAN_CRASH_AT=before_send kills the process the first time it passes that point, before_send:3 the third
time. Without the variable a point costs a microsecond and does nothing.
"""

import functools
import os
import signal
from collections import Counter
from typing import Literal

VARIABLE = "HONGYAN_CRASH_AT"

Point = Literal[
    "after_fetch",  # the platform gave what waited there, nothing is on the disk
    "after_persist",  # the message is on the disk, nobody was told
    "before_ack",  # the response is ready and not given yet
    "before_model",  # the turn began, no round was paid
    "after_model",  # the model answered, nothing is recorded
    "after_tool",  # a tool did its work, nothing is recorded
    "before_value",  # what is kept of a person is to be something else, and is not
    "after_value",  # it is, and the turn does not know
    "before_place",  # a place of what everybody shares is to be claimed, and is not
    "after_place",  # it is, and the turn does not know
    "after_ticket",  # a ticket is open, and the turn does not know
    "said_by_hand",  # what an operator said is stored, and nothing is sent
    "before_upload",  # a file of the answer is here, and not at the platform
    "after_upload",  # the platform has it, nothing is recorded
    "after_media",  # what came with the message is here, nothing is recorded
    "after_speech",  # the answer was read out, nothing of it is stored
    "before_send",  # the answer is there, and nothing says that it is being sent
    "after_claim",  # it is recorded that it is being sent, and it is not
    "after_send",  # the platform took it, nothing is recorded
    "after_record",  # the delivery is recorded
    "after_begun",  # turns of a start, a reminder or a wait are on the disk, and none began
    "before_hand_over",  # the agent handed somebody over, and the platform was not told
    "before_grant",  # what an account's tokens hang on was given to us, and is not on the disk
    "after_hand_over",  # the platform was told, nothing is recorded
    "after_decision",  # what a turn waited for came and is on the disk, nothing goes on yet
    "after_called",  # the call of a program is on the disk, and it was not told
    "after_taken",  # a person's message goes on with a turn that waited, whose next block did not begin
    "before_block",  # what was finished is on the disk, the next block did not begin
]

Standstill = Literal[
    "moved_some",  # rows of a store that is moved are there, others are not
    "moved_all",  # all are, and it is not the store yet
    "moved_there",  # it is, and the one that was left does not say so
]
"""Of a command, while nothing takes messages."""

Saving = Literal[
    "files_entered",  # all that a home has is in the database, which was not told to keep it
    "object_brought",  # a large file is in the bucket, and no row says so
    "file_kept",  # a file is in the database, and not in the folder
]
"""Of what is in a home's folder, where several instances have it."""

Disk = Literal["file_changed"]
"""After each file that is written, moved or removed whole: what takes several is to be whole as well."""

_passed: Counter[str] = Counter()


def crashpoint(name: Point | Standstill | Saving | Disk) -> None:
    """Kill this process, as `kill -9` would, when the environment names this point and it is its turn."""
    point, time = _wanted()
    if point != name:
        return
    _passed[name] += 1
    if _passed[name] >= time:
        os.kill(os.getpid(), signal.SIGKILL)


@functools.cache
def _wanted() -> tuple[str, int]:
    point, _, time = os.environ.get(VARIABLE, "").partition(":")
    return point, int(time or 1)
