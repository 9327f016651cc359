"""Publications, endpoints, keys, the owner and options, as they are kept."""

import shutil

import pytest

from runtime.access.keys import REMEMBERED, Keys
from runtime.access.users import Users
from runtime.errors import BadSettings, NotFound, Unreadable
from runtime.models.providers import Endpoint
from runtime.store.control.control import Control
from runtime.store.control.records import Contact, KeyUse, Options, Publication

CANARY = "canary-secret-4711"


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path)


def published(control, id="shop-1", **changes):
    publication = Publication(
        id=id,
        agent="shop",
        channel="wechat",
        account="wx1",
        settings={"app_id": "wx1"},
        secrets=control.seal(id, {"token": CANARY}),
        version=1,
        created_at=1.0,
        **changes,
    )
    control.save_publication(publication)
    return publication


def test_keys_that_are_long_over_are_forgotten(tmp_path):
    """Those that open something, and those that are over since less, stay."""
    control, now = Control.in_folder(tmp_path), [0.0]
    keys = Keys(control, lambda: now[0])
    keys.create("a", name="ended", expires_at=10.0)
    keys.create("a", name="revoked")
    keys.create("a", name="good")
    revoked = keys.all()[1]
    keys.revoke(revoked.id)
    control.key_uses.put(KeyUse(id=revoked.id, at=0.0))
    now[0] = REMEMBERED
    keys.create("a", name="new", expires_at=now[0] + 5)
    assert [one.name for one in keys.all()] == ["ended", "revoked", "good", "new"]
    now[0] += 11
    keys.create("a", name="last")
    assert [one.name for one in keys.all()] == ["good", "new", "last"]
    assert control.key_uses.get(revoked.id) is None


def test_a_publication_is_found_by_its_id(control):
    publication = published(control)
    assert control.publication("shop-1") == publication
    assert control.publications() == [publication]
    assert control.publication("shop-2") is None


def test_what_another_process_writes_is_seen_at_once(control, tmp_path):
    assert control.publication("shop-1") is None
    other = Control.in_folder(tmp_path)
    published(other)
    assert control.publication("shop-1").enabled
    published(other, enabled=False)
    assert not control.publication("shop-1").enabled


def test_secrets_open_for_the_channel_and_are_nowhere_readable(control, tmp_path):
    published(control)
    control.save_endpoint(
        Endpoint(name="m", provider="openai_compatible", api_base="http://x", api_key=CANARY)
    )
    assert control.channel_settings("shop-1") == {"app_id": "wx1", "token": CANARY}
    assert not [
        path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()
    ]


def test_every_file_and_folder_is_private(control, tmp_path):
    published(control)
    Users(control).set_password("owner", "long enough")
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert (tmp_path / "control").stat().st_mode & 0o777 == 0o700


def test_versions_are_numbered_for_each_publication(control):
    numbers = [control.freeze(id, {"id": "shop"}).number for id in ("a-1", "a-1", "b-1")]
    assert numbers == [1, 2, 1]
    assert [version.number for version in control.versions("a-1")] == [1, 2]


def test_a_frozen_agent_stays_as_it_was(control):
    agent = {"id": "shop", "name": "old"}
    control.freeze("a-1", agent, "first")
    agent["name"] = "new"
    control.freeze("a-1", agent)
    assert control.frozen_agent("a-1", 1)["name"] == "old"
    with pytest.raises(NotFound):
        control.frozen_agent("a-1", 3)


def test_an_endpoint_keeps_its_key_when_it_is_changed_without_one(control):
    endpoint = Endpoint(name="m", provider="openai_compatible", api_base="http://x", api_key=CANARY)
    control.save_endpoint(endpoint)
    control.save_endpoint(Endpoint(name="m", provider="openai_compatible", api_base="http://x/v1"))
    assert control.find("m").api_base == "http://x/v1"
    assert control.find("m").api_key.get_secret_value() == CANARY


@pytest.mark.parametrize(
    "change",
    [
        {"api_base": "http://y"},
        {"api_base": "https://x"},
        {"api_base": "http://x:8080"},
        {"provider": "deepseek", "api_base": "http://x"},
        {"provider": "deepseek"},
    ],
    ids=str,
)
def test_a_stored_key_does_not_move_to_another_address(control, change):
    before = Endpoint(name="m", provider="openai_compatible", api_base="http://x", api_key=CANARY)
    control.save_endpoint(before)
    control.save_endpoint(Endpoint(**{"name": "m", "provider": "openai_compatible"} | change))
    assert control.find("m").api_key is None


