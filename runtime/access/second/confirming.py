"""Before what opens the door is changed: whoever took over an open window has neither password nor code."""

import asyncio
import time
from collections.abc import Callable

from runtime.access.second.second_factors import SecondFactors
from runtime.access.tries import Tries
from runtime.access.users import Users
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.store.control.control import Control

WRONG = Text("密码或验证码不对。", "That is neither the password nor a code.")


class Confirming:
    def __init__(self, control: Control, tries: Tries, clock: Callable[[], float] = time.time) -> None:
        self._users = Users(control, clock)
        self._second = SecondFactors(control, clock)
        self._tries = tries

    async def must(self, user: str, present: str) -> None:
        """`present`: the password, or a code. Who has neither, as they come in another way, is not asked.

        Raises BadSettings (present), Refused (too_often), NotFound.
        """
        if not self._users.must(user).password and self._second.find(user) is None:
            return
        async with self._tries.one([("account", user)]) as this:
            is_right = await asyncio.to_thread(self._users.is_password, user, present)
            if not (is_right or self._second.prove(user, present)):
                raise BadSettings(WRONG, field="present")
            this.right()
