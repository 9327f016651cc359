"""What a dialog shows once is copied also where the browser has no clipboard for pages: on plain http."""

import pytest
from forgetting import forget
from playwright.sync_api import expect

WITHOUT = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
REFUSING = "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"


@pytest.fixture(params=[WITHOUT, REFUSING], ids=["no clipboard", "refused"])
def there(request, window, home, agents):
    page = window(own=True)
    page.add_init_script(request.param)
    yield page
    forget(home, "keys")


def test_a_key_that_is_shown_once_is_in_the_clipboard_when_the_page_says_so(there):
    there.goto("/account")
    there.get_by_test_id("add-key").click()
    there.get_by_test_id("key-name").fill("till")
    there.get_by_test_id("may-agents.run").check()
    there.get_by_test_id("on-shop").check()
    there.get_by_test_id("make-key").click()
    shown = there.get_by_test_id("new-key")
    secret = shown.locator("code").inner_text()
    shown.get_by_role("button").click()
    expect(shown.get_by_role("button")).to_have_text("已复制")
    there.get_by_test_id("key-done").click()
    there.get_by_test_id("add-key").click()
    there.get_by_test_id("key-name").press("Control+v")
    expect(there.get_by_test_id("key-name")).to_have_value(secret)