def test_an_endpoint_can_be_removed_once(control):
    control.save_endpoint(Endpoint(name="m", provider="openai_compatible", api_base="http://x"))
    control.remove_endpoint("m")
    assert control.find("m") is None
    with pytest.raises(NotFound):
        control.remove_endpoint("m")


def test_a_key_is_kept_as_a_hash_and_found_by_itself(control, tmp_path):
    key = Keys(control).create("shop")
    assert key.startswith("hy-")
    assert Keys(control).find(key).agent == "shop"
    assert Keys(control).find(key[:-1]) is None
    assert key not in (tmp_path / "control" / "keys.json").read_text(encoding="utf-8")


def test_a_revoked_key_is_invalid_at_once(control):
    key = Keys(control).create("shop")
    Keys(control).revoke(Keys(control).all()[0].prefix)
    assert Keys(control).find(key) is None
    with pytest.raises(NotFound):
        Keys(control).revoke(Keys(control).all()[0].id)


def test_an_expired_key_is_invalid(control):
    assert Keys(control).find(Keys(control).create("shop", expires_at=1)) is None


def test_the_password_is_known_only_as_a_hash(control, tmp_path):
    assert not Users(control).exists()
    Users(control).set_password("owner", CANARY)
    assert Users(control).is_password("owner", CANARY)
    assert not Users(control).is_password("owner", f"{CANARY} ")
    assert CANARY not in (tmp_path / "control" / "users.json").read_text(encoding="utf-8")


def test_options_and_contacts_have_defaults_and_are_kept(control, tmp_path):
    assert control.options() == Options()
    assert control.contact("shop-1") == Contact(id="shop-1")
    control.save_options(Options(default_model="m/x"))
    control.save_contact(Contact(id="shop-1", verified_at=5))
    again = Control.in_folder(tmp_path)
    assert again.default_model() == "m/x"
    assert again.contact("shop-1").verified_at == 5


def test_a_wrong_key_is_told_at_start(control, tmp_path):
    published(control)
    (tmp_path / "secret.key").write_text("another key altogether", encoding="utf-8")
    with pytest.raises(BadSettings, match="Wrong key"):
        Control.in_folder(tmp_path)


def test_a_lost_key_is_told_at_start_and_no_new_one_made(control, tmp_path):
    published(control)
    (tmp_path / "secret.key").unlink()
    with pytest.raises(BadSettings, match="gone"):
        Control.in_folder(tmp_path)
    assert not (tmp_path / "secret.key").exists()


def test_rotation_seals_everything_anew_so_that_the_old_key_can_go(control, tmp_path):
    published(control)
    Users(control).set_password("owner", "long enough")
    control.save_endpoint(
        Endpoint(name="m", provider="openai_compatible", api_base="http://x", api_key=CANARY)
    )
    old = (tmp_path / "secret.key").read_text(encoding="utf-8").strip()

    Control.in_folder(tmp_path, f"the new key of the house,{old}")
    rotated = Control.in_folder(tmp_path, "the new key of the house")

    assert rotated.channel_settings("shop-1")["token"] == CANARY
    assert rotated.find("m").api_key.get_secret_value() == CANARY
    assert Users(rotated).is_password("owner", "long enough")


def spoil(path, before, after, times=1):
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, times), encoding="utf-8")


