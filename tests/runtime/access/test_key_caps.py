"""What each key may take of a day is what is set by now, by the twelve signs under which it is counted."""

from runtime.access.key_caps import KeyCaps, key_name
from runtime.caps import Cap
from runtime.store.control.control import Control
from runtime.store.control.records import ApiKey


def key(sign, **more):
    return ApiKey(id=sign * 64, agent="shop", prefix=f"hk-{sign}", created_at=0.0, **more)


def test_each_key_has_its_own_and_what_is_changed_counts_at_once(tmp_path):
    control = Control.in_folder(tmp_path)
    caps = KeyCaps(control)
    assert caps.cap("a" * 12) == Cap()
    control.keys.put(key("a", per_day=5, user="anna", name="shop's"))
    control.keys.put(key("b", tokens_per_day=7, money_per_day=2.5))
    assert [caps.cap(one * 12) for one in "ab"] == [Cap(5, None, None), Cap(None, 7, 2.5)]
    assert [caps.user(one * 12) for one in "abc"] == ["anna", "", ""]
    assert [caps.title(one * 12) for one in "abc"] == ["shop's", "hk-b…", "c" * 12]
    control.keys.put(key("a", per_day=6))
    assert caps.cap("a" * 12) == Cap(6, None, None)


def test_it_is_looked_through_again_only_where_a_key_changed(tmp_path):
    control = Control.in_folder(tmp_path)
    control.keys.put(key("a"))
    caps = KeyCaps(control)
    assert caps.find("a" * 12) is caps.find("a" * 12)
    known = caps._known
    caps.find("b" * 12)
    assert caps._known is known


def test_a_key_is_counted_by_twelve_signs_of_its_id():
    """Conversations that are kept begin with them: another number would lose what was counted today."""
    assert key_name(key("a")) == "a" * 12
