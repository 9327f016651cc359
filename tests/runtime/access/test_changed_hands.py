"""Whatever an account's proof changes by: what opened it before, and whether that still does."""

import time

import pytest

from runtime.access.actor import COMMAND_LINE
from runtime.access.keys import Keys
from runtime.access.membership import Membership
from runtime.access.proof import Proof
from runtime.access.second.passkeys import Passkeys
from runtime.access.second.second_factors import SecondFactors
from runtime.access.sign_ins import SignIns
from runtime.access.sso.asking.way import Came
from runtime.access.sso.identities import Identities
from runtime.access.sso.providers import Providers
from runtime.access.users import Users
from runtime.errors import Refused
from runtime.store.control.control import Control
from runtime.store.control.user_records import (
    Given,
    PasskeyRecord,
    SecondFactorRecord,
    SignIn,
)

NEW, OLD = "her new words", "her old words"
WAYS = ("password", "code", "passkey", "Corp", "Corp + code")
"""By which she is signed in, each with a session of its own."""


class Anna:
    """Somebody with all that an account can have, and what of it there is by now."""

    def __init__(self, folder):
        self.control = control = Control.in_folder(folder)
        self.members, self.users = Membership(control), Users(control)
        self.users.set_password("owner", "correct horse")
        first = self.members.invite("anna", "", [Given(role="editor")], COMMAND_LINE)
        self.members.accept(first, OLD)
        told = {"kind": "oidc", "issuer": "https://sso.example", "client_id": "x", "default_role": "viewer"}
        for id in ("corp", "else"):
            record = {**told, "id": id, "name": id.capitalize()}
            Providers(control).save(record, "s3cret", COMMAND_LINE)
            self.identities().link(control.sso.must(id), came(id), "anna")
        control.second_factors.put(
            SecondFactorRecord(id="anna", secret="x", recovery=("a" * 64,), since=time.time())
        )
        for n in ("one", "two"):
            control.passkeys.put(
                PasskeyRecord(id=n, user="anna", name=n, handle="h", rp="x.example", key="k")
            )
        self.key = Keys(control).create("shop", user="anna")
        self.link = self.members.link("anna", COMMAND_LINE)
        generation = self.users.must("anna").generation
        for way in WAYS:
            by = Proof("anna", tuple(way.split(" + "))).by
            now = time.time()
            SignIns(control).open(
                SignIn(id=way, user="anna", generation=generation, opened_at=now, expires_at=now + 99, by=by)
            )

    def identities(self):
        return Identities(self.control)

    def lives(self):
        """What still opens."""
        one = self.users.find("anna")
        enabled = bool(one and one.enabled)
        found = {f"session {each.id}" for each in SignIns(self.control).of("anna", time.time())}
        found |= {f"passkey {each.id}" for each in Passkeys(self.control).of("anna") if enabled}
        found |= {each.provider for each in self.identities().of("anna") if enabled}
        checks = {
            "old password": self.users.is_password("anna", OLD),
            "recovery": bool((second := SecondFactors(self.control).find("anna")) and second.recovery),
            "key": Keys(self.control).find(self.key) is not None,
            "link": self._is_link(),
        }
        return found | {what for what, it_does in checks.items() if it_does}

    def _is_link(self):
        try:
            return bool(self.members.invited(self.link))
        except Refused:
            return False


def came(provider, subject="u-anna"):
    return Came(realm="https://sso.example", subjects=(subject,), name=provider)


def by_link(anna):
    anna.members.accept(anna.link, NEW)


def by_link_elsewhere(anna):
    anna.identities().come(anna.control.sso.must("corp"), came("corp", "u-other"), anna.link)


def off_and_on(anna):
    anna.members.disable("anna", COMMAND_LINE)
    anna.members.enable("anna", COMMAND_LINE)


def unlink(anna):
    [one] = [one for one in anna.identities().of("anna") if one.provider == "corp"]
    anna.identities().unlink(one.id, "anna")


ALL = {
    *(f"session {way}" for way in WAYS), "passkey one", "passkey two", "corp", "else",
    "old password", "recovery", "key", "link",
}  # fmt: skip
SESSIONS = {one for one in ALL if one.startswith("session ")}
THERE = {"session Corp", "session Corp + code"}
PASSKEYS = {"passkey one", "passkey two"}
EVENTS = {
    "a new link is made": (lambda anna: anna.members.link("anna", COMMAND_LINE), {"link"}),
    "it is taken by a password": (by_link, {*SESSIONS, "old password", "link"}),
    "it is taken by a provider": (by_link_elsewhere, {*SESSIONS, "old password", "link"}),
    "the password is changed, on the page or by command": (
        lambda anna: anna.users.set_password("anna", NEW, by="anna"),
        {*SESSIONS, "old password", "link"},
    ),
    "a provider is unlinked": (unlink, {*THERE, "corp"}),
    "a provider is removed": (
        lambda anna: Providers(anna.control).remove("corp", COMMAND_LINE),
        {*THERE, "corp"},
    ),
    "another provider is linked, or her address is set": (
        lambda anna: anna.members.set_email("anna", "anna@x.example", COMMAND_LINE),
        set(),
    ),
    "a passkey is removed": (
        lambda anna: Passkeys(anna.control).remove("one", "anna"),
        {"session passkey", "passkey one"},
    ),
    "codes are taken off": (lambda anna: SecondFactors(anna.control).take_off("anna"), {"recovery"}),
    "the second step is reset": (
        lambda anna: SecondFactors(anna.control).reset("anna", by="owner"),
        {*SESSIONS, *PASSKEYS, "recovery"},
    ),
    "she is disabled, and enabled again": (off_and_on, {*SESSIONS, "link"}),
    "she is removed": (lambda anna: anna.members.remove("anna", COMMAND_LINE), ALL),
}
"""What happens, and what opens no more from then on."""


@pytest.fixture(scope="module")
def price():
    """Passwords that cost a test nothing."""
    patch = pytest.MonkeyPatch()
    from argon2 import PasswordHasher

    from runtime.access import passwords

    patch.setattr(passwords, "ARGON2", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.mark.usefixtures("price")
@pytest.mark.parametrize("event", EVENTS)
def test_what_opened_before_a_change_of_proof_ends_or_lives_on_as_is_written(tmp_path, event):
    anna = Anna(tmp_path)
    assert anna.lives() == ALL
    happens, ends = EVENTS[event]
    happens(anna)
    assert ALL - anna.lives() == ends


@pytest.mark.usefixtures("price")
def test_whoever_takes_a_link_by_a_provider_is_the_one_whom_that_knows_from_then_on(tmp_path):
    anna = Anna(tmp_path)
    by_link_elsewhere(anna)
    corp = anna.control.sso.must("corp")
    assert anna.identities().find(corp, came("corp")) is None
    assert anna.identities().find(corp, came("corp", "u-other")).user == "anna"


@pytest.mark.usefixtures("price")
def test_the_last_owner_keeps_the_password(tmp_path):
    """Somebody who may do everything, and can come in whatever a provider does, is always there."""
    anna = Anna(tmp_path)
    link = anna.members.link("owner", COMMAND_LINE)
    anna.identities().come(anna.control.sso.must("corp"), came("corp", "u-boss"), link)
    assert anna.users.is_password("owner", "correct horse")
