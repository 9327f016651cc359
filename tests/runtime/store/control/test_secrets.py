"""Sealed credentials."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from runtime.errors import BadSettings
from runtime.store.control.secrets import SecretBox

CANARY = "canary-4711"


@pytest.fixture
def box():
    return SecretBox(["the first key of all"])


def test_what_is_sealed_opens_again(box):
    assert box.open(box.seal(CANARY, "shop-1.token"), "shop-1.token") == CANARY


def test_the_sealed_text_does_not_show_the_secret(box):
    assert CANARY not in box.seal(CANARY, "shop-1.token")


def test_the_same_secret_is_sealed_differently_each_time(box):
    assert box.seal(CANARY, "a") != box.seal(CANARY, "a")


def test_it_opens_for_no_other_record(box):
    with pytest.raises(BadSettings):
        box.open(box.seal(CANARY, "shop-1.token"), "shop-2.token")


@pytest.mark.parametrize("change", [lambda s: s[:-4], lambda s: s[:12] + "?" + s[13:], lambda s: s[:9]])
def test_a_changed_text_is_refused(box, change):
    with pytest.raises(BadSettings, match="damaged"):
        box.open(change(box.seal(CANARY, "a")), "a")


def test_another_key_is_told_from_damage(box):
    sealed = box.seal(CANARY, "a")
    with pytest.raises(BadSettings, match="Wrong key") as caught:
        SecretBox(["quite another key"]).open(sealed, "a")
    assert caught.value.field == "HONGYAN_SECRET_KEY"


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(box):
    rotated = SecretBox(["the second key", "the first key of all"])
    old = box.seal(CANARY, "a")
    assert rotated.open(old, "a") == CANARY
    assert not rotated.is_current(old)
    assert rotated.is_current(rotated.seal(CANARY, "a"))


def test_a_new_folder_gets_a_key_that_only_its_owner_reads(tmp_path):
    sealed = SecretBox.in_folder(tmp_path).seal(CANARY, "a")
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert SecretBox.in_folder(tmp_path, is_new=False).open(sealed, "a") == CANARY


def test_a_key_file_that_others_may_read_is_closed(tmp_path, caplog):
    SecretBox.in_folder(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    SecretBox.in_folder(tmp_path)
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert "could be read by others" in caplog.text


@pytest.mark.parametrize("content", [None, "", "  \n"])
def test_a_folder_in_use_without_its_key_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "secret.key").write_text(content, encoding="utf-8")
    with pytest.raises(BadSettings, match=r"secret\.key"):
        SecretBox.in_folder(tmp_path, is_new=False)


def test_the_environment_goes_before_the_file(tmp_path):
    box = SecretBox.in_folder(tmp_path, "a key from the environment")
    assert not (tmp_path / "secret.key").exists()
    assert SecretBox(["a key from the environment"]).open(box.seal(CANARY, "a"), "a") == CANARY


def test_programs_that_start_together_in_a_new_folder_have_one_key(tmp_path):
    together = threading.Barrier(4)

    def started(folder):
        together.wait()
        return SecretBox.in_folder(folder).seal("s", "owner")

    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        with ThreadPoolExecutor(4) as threads:
            sealed = list(threads.map(started, [folder] * 4))
        box = SecretBox.in_folder(folder)
        assert [box.open(one, "owner") for one in sealed] == ["s"] * 4
