"""Secrets that agents name, as they are kept."""

import pytest

from runtime.errors import BadSettings, NotFound, ToolFailed
from runtime.store.control.control import Control

VALUE = "canary-value-1"


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path / "data")


def test_one_is_set_opened_set_anew_and_removed(control):
    control.secrets.put("erp", f" {VALUE}\n", ["API.example.com"])
    assert control.secrets.open("erp", "api.example.com") == VALUE
    control.secrets.put("erp", "another-value")
    assert control.secrets.open("erp", "elsewhere.example") == "another-value"
    control.secrets.remove("erp")
    assert list(control.secrets.names()) == []
    with pytest.raises(NotFound):
        control.secrets.remove("erp")


def test_nothing_on_the_disk_shows_it(control, tmp_path):
    control.secrets.put("erp", VALUE)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if VALUE.encode() in path.read_bytes()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


WRONG = [
    ("name", "ERP", VALUE, ()), ("name", "1a", VALUE, ()), ("name", "", VALUE, ()),
    ("name", "a-b", VALUE, ()), ("name", "../a", VALUE, ()),
    ("value", "erp", "", ()), ("value", "erp", "abc", ()),
    ("value", "erp", "a\x00bcd", ()), ("value", "erp", "\ud800abcd", ()), ("value", "erp", "x" * 9000, ()),
    ("hosts", "erp", VALUE, ("https://api.example.com/",)),
]  # fmt: skip


@pytest.mark.parametrize(("field", "name", "value", "hosts"), WRONG)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(control, field, name, value, hosts):
    with pytest.raises(BadSettings) as caught:
        control.secrets.put(name, value, hosts)
    assert caught.value.field == field
    assert list(control.secrets.names()) == []


def test_one_that_does_not_open_stops_only_what_needs_it(tmp_path):
    Control.in_folder(tmp_path / "data", "old key of 16 or more").secrets.put("bad", VALUE)
    control = Control.in_folder(tmp_path / "data", "new key of 16 or more")
    control.secrets.put("good", VALUE)
    assert control.secrets.open("good", "a.example") == VALUE
    with pytest.raises(ToolFailed) as caught:
        control.secrets.open("bad", "a.example")
    assert VALUE not in str(caught.value)


def test_a_new_key_seals_it_anew(tmp_path):
    Control.in_folder(tmp_path / "data", "old key of 16 or more").secrets.put("erp", VALUE)
    Control.in_folder(tmp_path / "data", "new key of 16 or more,old key of 16 or more")
    assert Control.in_folder(tmp_path / "data", "new key of 16 or more").secrets.open("erp", "a") == VALUE
