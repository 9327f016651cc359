"""Watching on a phone with a clock what a person in WeChat would see."""

from playwright.sync_api import expect

PLAY = "/play?agent=shop"
ANSWER = "一叶茶铺：几点开门？"


def rehearse(page, kind, delay):
    page.goto(PLAY)
    page.get_by_test_id("tab-rehearse").click()
    page.get_by_test_id("rehearse-kind").select_option(kind)
    page.get_by_test_id(f"delay-{delay}").click()
    page.get_by_test_id("rehearse-start").click()


def test_a_slow_answer_is_one_tap_away_and_everything_shows_its_time(page, agents):
    rehearse(page, "unverified_subscription", 300)
    expect(page.get_by_test_id("figures")).to_contain_text("1 下")
    expect(page.get_by_test_id("page-answer")).to_have_text(ANSWER)
    expect(page.get_by_test_id("bubble-them")).to_have_text("还在想，马上就好。点这里看回答")
    expect(page.locator(".hy-replay-item.tap")).to_contain_text("0:16")
    expect(page.get_by_test_id("story").locator("li.over")).to_have_count(7)
    expect(page.get_by_test_id("replay")).to_have_count(0)  # nothing moves for who wants no motion
    expect(page.get_by_test_id("rehearsal")).to_contain_text("一轮最多 120 秒")


def test_a_replay_can_be_paused_and_shows_the_typing_sign(page, agents):
    page.emulate_media(reduced_motion="no-preference")
    rehearse(page, "verified_service", 14)
    title, replay = page.locator(".hy-phone-top b"), page.get_by_test_id("replay")
    slider = page.get_by_role("slider", name="播放进度")
    slider.fill("500")  # of 1000: there it stands still, however late somebody looks
    expect(title).to_have_text("对方正在输入…")
    expect(page.get_by_test_id("bubble-them")).to_be_hidden()
    replay.click()
    expect(replay).to_have_attribute("title", "暂停")
    replay.click()
    expect(replay).to_have_attribute("title", "播放")
    slider.press("End")
    expect(page.get_by_test_id("replay-clock")).to_have_text("0:15")
    expect(page.get_by_test_id("bubble-them")).to_have_text(ANSWER)
    expect(title).to_have_text("茶铺")
    expect(page.get_by_test_id("replay")).to_have_attribute("title", "重播")


def test_another_account_plays_the_same_answer_again(page, agents):
    rehearse(page, "unverified_service", 6)
    expect(page.get_by_test_id("rehearsal")).to_contain_text("微信第 1 次重发时回复")
    (agents / "shop.json").write_text((agents / "shop.json").read_text("utf-8").replace("**{{", "改过了{{"))
    page.get_by_test_id("rehearse-kind").select_option("test")
    page.get_by_test_id("rehearse-start").click()
    expect(page.get_by_test_id("rehearsal")).to_contain_text("主动发出")
    expect(page.get_by_test_id("bubble-them")).to_have_text(ANSWER)
    page.get_by_test_id("rehearse-anew").click()
    expect(page.get_by_test_id("bubble-them")).to_contain_text("改过了")


def test_it_fits_on_a_phone(window, agents):
    page = window(viewport={"width": 390, "height": 844})
    rehearse(page, "unverified_subscription", 40)
    expect(page.get_by_test_id("page-answer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
