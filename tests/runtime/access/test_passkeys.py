"""Passkeys: made and proved by a device in software, also by one that lies."""

import copy

import pytest

from runtime.access.actor import COMMAND_LINE
from runtime.access.membership import Membership
from runtime.access.second.passkeys import MOST, Passkeys, Place
from runtime.access.users import Users, first_owner
from runtime.errors import BadSettings, Conflict, NotFound, Refused
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given, UserRecord
from software_authenticator import PRESENT, Device, bytes_of, text

HERE = Place("localhost", "http://localhost")
CHALLENGE, OTHER = b"c" * 32, b"d" * 32


class World:
    def __init__(self, folder):
        self.control = Control.in_folder(folder)
        self.control.users.put(first_owner("x", 0.0))
        self.control.users.put(UserRecord(id="anna", password="x", roles=(Given(role="viewer"),)))
        self.passkeys = Passkeys(self.control, lambda: 1000.0)

    def add(self, device, user="owner", name="phone", place=HERE, **lies):
        handle = self.passkeys.handle(user)
        options = self.passkeys.making(user, place, CHALLENGE, handle)
        return self.passkeys.add(user, name, place, CHALLENGE, device.make(options, **lies), handle)

    def prove(self, device, user=None, place=HERE, **lies):
        options = self.passkeys.asking(place, CHALLENGE, user)
        return self.passkeys.check(place, CHALLENGE, device.prove(options, **lies), user)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_a_passkey_is_made_and_says_whose_it_is(world):
    phone, key = Device(), Device()
    world.add(phone, name="phone")
    world.add(key, name=" the  key ")
    assert [one.name for one in world.passkeys.of("owner")] == ["phone", "the key"]
    assert world.prove(phone).user == "owner"
    assert world.prove(key, user="owner").name == "the key"
    seen = world.passkeys.of("owner")[0]
    assert (seen.count, seen.used_at, seen.rp, seen.transports) == (1, 1000.0, "localhost", ("usb",))


def test_all_of_one_person_are_one_account_and_no_device_is_asked_twice(world):
    phone = Device()
    world.add(phone)
    handle = world.passkeys.handle("owner")
    again = world.passkeys.making("owner", HERE, CHALLENGE, handle)
    assert again["user"]["id"] == phone.handle
    assert [one["id"] for one in again["excludeCredentials"]] == [text(phone.id)]
    assert again["authenticatorSelection"]["userVerification"] == "required"
    assert again["authenticatorSelection"]["residentKey"] == "required"
    assert b"owner" not in bytes_of(again["user"]["id"])
    with pytest.raises(Conflict):
        world.add(phone)


LIES = [
    ("another site's page", {"origin": "https://evil.example"}),
    ("a site with our name in front", {"origin": "http://localhost.evil.example"}),
    ("another port", {"origin": "http://localhost:8080"}),
    ("a frame in another page", {"crossOrigin": True}),
    ("another challenge", {"challenge": text(OTHER)}),
    ("no challenge", {"challenge": ""}),
    ("made, not proved", {"type": "webauthn.create"}),
    ("proved, not made", {"type": "webauthn.get"}),
    ("of no type", {"type": None}),
]


@pytest.mark.parametrize("lies", [lies for _, lies in LIES], ids=[what for what, _ in LIES])
def test_what_was_signed_elsewhere_opens_nothing(world, lies):
    phone = Device()
    if lies.get("type") != "webauthn.create":
        with pytest.raises(BadSettings):
            world.add(Device(), **lies)
    world.add(phone)
    if lies.get("type") != "webauthn.get":
        with pytest.raises(Refused):
            world.prove(phone, **lies)
    assert world.prove(phone).user == "owner"


def test_a_passkey_opens_at_the_host_it_was_made_for(world):
    phone = Device()
    world.add(phone)
    public = Place("agents.example.com", "https://agents.example.com")
    phone.rp, phone.origin = public.rp, public.origin
    with pytest.raises(Refused):
        world.prove(phone, place=public)
    assert not world.passkeys.any_at(public.rp)
    with pytest.raises(BadSettings):
        world.add(Device(rp="evil.example"))


