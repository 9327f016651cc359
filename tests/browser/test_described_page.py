"""It is described on the home page and built on the flow: decided one by one, and kept over a reload."""

from playwright.sync_api import expect

from tests.browser.measuring import accessible

FORM = "餐厅订位：询问日期和人数，然后提交到 https://api.canting.example/bookings"


def test_what_is_described_is_built_before_ones_eyes_and_decided_one_by_one(page, agents):
    page.goto("/")
    page.get_by_test_id("new").click()
    page.get_by_test_id("new-describe").fill(FORM)
    page.get_by_test_id("new-describe-do").click()
    page.wait_for_url("**/build?**")
    changes = page.get_by_test_id("describe-changes").locator("li")
    expect(changes).to_have_count(8)
    expect(page.get_by_test_id("describe-accept-all")).to_be_enabled()
    expect(page.locator(".fe-card").first).to_be_in_viewport()
    expect(page.get_by_test_id("block-form").get_by_test_id("mark")).to_contain_text("新增")
    expect(changes.filter(has_text="api.canting.example").locator(".power")).to_be_visible()
    assert accessible(page) == []
    saved = (agents / "agent.json").read_text("utf-8")
    assert "canting" not in saved

    page.reload()
    expect(page.get_by_test_id("describe-said")).to_contain_text("演示模型")
    page.get_by_test_id("describe-undo-1").click()
    expect(changes).to_have_count(7)
    page.get_by_test_id("describe-accept-all").click()
    page.get_by_test_id("confirm").click()
    expect(changes).to_have_count(0)
    expect(page.get_by_test_id("block-send")).to_be_visible()
    expect(page.get_by_test_id("block-answer")).to_have_count(0)
    assert "api.canting.example" in (agents / "agent.json").read_text("utf-8")

    page.get_by_test_id("describe-text").fill("发布吧")
    page.get_by_test_id("describe-text").press("Enter")
    page.get_by_test_id("describe-publish").click()
    page.wait_for_url("**/publish?agent=agent")


def test_another_beginning_is_drawn_as_what_it_becomes(page, agents):
    page.goto("/")
    page.get_by_test_id("new").click()
    page.get_by_test_id("new-describe").fill("每周一早上九点给关注的人发本周菜单，平时回答菜价")
    page.get_by_test_id("new-describe-do").click()
    page.wait_for_url("**/build?**")
    expect(page.get_by_test_id("proposed-weekly")).to_contain_text("新增")
    page.get_by_test_id("proposed-weekly").click()
    expect(page.get_by_test_id("proposed-fields")).to_contain_text("每周五 17:30")
    expect(page.get_by_test_id("block-report").get_by_test_id("mark")).to_contain_text("新增")
