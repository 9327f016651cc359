"""Pausing and rotating change what is published and lose nothing of it."""

import pytest

from runtime.agents.agent import Agent
from runtime.channels import registry
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.publish import pause, publish, resume, rotate, rotation, unpublish
from runtime.publish.credentials import spared
from runtime.publish.ways_in import is_called
from runtime.store.control.control import Control
from runtime.store.control.records import Contact

SECRET = "canary0000000000"
ACCOUNT = {"app_id": "wx1234567890abcdef", "app_secret": SECRET, "original_id": "gh_abcdef123456"}
AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path / "data")


@pytest.fixture
def id(control):
    return publish(control, AGENT, "wechat", ACCOUNT).publication


def test_a_pause_keeps_its_beginning_and_takes_a_new_text(control, id):
    first = pause(control, id, "盘点")
    again = pause(control, id, "还在盘点")
    assert (again.paused_at, again.paused_text) == (first.paused_at, "还在盘点")
    assert resume(control, id).paused_at is None
    with pytest.raises(NotFound):
        resume(control, "no-such")


def test_publishing_again_does_not_end_a_pause_and_taking_it_offline_does(control, id):
    pause(control, id, "盘点")
    publish(control, AGENT, "wechat", {})
    assert control.publication(id).paused_text == "盘点"
    unpublish(control, id)
    assert control.publication(id).paused_at is None
    with pytest.raises(Conflict):
        pause(control, id)


def test_nothing_given_makes_a_new_token_and_key_and_keeps_the_old_for_a_while(control, id):
    before = control.channel_settings(id)
    control.save_contact(Contact(id=id, verified_at=1.0))
    made = rotation(control, id, {})
    assert not made.is_secret_new
    published = rotate(control, made)
    after = control.channel_settings(id)
    assert after["token"] == published.to_copy["token"] != before["token"]
    assert after["app_secret"] == SECRET
    assert control.former_settings(id) == {name: before[name] for name in ("token", "encoding_aes_key")}
    assert control.contact(id).verified_at is None
    assert published.version == 1


def test_a_secret_alone_is_to_be_tried_and_the_platform_verifies_nothing_anew(control, id):
    control.save_contact(Contact(id=id, verified_at=1.0))
    made = rotation(control, id, {"app_secret": "another000000000"})
    assert made.is_secret_new
    rotate(control, made)
    assert control.channel_settings(id)["app_secret"] == "another000000000"
    assert control.former_settings(id) == {}
    assert control.contact(id).verified_at == 1.0


def test_publishing_with_another_token_keeps_the_old_for_a_while_too(control, id):
    before = control.channel_settings(id)["token"]
    publish(control, AGENT, "wechat", {"token": "AnotherToken1"})
    assert control.former_settings(id)["token"] == before


def test_safe_mode_is_not_left_open_to_plain_text(control):
    id = publish(control, AGENT, "wechat", {**ACCOUNT, "mode": "plain"}).publication
    rotate(control, rotation(control, id, {"mode": "safe", "encoding_aes_key": "a" * 43}))
    assert control.former_settings(id) == {}


def test_what_was_is_sealed_too(control, id, tmp_path):
    before = control.channel_settings(id)
    rotate(control, rotation(control, id, {}))
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert before["token"].encode() not in everything
    assert before["encoding_aes_key"].encode() not in everything


REFUSED = {
    "another account": ({"app_id": "wxfedcba0987654321"}, Conflict, ""),
    "an unknown name": ({"appid": "x"}, BadSettings, "appid"),
    "a bad token": ({"token": "?"}, BadSettings, "token"),
    "a placeholder": ({"app_secret": "your-secret"}, BadSettings, "app_secret"),
}


@pytest.mark.parametrize(("given", "error", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_and_nothing_changes(control, id, given, error, field):
    before = control.publication(id)
    with pytest.raises(error) as refused:
        rotation(control, id, given)
    assert refused.value.field == field
    assert control.publication(id) == before


def test_a_change_in_between_is_noticed(control, id):
    made = rotation(control, id, {})
    pause(control, id)
    with pytest.raises(Conflict):
        rotate(control, made)


def test_a_surface_without_anything_that_we_make_up_wants_to_be_told_what(control):
    id = publish(control, AGENT, "api", {}).publication
    with pytest.raises(BadSettings):
        rotation(control, id, {})


@pytest.mark.parametrize(
    ("channel", "given", "new"),
    [
        ("wecom_group", {"key": "693a91f6-7b1c-4bc4-97a0-0ec2f1fa5aaa"}, {"key": "0" * 35 + "1"}),
        ("wecom_bot", {"mode": "webhook"}, {}),
    ],
)
def test_a_surface_that_only_its_secret_names_takes_another_secret(control, channel, given, new):
    id = publish(control, AGENT, channel, given).publication
    before = control.publication(id)
    rotate(control, rotation(control, id, new))
    after = control.publication(id)
    assert after.account != before.account
    assert control.channel_settings(id) != before
    assert publish(control, AGENT, channel, {}).publication == id, "it is found by its new name"


MINI = {"app_id": ACCOUNT["app_id"], "app_secret": SECRET, "token": "hongyantoken", "mode": "plain"}


def test_a_secret_that_is_not_needed_can_be_taken_off_and_stays_off(control):
    id = publish(control, AGENT, "miniprogram", MINI).publication
    kind = registry()["miniprogram"]
    assert spared(kind, ["app_secret", "token"], control.known_settings(id)) == ["token"]
    control.save_contact(Contact(id=id, verified_at=1.0))
    rotate(control, rotation(control, id, {}, without=["token"]))
    assert not is_called(control, control.publication(id))
    assert spared(kind, ["token"], control.known_settings(id)) == []
    publish(control, AGENT, "miniprogram", {})
    assert control.channel_settings(id)["token"] == ""
    rotate(control, rotation(control, id, {"token": "anothertoken"}))
    assert is_called(control, control.publication(id))
    with pytest.raises(BadSettings) as needed:
        rotation(control, id, {}, without=["app_secret"])
    assert needed.value.field == "app_secret"


def test_what_we_made_up_and_somebody_took_off_is_not_made_up_again(control):
    id = publish(control, AGENT, "web", {}).publication
    rotate(control, rotation(control, id, {}, without=["identity_secret"]))
    publish(control, AGENT, "web", {})
    assert control.known_settings(id)["identity_secret"] == ""
