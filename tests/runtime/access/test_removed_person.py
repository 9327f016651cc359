"""Of whoever is removed there is no name, address or sign left in what is kept of those who work here."""

import pytest

from runtime.access.actor import OWNER
from runtime.access.membership import Membership
from runtime.access.sso.identities import identity_id
from runtime.access.users import Users
from runtime.store.control.control import Control
from runtime.store.control.sso_records import IdentityRecord
from runtime.store.control.user_records import Given

NAME, MAIL, SUBJECT, LABEL = "王紫藤", "ziteng@example.com", "wx-subject-9", "紫藤花"


@pytest.fixture
def control(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    Users(control).set_password("owner", "long enough")
    Membership(control).invite("bob", NAME, [Given(role="viewer")], OWNER)
    control.users.put(control.users.get("bob").model_copy(update={"email": MAIL}))
    id = identity_id("corp", "realm", SUBJECT)
    control.sso.identities.put(
        IdentityRecord(id=id, provider="corp", realm="realm", subject=SUBJECT, user="bob", label=LABEL, at=1)
    )
    return control


def left_in(folder, *words):
    files = [one for one in folder.rglob("*") if one.is_file()]
    return [one.name for one in files if any(word.encode() in one.read_bytes() for word in words)]


def test_neither_name_nor_address_nor_sign_is_left_also_not_in_a_former_version(control, tmp_path):
    assert {"users.json", "sso_identities.json"} <= {*left_in(tmp_path, NAME, MAIL, SUBJECT, LABEL)}
    Membership(control).remove("bob", OWNER)
    assert left_in(tmp_path, NAME, MAIL, SUBJECT, LABEL) == []


def test_they_are_still_known_to_be_removed(control):
    Membership(control).remove("bob", OWNER)
    assert control.sso.identities.get(identity_id("corp", "realm", SUBJECT)).user == "bob"
    assert Users(control).find("bob") is None
