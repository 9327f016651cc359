"""The publish page tells how to bring the program onto a server."""

from playwright.sync_api import expect

PUBLISH = "/publish?agent=shop"


def forget_address(home):
    (home / "data" / "control" / "options.json").unlink(missing_ok=True)


def test_the_commands_follow_the_public_address(page, agents, home):
    forget_address(home)
    page.goto(PUBLISH)
    page.get_by_text("放到服务器上：").click()
    section = page.get_by_test_id("server")
    expect(section).to_contain_text("bot.example.com 要换成您的域名")
    page.get_by_test_id("public-url").fill("bot.tea.cn")
    page.get_by_test_id("public-url-save").click()
    expect(page.get_by_test_id("server-caddy")).to_contain_text("deploy caddy --domain bot.tea.cn")
    expect(section).not_to_contain_text("example")
    forget_address(home)


def test_the_commands_are_copied_as_they_are_shown(window, clean):
    page = window(permissions=["clipboard-read", "clipboard-write"])
    page.goto(PUBLISH)
    page.get_by_test_id("channel-api").click()
    page.get_by_text("放到服务器上：").click()
    page.get_by_test_id("copy-systemd").click()
    expect(page.get_by_test_id("copy-systemd")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_test_id("server-systemd").locator("pre").inner_text()
    assert "sudo systemctl restart hongyan" in copied


def test_on_a_phone_long_commands_scroll_inside_their_box(window, agents):
    page = window(viewport={"width": 390, "height": 844})
    page.goto(PUBLISH)
    page.get_by_text("放到服务器上：").click()
    commands = page.get_by_test_id("server-nginx").locator("pre")
    expect(commands).to_be_visible()
    assert commands.evaluate("one => one.scrollWidth > one.clientWidth")
    box = commands.bounding_box()
    assert box["x"] + box["width"] < 390
