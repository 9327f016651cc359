"""What somebody set up that goes on by itself: it counts as long as they might set it up today."""

from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.store.control.control import Control


def may_still(control: Control, by: str, *needed: Permission, agent: str | None = None) -> bool:
    """Whether whoever did it may all of that by now, on that agent; what a command did is nobody's.

    Raises Unreadable.
    """
    if control.users.get(by) is None:
        return True
    who = Users(control).actor(by)
    return who is not None and all(who.may(one, agent) for one in needed)
