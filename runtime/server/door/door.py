"""The door's parts, joined: all that stands between a stranger and a session."""

import time
from collections.abc import Callable

from runtime.access.audit.log import Audit
from runtime.access.membership import Membership
from runtime.access.second.second_factors import SecondFactors
from runtime.access.tries import Tries
from runtime.access.users import Users
from runtime.server.door.adding_passkeys import AddingPasskeys
from runtime.server.door.arrivals import Arrivals
from runtime.server.door.challenges import Challenges
from runtime.server.door.counted import Counted
from runtime.server.door.invited import Invited
from runtime.server.door.login import Login
from runtime.server.door.others import Others
from runtime.server.door.passkey_forms import PasskeyForms
from runtime.server.door.second_step import SecondStep
from runtime.server.door.sessions import Sessions
from runtime.server.door.sign_in_page import SignInPage
from runtime.server.door.signed import Signed
from runtime.server.door.ways import Way
from runtime.store.control.control import Control
from runtime.store.vanishing import Vanishing


class Door:
    """`public_url`: "" when none is set. `arrivals` is where further ways in end."""

    def __init__(
        self,
        control: Control,
        sessions: Sessions,
        audit: Audit,
        vanishing: Vanishing,
        public_url: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._control, self._sessions, self._users = control, sessions, Users(control, clock)
        self.arrivals = Arrivals(control, sessions, audit, vanishing, clock)
        tries = Tries(vanishing)
        self._counted = Counted(tries, control, sessions, clock)
        challenges = Challenges(Signed(control.owner), vanishing, clock)
        self._passkeys = PasskeyForms(control, challenges, public_url, clock)
        self._second = SecondStep(self.arrivals, SecondFactors(control, clock), self._counted, self._passkeys)
        self._adding = AddingPasskeys(control, challenges, self._passkeys, tries, audit, clock)

    def routes(self, others: Others | None = None) -> list[Way]:
        page = SignInPage(self._users, self._passkeys, others)
        login = Login(self._users, self._sessions, self.arrivals, self._counted, page, self._passkeys)
        return [
            *login.routes(),
            *self._second.routes(),
            *self._adding.routes(),
            *Invited(Membership(self._control), self.arrivals, others).routes(),
        ]
