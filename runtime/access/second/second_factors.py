"""Somebody's second factor: set up, proved, renewed and taken off."""

import secrets
import time
from collections.abc import Callable
from enum import Enum

from runtime.access.changes import Change, tell
from runtime.access.proof import CODE, RECOVERY
from runtime.access.second import codes, recovery
from runtime.access.second.required import Required
from runtime.access.users import Users
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.lang import Text
from runtime.store.control.control import Control
from runtime.store.control.user_records import SecondFactorRecord, SignIn

LONGEST_NONCE = 100
WRONG_CODE = Text(
    "验证码不对，或者已经用过。请看一眼现在显示的那个；手机的时间也要准。",
    "That is not the code, or it was used. Take the one shown now; the phone's clock has to be right, too.",
)
NONE_YET = Text("还没有设置验证码。", "No codes are set up.")
ALREADY = Text(
    "验证码已经设置过了；要换手机，先关掉再设置。",
    "Codes are set up already: to change the phone, take them off first.",
)


class Wanted(Enum):
    """What else somebody is asked for, who came by one factor."""

    NOTHING = "nothing"
    PROOF = "a code or a passkey"
    SET_UP = "to set up what they lack"


class SecondFactors:
    """Reading costs microseconds. What changes raises NotFound, NotSaved. Times: seconds since 1970."""

    def __init__(self, control: Control, clock: Callable[[], float] = time.time) -> None:
        self._control = control
        self._rows = control.second_factors
        self._users = Users(control, clock)
        self._required = Required(control, clock)
        self._clock = clock

    def find(self, user: str) -> SecondFactorRecord | None:
        return self._rows.get(user)

    def wanted(self, user: str) -> Wanted:
        """Raises NotFound."""
        if self.find(user):
            return Wanted.PROOF
        if not self._required.of(self._users.must(user)):
            return Wanted.NOTHING
        has_passkey = any(one.user == user for one in self._control.passkeys.all().values())
        return Wanted.PROOF if has_passkey else Wanted.SET_UP

    def is_enough(self, id: str, sign_in: SignIn | None) -> bool:
        """Whether somebody's session still counts: a role may ask for more than they came by. None: one of
        an older home, which has no record."""
        user = self._users.find(id)
        is_strong = sign_in is not None and sign_in.is_strong
        return is_strong or (user is not None and not self._required.of(user))

    def begin(self) -> str:
        """What a secret is made from. It is no secret itself, and nothing is kept of it."""
        return secrets.token_urlsafe(16)

    def proposed(self, user: str, nonce: str) -> str:
        """The secret that is set up with the first code of it: nobody without our key can make it."""
        return codes.secret_from(self._control.mark(f"second factor {user} {nonce[:LONGEST_NONCE]}"))

    def confirm(self, user: str, nonce: str, typed: str) -> list[str]:
        """It is on from now. The recovery codes, which are never shown again.

        Raises BadSettings for a wrong code, Conflict when there is one already.
        """
        secret, made = self.proposed(user, nonce), recovery.made()
        step = codes.step_of(secret, typed, self._clock(), 0)
        if step is None:
            raise BadSettings(WRONG_CODE, field="code")
        self._users.must(user)
        with self._rows.exclusive():
            if self.find(user):
                raise Conflict(ALREADY)
            self._rows.put(
                SecondFactorRecord(
                    id=user,
                    secret=self._rows.seal(user, secret),
                    last_step=step,
                    recovery=tuple(recovery.digest(user, one) for one in made),
                    since=self._clock(),
                )
            )
        tell(Change("second-factor.on", user, f"user {user}", (), (CODE,)))
        return made

    def prove(self, user: str, typed: str) -> str | None:
        """CODE or RECOVERY, which is used up by that; None for what is neither. Raises BadSettings where
        the secret does not open: recovery codes still do."""
        with self._rows.exclusive():
            found = self.find(user)
            if found is None:
                return None
            if codes.is_code(typed):
                step = codes.step_of(self._rows.open(found), typed, self._clock(), found.last_step)
                if step is None:
                    return None
                self._rows.put(found.model_copy(update={"last_step": step}))
                return CODE
            left = recovery.without(user, typed, found.recovery)
            if left is None:
                return None
            self._rows.put(found.model_copy(update={"recovery": left}))
        return RECOVERY

    def renew_recovery(self, user: str) -> list[str]:
        """Ten others; those before open nothing any more."""
        made = recovery.made()
        with self._rows.exclusive():
            found = self.find(user)
            if found is None:
                raise NotFound(NONE_YET)
            digests = tuple(recovery.digest(user, one) for one in made)
            self._rows.put(found.model_copy(update={"recovery": digests}))
        tell(Change("second-factor.recovery", user, f"user {user}", (), ("changed",)))
        return made

    def take_off(self, user: str, *, by: str = "") -> None:
        """Raises NotFound where there is none."""
        if not self._rows.remove(user):
            raise NotFound(NONE_YET)
        tell(Change("second-factor.off", by or user, f"user {user}", (CODE,), ()))

    def reset(self, user: str, *, by: str) -> None:
        """For who lost it all: codes and passkeys go, and whoever is signed in with them comes in again."""
        one = self._users.must(user)
        had = (CODE,) if self._rows.remove(user) else ()
        for passkey in self._control.passkeys.all().values():
            if passkey.user == user:
                self._control.passkeys.remove(passkey.id)
                had = (*had, passkey.name)
        self._users.change(user, generation=one.generation + 1, by=by)
        tell(Change("second-factor.reset", by, f"user {user}", had, ()))
