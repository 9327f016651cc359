"""Codes, recovery codes, and roles that ask for them."""

import json

import pyotp
import pytest

from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.proof import CODE, RECOVERY, Proof
from runtime.access.roles import Roles
from runtime.access.second import codes, recovery
from runtime.access.second.required import Required
from runtime.access.second.second_factors import SecondFactors, Wanted
from runtime.access.users import Users, first_owner
from runtime.errors import BadSettings, Conflict, Forbidden, NotFound
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given, PasskeyRecord, SignIn, UserRecord

NOW = 1_800_000_000.0
"""At the begin of a half minute."""


class World:
    def __init__(self, folder, keys="one"):
        self.now = NOW
        self.folder = folder
        self.control = Control.in_folder(folder, keys)
        if not self.control.users.all():
            self.control.users.put(first_owner("x", 0.0))
            self.control.users.put(UserRecord(id="anna", password="x", roles=(Given(role="viewer"),)))
        self.second = SecondFactors(self.control, lambda: self.now)
        self.required = Required(self.control, lambda: self.now)

    def set_up(self, user="owner"):
        """The secret, the recovery codes; the code of now is used by it."""
        nonce = self.second.begin()
        secret = self.second.proposed(user, nonce)
        return secret, self.second.confirm(user, nonce, self.code(secret))

    def code(self, secret, later=0):
        return pyotp.TOTP(secret).at(self.now + later)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_it_is_on_from_the_first_code_of_it(world):
    nonce = world.second.begin()
    secret = world.second.proposed("owner", nonce)
    assert world.second.proposed("owner", nonce) == secret
    assert world.second.proposed("anna", nonce) != secret
    with pytest.raises(BadSettings):
        world.second.confirm("owner", nonce, "000000" if world.code(secret) != "000000" else "111111")
    assert world.second.wanted("owner") is Wanted.NOTHING
    assert len(set(world.second.confirm("owner", nonce, world.code(secret)))) == 10
    assert world.second.wanted("owner") is Wanted.PROOF
    with pytest.raises(Conflict):
        world.second.confirm("owner", nonce, world.code(secret))


@pytest.mark.parametrize(
    ("later", "typed_later", "is_taken"),
    [
        (0, 0, False),  # by which it was set up
        (29, 29, False),
        (30, 30, True),
        (30, 0, False),  # seen over a shoulder, still shown, and used
        (30, 60, True),  # a clock that is ahead
        (90, 60, True),  # a slow hand
        (90, 30, False),
        (90, 150, False),
    ],
)
def test_a_code_holds_for_its_time_and_once(world, later, typed_later, is_taken):
    secret, _ = world.set_up()
    start = world.now
    typed = pyotp.TOTP(secret).at(start + typed_later)
    world.now = start + later
    assert world.second.prove("owner", typed) == (CODE if is_taken else None)
    assert world.second.prove("owner", typed) is None


def test_an_older_code_is_none_after_a_newer_one(world):
    secret, _ = world.set_up()
    world.now += 90
    earlier, now = world.code(secret, -30), world.code(secret)
    assert world.second.prove("owner", now) == CODE
    assert world.second.prove("owner", earlier) is None


@pytest.mark.parametrize(
    "wrong", ["", " ", "12345", "1234567", "abcdef", "१२३४५६", "0" * 10_000, "\0", "\ud800"]
)
def test_what_is_no_code_is_refused(world, wrong):
    world.set_up()
    assert world.second.prove("owner", wrong) is None


def test_a_code_is_read_as_keyboards_write_it(world):
    secret, made = world.set_up()
    world.now += 30
    code = world.code(secret)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert world.second.prove("owner", f" {wide[:3]} {wide[3:]} ") == CODE
    assert world.second.prove("owner", made[0].upper().replace("-", " ")) == RECOVERY


def test_a_recovery_code_opens_once_and_for_its_owner(world):
    _, made = world.set_up()
    world.set_up("anna")
    assert world.second.prove("anna", made[0]) is None
    for one in made:
        assert world.second.prove("owner", one) == RECOVERY
        assert world.second.prove("owner", one) is None
    assert world.second.find("owner").recovery == ()


