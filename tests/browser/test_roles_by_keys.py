"""A role is made and changed by keys alone, undone, and saved upon what another window saved meanwhile."""

import pytest
from forgetting import forget
from playwright.sync_api import expect


@pytest.fixture
def no_roles(home, agents):
    yield
    forget(home, "roles")


def test_a_role_is_changed_by_keys_and_upon_what_another_made_of_it(window, no_roles):
    mine = window()
    mine.goto("/people")
    mine.get_by_test_id("add-role").focus()
    mine.keyboard.press("Enter")
    mine.get_by_test_id("role-name").focus()
    mine.keyboard.type("Night till")
    mine.keyboard.press("Enter")
    expect(mine.get_by_test_id("may-own-night-till-agents")).to_be_focused()
    expect(mine.get_by_test_id("role-dialog")).to_have_count(0)
    for key in ("ArrowDown", "Space", "ArrowDown", "Space"):
        mine.keyboard.press(key)
    pending = mine.get_by_test_id("pending-own-night-till")
    expect(pending).to_contain_text("查看智能体、新建和修改智能体")
    mine.keyboard.press("Control+z")
    expect(pending).not_to_contain_text("新建和修改智能体")
    mine.keyboard.press("Control+s")
    expect(mine.get_by_test_id("pending")).to_have_count(0)

    other = window()
    other.goto("/people")
    other.get_by_test_id("may-own-night-till-models.view").check()
    mine.get_by_test_id("may-own-night-till-agents.run").check()
    other.get_by_test_id("role-save").click()
    expect(other.get_by_test_id("pending")).to_have_count(0)
    mine.get_by_test_id("role-save").click()
    expect(mine.get_by_test_id("pending")).to_contain_text("刚刚有别人改了")
    expect(mine.get_by_test_id("may-own-night-till-models.view")).to_be_checked()
    mine.get_by_test_id("role-save").click()
    expect(mine.get_by_test_id("pending")).to_have_count(0)
    expect(mine.get_by_test_id("may-own-night-till-agents.run")).to_be_checked()
