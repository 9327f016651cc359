"""Another key of the installation: everything is sealed anew, whoever runs goes on, the older one may go."""

import re

import pytest

from runtime.access.users import Users
from runtime.errors import BadSettings
from runtime.models.providers import Endpoint, MoreKey
from runtime.store.control.control import Control
from runtime.store.control.key_rotation import SEALED, forgotten, prepared, rotated
from runtime.store.control.records import Publication
from runtime.store.control.secrets import SecretBox
from runtime.store.control.user_records import SecondFactorRecord

CANARY = "canary-secret-4711"


@pytest.fixture
def control(tmp_path):
    """With something sealed in each of its files."""
    made = Control.in_folder(tmp_path)
    secrets = made.seal("shop-1", {"token": CANARY})
    made.save_publication(
        Publication(id="shop-1", agent="shop", channel="wechat", account="wx1", settings={"app_id": "wx1"},
                    secrets=secrets, version=1, created_at=1.0)
    )  # fmt: skip
    Users(made).set_password("owner", "long enough")
    made.save_endpoint(Endpoint(name="m", provider="openai_compatible", api_base="http://x", api_key=CANARY))
    made.model_endpoints.put_key("m", MoreKey(name="second", api_key=CANARY), "owner")
    made.secrets.put("erp", CANARY)
    made.grants.keep("one", {"refresh": CANARY}, 1.0, token=CANARY, until=9e9)
    made.grants.change("code only", code=CANARY)
    factors = made.second_factors
    factors.put(SecondFactorRecord(id="owner", secret=factors.seal("owner", CANARY)))
    return made


def keys(folder):
    return (folder / "secret.key").read_text(encoding="utf-8").split()


def numbers(folder):
    """Of the keys by which something is sealed there."""
    files = (folder / "control").rglob("*.json")
    return {found for path in files for found in SEALED.findall(path.read_text(encoding="utf-8"))}


def opens(control):
    assert control.channel_settings("shop-1")["token"] == CANARY
    endpoint = control.find("m")
    assert [endpoint.api_key.get_secret_value(), endpoint.keys[0].api_key.get_secret_value()] == [CANARY] * 2
    assert control.secrets.open("erp", "a.example") == CANARY
    assert control.grants.kept("one") == {"refresh": CANARY}
    assert control.grants.code("code only") == CANARY
    assert control.second_factors.open(control.second_factors.get("owner")) == CANARY
    assert Users(control).is_password("owner", "long enough")
    return True


def test_everything_is_sealed_by_the_new_key_and_who_runs_goes_on(control, tmp_path):
    before, marked = numbers(tmp_path), control.mark("somebody")
    session = control.owner.session_key(control.owner.get())
    assert rotated(tmp_path) == 1
    current = {re.fullmatch(r"(\w{8}):.*", SecretBox(keys(tmp_path)).seal("x", "x"))[1]}
    live = [path for path in (tmp_path / "control").glob("*.json") if "previous" not in path.name]
    assert {found for path in live for found in SEALED.findall(path.read_text("utf-8"))} == current
    assert before.isdisjoint(current)
    assert opens(control)  # in whose memory the older key was
    control.secrets.put("crm", CANARY)
    assert opens(Control.in_folder(tmp_path))
    assert control.owner.session_key(control.owner.get()) == session
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    for one in (control, Control.in_folder(tmp_path)):
        assert one.mark("somebody") == marked
        assert one.is_mark("somebody", marked)


def test_the_older_key_goes_and_nothing_needs_it_any_more(control, tmp_path):
    [older], marked = keys(tmp_path), control.mark("somebody")
    rotated(tmp_path)
    rotated(tmp_path)
    assert forgotten(tmp_path) == 2
    assert older not in (tmp_path / "secret.key").read_text("utf-8")
    for one in (control, Control.in_folder(tmp_path)):
        assert opens(one)
        assert one.mark("somebody") == marked
    assert len(numbers(tmp_path)) == 1
    assert forgotten(tmp_path) == 0
    with pytest.raises(BadSettings, match="Wrong key"):
        SecretBox(keys(tmp_path)).open(SecretBox([older]).seal("x", "a"), "a")


def test_an_older_key_stays_while_something_needs_it(control, tmp_path):
    rotated(tmp_path)
    lost = SecretBox(keys(tmp_path)[1:]).seal(CANARY, "nobody's")
    (tmp_path / "control" / "further.json").write_text(f'{{"value": "{lost}"}}', "utf-8")
    there = keys(tmp_path)
    with pytest.raises(BadSettings, match=r"further\.json"):
        forgotten(tmp_path)
    assert keys(tmp_path) == there


def test_whoever_is_killed_behind_the_new_key_goes_on_at_the_next_start(control, tmp_path, monkeypatch):
    monkeypatch.setattr(Control, "in_folder", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        rotated(tmp_path)
    monkeypatch.undo()
    assert len(keys(tmp_path)) == 3  # two keys, and what makes marks
    assert opens(Control.in_folder(tmp_path))
    assert forgotten(tmp_path) == 1


def test_several_machines_know_the_next_key_before_one_seals_by_it(control, tmp_path):
    prepared(tmp_path)
    prepared(tmp_path)
    other = SecretBox(keys(tmp_path))
    assert other.is_current(control._box.seal("x", "a"))
    rotated(tmp_path)
    sealed = SecretBox(keys(tmp_path)).seal(CANARY, "a")
    assert not other.is_current(sealed)
    assert other.open(sealed, "a") == CANARY


def test_a_key_of_the_environment_is_told_what_it_has_to_be(tmp_path):
    given = "a key from the environment"
    marked = Control.in_folder(tmp_path, given).mark("somebody")
    Control.in_folder(tmp_path, given).secrets.put("erp", CANARY)
    with pytest.raises(BadSettings) as told:
        rotated(tmp_path, given)
    value = told.value.text.en.rpartition("\n")[2]
    assert value.split(",")[1] == given
    assert rotated(tmp_path, value) == 1
    with pytest.raises(BadSettings) as told:
        forgotten(tmp_path, value)
    last = told.value.text.en.rpartition("\n")[2]
    assert given not in last
    after = Control.in_folder(tmp_path, last)
    assert after.secrets.open("erp", "a.example") == CANARY
    assert after.mark("somebody") == marked
    assert forgotten(tmp_path, last) == 0
    with pytest.raises(BadSettings, match="every machine alike"):
        prepared(tmp_path, last)


@pytest.mark.parametrize("work", [rotated, forgotten, prepared])
def test_where_the_key_is_gone_nothing_is_made_up(control, tmp_path, work):
    (tmp_path / "secret.key").unlink()
    with pytest.raises(BadSettings, match=r"secret\.key"):
        work(tmp_path)
    assert not (tmp_path / "secret.key").exists()