def test_new_recovery_codes_end_those_before(world):
    _, made = world.set_up()
    anew = world.second.renew_recovery("owner")
    assert world.second.prove("owner", made[0]) is None
    assert world.second.prove("owner", anew[0]) == RECOVERY
    with pytest.raises(NotFound):
        world.second.renew_recovery("anna")


def test_nothing_on_disk_opens_anything(world):
    secret, made = world.set_up()
    kept = "".join(file.read_text("utf-8") for file in world.folder.rglob("*.json"))
    assert secret not in kept
    assert "anna" in kept
    for one in made:
        assert one not in kept
        assert codes.tidy(one) not in kept
    assert recovery.digest("owner", made[0]) in kept


def test_another_key_seals_it_anew_and_without_it_nothing_opens(tmp_path):
    secret, made = World(tmp_path).set_up()
    world = World(tmp_path, "two,one")
    row = json.loads((tmp_path / "control" / "second_factors.json").read_text("utf-8"))["records"]["1"]
    world = World(tmp_path, "two")
    world.now += 60
    assert world.second.prove("owner", world.code(secret)) == CODE
    # a secret that is another's does not open; what is on paper does
    world.control.second_factors.put(
        world.second.find("owner").model_copy(update={"id": "anna", "secret": row["secret"]})
    )
    with pytest.raises(BadSettings):
        world.second.prove("anna", world.code(secret, 30))
    assert world.second.prove("owner", made[0]) == RECOVERY


def test_a_role_asks_for_it_and_sessions_by_one_factor_end(world):
    weak = SignIn(id="1", user="anna", generation=0, opened_at=0, expires_at=9)
    strong = weak.model_copy(update={"is_strong": True})
    assert world.second.is_enough("anna", weak)
    world.required.put("viewer", True, COMMAND_LINE)
    assert world.second.wanted("anna") is Wanted.SET_UP
    assert world.second.wanted("owner") is Wanted.NOTHING
    assert not world.second.is_enough("anna", weak)
    assert not world.second.is_enough("anna", None)
    assert world.second.is_enough("anna", strong)
    world.control.passkeys.put(PasskeyRecord(id="a", user="anna", name="x", handle="h", rp="x", key="k"))
    assert world.second.wanted("anna") is Wanted.PROOF
    world.required.put("viewer", False, COMMAND_LINE)
    assert world.second.is_enough("anna", weak)


def test_nobody_asks_it_of_a_role_above_their_own(world):
    viewer = Users(world.control).actor("anna")
    with pytest.raises(Forbidden):
        world.required.put("owner", True, viewer)
    with pytest.raises(NotFound):
        world.required.put("nobody", True, COMMAND_LINE)


def test_a_role_of_ones_own_that_is_gone_asks_for_nothing(world):
    roles = Roles(world.control)
    roles.save("own-x", "X", ["agents.view"], [], COMMAND_LINE)
    world.required.put("own-x", True, COMMAND_LINE)
    roles.remove("own-x", COMMAND_LINE)
    roles.save("own-x", "X", ["agents.view"], [], COMMAND_LINE)
    assert not world.required.by("own-x")


def test_a_reset_takes_all_of_it_and_ends_sessions(world):
    world.set_up("anna")
    world.control.passkeys.put(PasskeyRecord(id="a", user="anna", name="x", handle="h", rp="x", key="k"))
    before = Users(world.control).generation("anna")
    world.second.reset("anna", by="owner")
    assert world.second.find("anna") is None
    assert world.control.passkeys.all() == {}
    assert Users(world.control).generation("anna") != before


def test_whoever_is_removed_leaves_none(world):
    world.set_up("anna")
    Membership(world.control).remove("anna", COMMAND_LINE)
    assert world.control.second_factors.get("anna") is None


def test_the_picture_is_of_the_address_and_names_us(world):
    secret, _ = world.set_up()
    address = codes.address(secret, "owner")
    assert address == f"otpauth://totp/Hongyan:owner?secret={secret}&issuer=Hongyan"
    assert codes.picture(address).startswith("data:image/svg+xml")
    assert codes.spaced(secret).replace(" ", "") == secret


def test_a_second_factor_makes_a_proof_strong():
    assert Proof("a", ("password",)).and_by(CODE) == Proof("a", ("password", "code"), is_strong=True)