def test_a_publication_of_a_newer_version_is_named_and_the_others_are_read(control, tmp_path):
    published(control)
    other = published(control, "shop-2")
    spoil(tmp_path / "control" / "publications.json", '"account"', '"acount"')
    again = Control.in_folder(tmp_path)
    assert again.publications() == [other]
    assert list(again.unreadable()) == ["shop-1"]
    assert "acount" in again.unreadable()["shop-1"].en
    published(again, "shop-3")
    assert '"acount"' in (tmp_path / "control" / "publications.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["options", "owner"])
def test_what_may_not_be_guessed_is_refused_and_named(control, tmp_path, name):
    control.save_options(Options(default_model="m/x"))
    Users(control).set_password("owner", "long enough")
    spoil(tmp_path / "control" / f"{name}.json", '"id"', '"idd"')
    with pytest.raises(Unreadable, match=name):
        Control.in_folder(tmp_path).options()


@pytest.mark.parametrize("content", ['{"records": []}', '{"records": {"1": 5}}', '{"records": {"a": {}}}'])
def test_json_that_is_no_table_of_ours_is_refused_in_words(control, tmp_path, content):
    (tmp_path / "control" / "publications.json").write_text(content, encoding="utf-8")
    with pytest.raises(Unreadable, match="cannot be read"):
        Control.in_folder(tmp_path)


@pytest.mark.parametrize("content", ['{"records": []}', '{"records": {"1": 5}}', '{"records": {"a": {}}}'])
def test_nor_is_anything_written_into_it(control, tmp_path, content):
    contacts = tmp_path / "control" / "contacts.json"
    contacts.write_text(content, encoding="utf-8")
    with pytest.raises(Unreadable, match="cannot be read"):
        control.save_contact(Contact(id="shop-1"))
    with pytest.raises(Unreadable, match="cannot be read"):
        control._contacts.remove("shop-1")
    assert contacts.read_text(encoding="utf-8") == content


def test_a_version_that_cannot_be_read_is_missing_alone_and_its_number_stays_taken(control, tmp_path):
    control.freeze("shop-1", {"n": 1})
    control.freeze("shop-1", {"n": 2})
    spoil(
        tmp_path / "control" / "versions" / "shop-1.2.json", '"id": "shop-1.2"', '"new": 1, "id": "shop-1.2"'
    )
    again = Control.in_folder(tmp_path)
    assert again.frozen_agent("shop-1", 1) == {"n": 1}
    with pytest.raises(NotFound):
        again.frozen_agent("shop-1", 2)
    assert again.freeze("shop-1", {"n": 3}).number == 3


def test_one_damaged_secret_stops_only_what_needs_it(control, tmp_path, caplog):
    published(control)
    published(control, "shop-2")
    Users(control).set_password("owner", "long enough")
    for name in ("m", "n"):
        control.save_endpoint(
            Endpoint(name=name, provider="openai_compatible", api_base="http://x", api_key=CANARY)
        )
    for name, field in [("publications", "token"), ("endpoints", "api_key"), ("owner", "session_key")]:
        path = tmp_path / "control" / f"{name}.json"
        sealed = path.read_text(encoding="utf-8").split(f'"{field}": "')[1].split('"')[0]
        spoil(path, sealed, sealed[:-8] + "AAAAAAA=")
    again = Control.in_folder(tmp_path)
    assert again.channel_settings("shop-2")["token"] == CANARY
    with pytest.raises(BadSettings, match="damaged"):
        again.channel_settings("shop-1")
    assert again.find("n").api_key.get_secret_value() == CANARY
    with pytest.raises(BadSettings, match="damaged"):
        again.find("m")
    assert [(e.name, e.api_key is not None) for e in again.endpoints()] == [("m", False), ("n", True)]
    assert Users(again).is_password("owner", "long enough")
    assert again.owner.session_key(again.owner.get())
    assert "shop-1.token" in caplog.text


def test_a_secret_whose_keys_number_is_damaged_is_no_wrong_key(control, tmp_path):
    published(control)
    published(control, "shop-2")
    path = tmp_path / "control" / "publications.json"
    sealed = path.read_text(encoding="utf-8").split('"token": "')[1].split('"')[0]
    spoil(path, sealed, "00000000" + sealed[8:])
    assert Control.in_folder(tmp_path).channel_settings("shop-2")["token"] == CANARY


def test_a_file_that_is_gone_at_a_start_is_taken_from_its_previous_version(control, tmp_path, caplog):
    published(control)
    published(control)
    (tmp_path / "control" / "publications.json").unlink()
    assert Control.in_folder(tmp_path).publication("shop-1").enabled
    assert "publications.json is damaged or gone" in caplog.text
    assert (tmp_path / "control" / "publications.json").exists()


def test_a_file_that_is_removed_while_running_is_written_again_as_it_was(control, tmp_path):
    published(control)
    newest = published(control, "shop-2")
    assert control.publications()
    (tmp_path / "control" / "publications.json").unlink()
    assert control.publication("shop-2") == newest
    assert Control.in_folder(tmp_path).publication("shop-2") == newest


def test_a_folder_that_is_removed_while_running_does_not_stop_what_was_read_before(control, tmp_path):
    newest = published(control)
    assert control.publications()
    shutil.rmtree(tmp_path / "control")
    assert control.publication("shop-1") == newest


def test_a_file_spoiled_while_running_does_not_stop_what_was_read_before(control, tmp_path, caplog):
    publication = published(control)
    assert control.publications()
    file = tmp_path / "control" / "publications.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"account"', '"acount"'), encoding="utf-8")
    assert control.publication("shop-1") == publication
    assert "cannot be read" in caplog.text