def test_nobody_opens_by_somebody_elses(world):
    hers, his = Device(), Device()
    world.add(hers, user="anna")
    world.add(his, user="owner")
    with pytest.raises(Refused):
        world.prove(hers, user="owner")
    # a device that says another's name, or none where it must say one
    for handle in (his.handle, "", None, "%%", hers.handle + "A"):
        told = Device(key=hers.key, id=hers.id, handle=handle, count=hers.count)
        with pytest.raises(Refused):
            world.prove(told)
    # another key under her id, and her key under his
    for device in (
        Device(id=hers.id, handle=hers.handle),
        Device(id=his.id, key=hers.key, handle=his.handle),
    ):
        device.count = 50
        with pytest.raises(Refused):
            world.prove(device)
    assert world.prove(hers).user == "anna"
    with pytest.raises(NotFound):
        world.passkeys.remove(text(hers.id), "owner")


@pytest.mark.parametrize(
    ("known", "said", "is_taken"),
    [
        (0, 0, True),
        (0, 1, True),
        (5, 6, True),
        (5, 5, False),
        (5, 4, False),
        (5, 0, False),
        (5, 2**32 - 1, True),
    ],
)
def test_a_count_that_does_not_grow_is_a_copy(world, known, said, is_taken):
    phone = Device()
    phone.count = known
    made = world.add(phone)
    assert made.count == known
    phone.count = said - 1 if said else -1
    if is_taken:
        assert world.prove(phone).count == said
    else:
        with pytest.raises(Refused) as refused:
            world.prove(phone)
        assert refused.value.code == "replayed"
        assert world.passkeys.of("owner")[0].count == known


def test_the_same_answer_opens_once(world):
    phone = Device()
    world.add(phone)
    said = phone.prove(world.passkeys.asking(HERE, CHALLENGE))
    world.passkeys.check(HERE, CHALLENGE, said)
    with pytest.raises(Refused):
        world.passkeys.check(HERE, CHALLENGE, said)


def test_a_finger_or_pin_is_required(world):
    phone = Device(flags=PRESENT)
    with pytest.raises(BadSettings):
        world.add(phone)
    phone.flags = Device().flags
    world.add(phone)
    for phone.flags in (PRESENT, 0):
        with pytest.raises(Refused):
            world.prove(phone)


def test_bytes_that_were_changed_are_refused_in_words(world):
    phone = Device()
    world.add(phone)
    right = phone.prove(world.passkeys.asking(HERE, CHALLENGE))
    odd = ["", "A", "é", "\ud800", "A" * 5000, 7, None, [], {}, text(b"\x9f" * 3000), text(b"{" * 3000)]
    for place in ("id", "rawId", "type", "response", *right["response"]):
        for value in odd:
            wrong = copy.deepcopy(right)
            inside = place in wrong["response"]
            (wrong["response"] if inside else wrong)[place] = value
            with pytest.raises(Refused):
                world.passkeys.check(HERE, CHALLENGE, wrong)
    for place in ("id", "rawId", "type", "response", "attestationObject", "clientDataJSON"):
        for value in odd:
            device = Device()
            handle = world.passkeys.handle("owner")
            wrong = device.make(world.passkeys.making("owner", HERE, CHALLENGE, handle))
            (wrong["response"] if place in wrong["response"] else wrong)[place] = value
            with pytest.raises(BadSettings):
                world.passkeys.add("owner", "x", HERE, CHALLENGE, wrong, handle)
    assert len(world.passkeys.of("owner")) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_passkey_has_a_name(world, name):
    with pytest.raises(BadSettings):
        world.add(Device(), name=name)


def test_there_is_an_end_to_how_many(world):
    for number in range(MOST):
        world.add(Device(), name=str(number))
    with pytest.raises(Conflict):
        world.add(Device())
    world.passkeys.remove(world.passkeys.of("owner")[0].id, "owner")
    world.add(Device())


def test_whoever_is_removed_leaves_no_passkey(world):
    world.add(Device(), user="anna")
    Membership(world.control).remove("anna", COMMAND_LINE)
    assert world.passkeys.of("anna") == []
    assert Users(world.control).find("anna") is None
