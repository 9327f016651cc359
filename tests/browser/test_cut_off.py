"""The network is cut, the login ends: under every page nothing is lost and everything is told."""

import json
import re

import pytest
from awaiting import until
from forgetting import forget
from playwright.sync_api import expect

from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import delete

BUILD = "/build?agent=shop"


@pytest.fixture
def page(browser, site, login):
    """A window that may complain: a request that fails is always on the console."""
    context = browser.new_context(
        base_url=site, locale="zh-CN", viewport={"width": 1440, "height": 900}, storage_state=login,
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def offline(page):
    page.context.set_offline(True)
    return lambda: page.context.set_offline(False)


def answering(status, body, kind):
    def cut(page):
        there = re.compile("/click/|/upload/")
        page.route(there, lambda route: route.fulfill(status=status, body=body, content_type=kind))
        return lambda: page.unroute(there)

    return cut


def aborted(page):
    there = re.compile("/click/|/upload/|/health")
    page.route(there, lambda route: route.abort())
    return lambda: page.unroute(there)


CUTS = {
    "offline": offline,
    "aborted": aborted,
    "502": answering(502, "<html>Bad Gateway</html>", "text/html"),
}


def ready(page, path=BUILD):
    page.goto(path)
    expect(page.get_by_test_id("block-say")).to_be_visible()


def saved(agents):
    return json.loads((agents / "shop.json").read_text("utf-8"))


def state(page):
    return page.get_by_test_id("saved")


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
def test_autosave_goes_on_by_itself_after_the_network_was_cut(page, agents, cut):
    ready(page)
    mend = cut(page)
    page.get_by_test_id("agent-name").fill("甲")
    expect(state(page)).to_contain_text("未保存")
    expect(page.get_by_test_id("outage")).to_be_visible()
    assert saved(agents)["name"] == "茶铺"
    mend()
    expect(state(page)).to_contain_text("已自动保存")
    expect(page.get_by_test_id("outage")).to_have_count(0)
    assert saved(agents)["name"] == "甲"
    page.get_by_test_id("block-say").locator(".fe-main").click()
    page.get_by_test_id("title").fill("后来")
    expect(state(page)).to_contain_text("已自动保存")
    page.wait_for_function("document.querySelector('[data-testid=saved]').className.includes('saved')")
    assert saved(agents)["flow"][0]["title"] == "后来"


def test_what_arrived_without_an_answer_is_no_conflict(page, agents):
    ready(page)
    loses = True

    def lose_the_answer(route):
        if not loses:
            return route.continue_()
        route.fetch()
        route.abort()

    page.route("**/click/build", lose_the_answer)
    page.get_by_test_id("agent-name").fill("甲")
    expect(state(page)).to_contain_text("未保存")
    page.get_by_test_id("agent-name").fill("甲乙")
    loses = False
    expect(state(page)).to_contain_text("已自动保存")
    assert saved(agents)["name"] == "甲乙"
    expect(page.get_by_test_id("conflict-overwrite")).to_have_count(0)


CUTS_SAVES = """() => {
  const asked = window.fetch;
  window.fetch = (at, given) =>
    String(given?.body).includes("save") ? Promise.reject(new TypeError("cut")) : asked(at, given);
}"""
"""In the page itself: what a route holds goes out all the same where the page is left before it is cut."""


def test_a_reload_offers_back_what_was_not_saved(page, agents):
    ready(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate(CUTS_SAVES)
    page.get_by_test_id("agent-name").fill("没存上的")
    expect(state(page)).to_contain_text("未保存")
    ready(page)
    expect(page.get_by_test_id("agent-name")).to_have_value("茶铺")
    page.get_by_test_id("left-restore").click()
    expect(page.get_by_test_id("agent-name")).to_have_value("没存上的")
    expect(state(page)).to_contain_text("已自动保存")
    assert saved(agents)["name"] == "没存上的"
    ready(page)
    expect(page.get_by_test_id("left-restore")).to_have_count(0)


def test_broken_json_is_offered_back_too(page, agents):
    ready(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_test_id("view-json").click()
    page.get_by_test_id("json").fill('{"name": "写到一半')
    expect(state(page)).to_contain_text("未保存")
    ready(page)
    page.get_by_test_id("left-restore").click()
    expect(page.get_by_test_id("json")).to_have_value('{"name": "写到一半')


def write_signed_out(page, name):
    """The dialog may be there by now, as the page asks by itself, too: what was typed just before counts."""
    page.context.clear_cookies()
    typed = "(box, text) => { box.value = text; box.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.get_by_test_id("agent-name").evaluate(typed, name)


def test_signing_in_again_loses_nothing(page, agents, password):
    ready(page)
    write_signed_out(page, "登录前写的")
    dialog = page.get_by_test_id("sign-in-dialog")
    dialog.get_by_test_id("sign-in-password").fill("wrong-password")
    dialog.get_by_test_id("sign-in").click()
    expect(dialog).to_contain_text("密码不对")
    dialog.get_by_test_id("sign-in-password").fill(password)
    dialog.get_by_test_id("sign-in").click()
    expect(dialog).to_have_count(0)
    expect(state(page)).to_contain_text("已自动保存")
    expect(page.get_by_test_id("outage")).to_have_count(0)
    assert saved(agents)["name"] == "登录前写的"


def test_who_signs_in_later_finds_the_way(page, agents, password):
    ready(page)
    write_signed_out(page, "稍后")
    page.get_by_test_id("sign-in-dialog").get_by_role("button", name="稍后").click()
    expect(state(page)).to_contain_text("未保存")
    page.get_by_test_id("sign-in-again").click()
    page.get_by_test_id("sign-in-password").fill(password)
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("已自动保存")
    assert saved(agents)["name"] == "稍后"


PAGES = {
    "/": lambda page: page.get_by_test_id("agent-shop"),
    BUILD: lambda page: page.get_by_test_id("block-say"),
    "/build": lambda page: page.locator("a.hy-starter").first,
    "/play?agent=shop": lambda page: page.get_by_test_id("phone"),
    "/publish?agent=shop": lambda page: page.locator(".hy-channels"),
    "/tests?agent=shop": lambda page: page.get_by_test_id("new-case").first,
    "/prompts": lambda page: page.get_by_test_id("new-prompt").first,
    "/prompts?prompt=customer_service": lambda page: page.get_by_test_id("zh-made"),
    "/bases": lambda page: page.get_by_test_id("new-base").first,
    "/models": lambda page: page.get_by_test_id("add-model").first,
}
AWAY = {
    500: "Internal Server Error",
    502: "<html>Bad Gateway</html>",
    503: '{"error": "Restarting"}',
    200: "<html>a proxy's own page</html>",
}
MOST_ASKED = 40
"""By a page that is answered so and clicked once for each of these. It asks by itself too, but pauses."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_so_whatever_came_instead_and_when_nothing_comes_and_goes_on(
    page, agents, path, password
):
    there, away, asked = re.compile("/click/(?!bar)"), iter(AWAY.items()), []

    def answer(route):
        asked.append(route.request.url)
        status, body = next(away, (502, ""))
        route.fulfill(status=status, body=body)

    page.route(there, answer)
    page.goto(path)
    for _ in AWAY:
        expect(page.get_by_test_id("load-again")).to_be_visible()
        expect(page.get_by_role("alert").filter(has_text="连不上").first).to_be_visible()
        with page.expect_response(there):
            page.get_by_test_id("load-again").click()
    assert len(asked) < MOST_ASKED
    page.context.clear_cookies()  # the login ended before anything was there
    page.unroute(there)
    page.get_by_test_id("sign-in-password").fill(password)
    page.get_by_test_id("sign-in").click()
    expect(PAGES[path](page)).to_be_visible()
    back = offline(page)
    page.get_by_test_id("nav-bell").click()
    expect(page.get_by_test_id("outage")).to_be_visible()
    page.keyboard.press("Escape")
    back()
    expect(page.get_by_test_id("outage")).to_have_count(0)
    expect(PAGES[path](page)).to_be_visible()


def rename(page):
    page.get_by_test_id("menu").first.click()
    page.get_by_test_id("rename").first.click()
    page.get_by_test_id("rename-input").fill("新名字")
    page.get_by_test_id("rename-save").click()


def from_menu(action):
    def click(page):
        page.get_by_test_id("menu").first.click()
        page.get_by_test_id(action).first.click()

    return click


def start(page):
    page.get_by_test_id("new").click()
    page.get_by_test_id("starter-tea-shop").last.click()


def bring(page):
    page.get_by_test_id("import").click()
    page.get_by_test_id("import-text").fill("{}")
    page.get_by_test_id("import-do").click()


def publish_to_the_api(page):
    page.get_by_test_id("go-live").click()


def set_address(page):
    page.get_by_test_id("public-url").fill("https://bot.example.com")
    page.get_by_test_id("public-url-save").click()


def rehearse(page):
    page.get_by_test_id("rehearse-start").click()


CLICKS = [
    ("/", None, rename),
    ("/", None, from_menu("duplicate")),
    ("/", None, from_menu("export")),
    ("/", None, from_menu("delete")),
    ("/", None, start),
    ("/", None, bring),
    (
        BUILD,
        None,
        lambda page: page.get_by_test_id("agent-name").fill("甲") or page.get_by_test_id("try").click(),
    ),
    ("/publish?agent=shop", "channel-api", publish_to_the_api),
    ("/publish?agent=shop", None, set_address),
    ("/play?agent=shop", "tab-rehearse", rehearse),
]


@pytest.mark.parametrize(("path", "first", "click"), CLICKS)
def test_every_click_that_fails_says_so(page, clean, path, first, click):
    page.goto(path)
    expect(PAGES[path](page)).to_be_visible()
    if first:
        page.get_by_test_id(first).click()
        expect(page.locator(".hy-loading")).to_have_count(0)
    CUTS["502"](page)
    click(page)
    told = (
        page.get_by_test_id("toast").or_(page.get_by_role("alert")).or_(page.locator("[aria-live=assertive]"))
    )
    expect(told.filter(has_text=re.compile("连不上|没保存的修改")).first).to_be_visible()


def test_what_became_of_a_click_whose_answer_got_lost_is_shown_when_the_server_is_back(page, agents, home):
    forget(home, "publications")
    page.goto("/publish?agent=shop")
    page.get_by_test_id("channel-api").click()
    clicks = re.compile("/click/")

    def lose_the_answer(route):
        if "go_live" in route.request.post_data:
            route.fetch()
        route.abort()

    page.route(clicks, lose_the_answer)
    page.get_by_test_id("go-live").click()
    expect(page.get_by_test_id("outage")).to_be_visible()
    page.unroute(clicks)
    expect(page.get_by_test_id("create-key")).to_be_visible()
    forget(home, "publications")


def test_what_was_typed_for_a_channel_outlives_a_cut_and_a_reload_without_its_secret(page, clean):
    page.goto("/publish?agent=shop&channel=telegram")
    page.locator("[data-field=username] input").fill("tea_shop_bot")
    page.locator("[data-field=bot_token] input").fill("1234567:" + "A" * 35)
    mend = CUTS["502"](page)
    page.get_by_test_id("go-live").click()
    expect(page.get_by_test_id("outage")).to_be_visible()
    mend()
    expect(page.locator("[aria-live=assertive]").filter(has_text="请再点一次")).to_be_visible()
    assert "AAAAA" not in page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    page.reload()
    expect(page.locator("[data-field=username] input")).to_have_value("tea_shop_bot")
    expect(page.locator("[data-field=bot_token] input")).to_have_value("")


def test_after_a_logout_elsewhere_a_click_asks_for_the_password_and_is_done(page, agents, password):
    page.goto("/")
    expect(page.get_by_test_id("agent-shop")).to_be_visible()
    page.context.clear_cookies()
    from_menu("duplicate")(page)
    page.get_by_test_id("sign-in-password").fill(password)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("agent-shop-2")).to_be_visible()


@pytest.mark.parametrize("script", ["common", "flow_editor", "build"])
def test_a_page_whose_scripts_do_not_load_says_so(page, agents, script):
    """Each that it is made of: what all pages share, the flow editor, its own."""
    page.route(f"**/static/{script}.*.js", lambda route: route.abort())
    page.goto("/build?agent=shop")
    expect(page.get_by_role("alert").filter(has_text="没有载入完整")).to_be_visible()


def ask(page, text):
    page.locator("#ask textarea").fill(text)
    page.keyboard.press("Enter")


def test_a_question_that_could_not_be_sent_is_told_in_our_words_and_not_lost(page, agents):
    page.goto("/play?agent=shop")
    expect(page.get_by_test_id("phone")).to_be_visible()
    page.context.set_offline(True)
    ask(page, "断网时说的")
    expect(page.get_by_test_id("toast").filter(has_text="没有发出去")).to_be_visible()
    expect(page.get_by_text("Connection to the server was lost")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.get_by_test_id("outage")).to_have_count(0)
    expect(page.locator("#ask textarea")).to_have_value("断网时说的")


def test_the_chat_asks_for_the_password_and_goes_on(page, agents, password):
    page.goto("/play?agent=shop")
    expect(page.locator("#chat").get_by_text("几点开门？")).to_be_visible()  # the page's own calls are over
    page.context.clear_cookies()
    ask(page, "还在吗")
    page.get_by_test_id("sign-in-password").fill(password)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("sign-in-dialog")).to_have_count(0)
    expect(page.locator("#ask textarea")).to_have_value("还在吗")
    page.locator("#ask textarea").press("Enter")
    expect(page.get_by_test_id("bubble-them")).to_contain_text("还在吗")


def test_what_is_being_written_is_there_when_gradio_starts_anew(page, agents):
    held = []
    page.route(re.compile("/queue/data"), lambda route: held.append(route), times=1)
    with page.expect_request(re.compile("/queue/data")):  # what is held
        page.goto("/play?agent=shop")
    expect(page.get_by_test_id("phone")).to_be_visible()
    page.locator("#ask textarea").fill("还没说完")
    with page.expect_request(re.compile("/queue/data")):  # of its new session
        held[0].abort()
    expect(page.locator("#ask textarea")).to_have_value("还没说完")
    page.locator("#ask textarea").press("Enter")
    expect(page.get_by_test_id("bubble-them")).to_contain_text("还没说完")


def test_an_agent_that_is_gone_leads_to_the_others(page, agents):
    for path in ("/build", "/play", "/publish"):
        page.goto(f"{path}?agent=nobody")
        expect(page.get_by_role("alert").or_(page.locator(".hy-callout.bad"))).to_contain_text(
            "没有「nobody」"
        )
        expect(page.locator(".hy-callout.bad a")).to_have_text("智能体")
        expect(page.get_by_test_id("load-again")).to_have_count(0)


@pytest.fixture
def base(home):
    Bases(home).create("cut-off")
    yield "cut-off"
    delete(Bases(home), "cut-off")


def test_files_that_are_given_meanwhile_arrive_afterwards_and_what_is_there_stays(page, base, tmp_path):
    first, second = tmp_path / "保修.md", tmp_path / "运费.md"
    first.write_text("保修一年。", encoding="utf-8")
    second.write_text("满百元包邮。", encoding="utf-8")
    page.goto(f"/bases?base={base}")
    page.get_by_test_id("source-files").set_input_files([first])
    expect(page.get_by_test_id("source-保修.md")).to_be_visible()
    back = offline(page)
    page.get_by_test_id("source-files").set_input_files([second])
    expect(page.get_by_text("连不上服务").first).to_be_visible()
    expect(page.get_by_test_id("source-保修.md")).to_be_visible()
    expect(page.get_by_test_id("source-运费.md")).to_have_count(0)
    back()
    expect(page.get_by_test_id("source-运费.md")).to_be_visible()


def test_a_block_that_is_dragged_while_the_network_is_gone_is_where_it_was_dropped(page, agents):
    data, more = saved(agents), {"type": "reply", "id": "more", "title": "再说一句", "text": "嗯"}
    (agents / "shop.json").write_text(json.dumps({**data, "flow": [*data["flow"], more]}), encoding="utf-8")
    ready(page)
    page.get_by_test_id("block-more").locator(".fe-head").hover()
    page.mouse.down()
    back = offline(page)
    box = page.get_by_test_id("block-say").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 4, steps=6)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 14, steps=3)
    page.mouse.up()
    expect(page.locator(".fe-card").first).to_have_attribute("data-id", "more")
    expect(page.get_by_test_id("saved")).to_contain_text("未保存")
    back()
    until(lambda: [block["id"] for block in saved(agents)["flow"]], ["more", "say"])
    page.reload()
    expect(page.locator(".fe-card").first).to_have_attribute("data-id", "more")


FAIL = 3
"""Lines with a file that do not arrive."""


def test_what_is_typed_while_a_line_with_a_file_fails_stays(page, agents):
    page.goto("/play?agent=shop")
    box, thumbnail = page.locator("#ask textarea"), page.locator("#ask .thumbnail-item")
    expect(box).to_be_visible()
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"}
    page.locator("#ask input[type=file]").first.set_input_files(file)
    expect(thumbnail).to_have_count(1)
    page.route("**/gradio_api/queue/join**", lambda route: route.fulfill(status=503, body="{}"))
    keys = page.context.new_cdp_session(page)
    box.focus()
    for at in range(FAIL):
        keys.send("Input.insertText", {"text": f"line {at}"})
        page.keyboard.press("Enter")
        for letter in "abcdefghijklmnopqrstuvwxyz":
            keys.send("Input.insertText", {"text": letter})
        expect(box).to_have_value(f"line {at}\n" + "abcdefghijklmnopqrstuvwxyz")
        expect(thumbnail).to_have_count(1)
        expect(page.locator("#ask .submit-button")).to_be_visible()
        box.fill("")
    page.unroute("**/gradio_api/queue/join**")
    keys.send("Input.insertText", {"text": "now"})
    page.keyboard.press("Enter")
    expect(page.locator("#chat .user-row").last).to_contain_text("now")
    expect(page.locator("#chat .file-name").first).to_contain_text("a")
