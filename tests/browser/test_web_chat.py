"""The conversation on a page of its own, and within a site that allows little: seen by a visitor."""

import base64

import pytest
from chat_world import chat_world
from playwright.sync_api import expect

from tests.browser import measuring

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "en-US"}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGMwaAiAIAY4CwA7VAYBtB6LRQAAAABJRU5ErkJggg=="
)
HOSTILE = (
    '<img src=x onerror="document.title=1">\n\n[a](javascript:document.title=1) <script>x</script>'
    "\n\n![x](https://evil.example/x.png)\n\n" + "long " * 4000
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with chat_world(tmp_path_factory.mktemp("chat")) as world:
        yield world


@pytest.fixture
def visit(browser, world):
    """Open the page of somebody new; whatever a browser complains of fails the test."""
    contexts, complaints = [], []
    world.release()
    world.tell("好的")

    def opened(path, site=None, context=None, **more):
        if context is None:
            context = browser.new_context(**{"locale": "zh-CN", "reduced_motion": "reduce", **more})
            context.set_default_timeout(15_000)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.goto((site or world.us) + path)
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def write(page, text):
    page.get_by_role("textbox", name="写点什么").fill(text)
    page.keyboard.press("Enter")


def answers(page):
    return page.locator(".theirs .prose")


def test_a_visitor_asks_sees_the_answer_grow_and_finds_it_again(visit, world):
    page = visit("/chat/page")
    expect(page.get_by_role("heading", name="问茶").first).to_be_visible()
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    world.hold()
    page.get_by_role("button", name="怎么泡？").click()
    expect(page.get_by_role("img", name="正在回答")).to_be_visible()
    page.reload()
    expect(page.locator(".said")).to_have_text("怎么泡？")
    world.tell("先**温杯**，再注水。")
    world.release()
    expect(answers(page).last).to_have_text("先温杯，再注水。")
    expect(page.locator("[role=status].sr")).to_contain_text("先**温杯**")
    assert world.asked().count("怎么泡？") == 1
    page.reload()
    expect(answers(page).last.locator("strong")).to_have_text("温杯")
    expect(page.locator(".said")).to_have_count(1)


def test_on_a_site_with_a_strict_policy_it_goes_on_over_pages_and_tabs(visit, world):
    page = visit("/", world.shop)
    page.get_by_role("button", name="打开与「问茶」的对话").click()
    write(page, "有白茶吗？")
    expect(answers(page).last).to_have_text("好的")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".said")).to_have_text("有白茶吗？")
    other = visit("/", world.shop, page.context)
    write(other, "多少钱？")
    expect(answers(other).last).to_have_text("好的")
    for tab in (page, other):
        expect(tab.locator(".said")).to_have_text(["有白茶吗？", "多少钱？"])
    assert world.asked().count("多少钱？") == 1
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").find("PingFang") < 0


def test_where_no_socket_gets_through_it_goes_on_by_requests(visit, world):
    page = visit("/chat/page")
    page.route_web_socket("**/agent/ws", lambda socket: socket.close(code=1008))
    page.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 })) } }"
    )
    page.reload()
    write(page, "没有线")
    expect(answers(page).last).to_have_text("好的")


def test_nothing_that_is_answered_acts(visit, world):
    world.tell(HOSTILE)
    page = visit("/chat/page")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    write(page, "坏的")
    expect(answers(page).last).to_contain_text("<img src=x onerror")
    expect(answers(page).last.get_by_role("link")).to_have_text("x")
    assert page.locator(".prose :is(img, script, [href^=javascript])").count() == 0
    assert page.title() == "问茶"
    assert not [url for url in asked if not url.startswith(world.us)]


def test_a_site_that_is_not_named_and_a_frame_get_nothing(visit, world):
    page = visit("/?chat=closed", world.shop)
    page.get_by_role("button", name="打开与「茶铺」的对话").click()
    expect(page.get_by_role("alert")).to_be_visible()
    framed = visit("/frame", world.shop)
    expect(framed.frame_locator("iframe").get_by_text("问茶")).to_have_count(0)
    assert any("frame-ancestors" in said for said in visit.complaints)
    visit.complaints.clear()


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark", **PHONE}], ids=["desktop", "phone"])
def test_nobody_is_kept_out_of_the_conversation(visit, world, look):
    world.tell(
        "# 茶\n\n- 绿茶 [价目](https://example.com/p)\n\n| 茶 | 价 |\n|-|-|\n| 白 | 9 |\n\n```\ncode\n```"
    )
    page = visit("/", world.shop, **look)
    opener = page.locator(".launcher")
    opener.focus()
    page.keyboard.press("Enter")
    field = page.locator(".field")
    field.fill("价目")
    page.keyboard.press("Enter")
    expect(page.locator(".actions")).to_be_visible()
    told = measuring.accessible(page)
    page.locator(".head .tap").first.click()
    expect(page.locator(".sheet")).to_be_visible()
    told += measuring.accessible(page)
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.shadowRoot.activeElement.closest('.sheet') !== null")
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_have_count(0)
    assert measuring.wider(page) <= 0
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(opener).to_be_focused()
    assert told == []


def test_on_a_phone_the_way_back_closes_it(visit, world):
    page = visit("/", world.shop, **PHONE)
    page.locator(".launcher").tap()
    expect(page.locator(".field")).to_be_visible()
    page.go_back()
    expect(page.locator(".panel")).to_be_hidden()
    assert page.url == f"{world.shop}/"


def test_a_visitor_sends_a_picture_judges_an_answer_and_stops_one(visit, world):
    page = visit("/chat/page")
    picture = {"name": "leaf.png", "mimeType": "image/png", "buffer": PNG}
    page.locator("input[type=file]").set_input_files([picture, {**picture, "name": "x.bin", "buffer": b""}])
    expect(page.locator(".held .wrong")).to_contain_text("空")
    assert len(visit.complaints) == 1  # the browser's own, of the refusal
    visit.complaints.clear()
    page.get_by_role("button", name="去掉「x.bin」").click()
    write(page, "这是什么？")
    expect(page.locator(".mine canvas")).to_have_attribute("width", "3")
    expect(page.locator(".actions")).to_be_visible()
    page.get_by_role("button", name="回答得不好").click()
    page.get_by_label("哪里不好").fill("太短")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("谢谢")).to_be_visible()
    world.hold()
    write(page, "慢慢说")
    page.get_by_role("button", name="停止回答").click()
    expect(page.get_by_text("已停止")).to_be_visible()
    world.release()
    page.reload()
    expect(page.locator(".mine canvas")).to_have_attribute("width", "3")
    expect(page.get_by_text("已停止")).to_be_visible()
    expect(page.get_by_role("button", name="回答得不好").first).to_have_attribute("aria-pressed", "true")


FOLLOWS = """async () => {
  const post = (path, body, more = {}) => fetch(path, {
    method: "POST", headers: { "content-type": "application/json", ...more }, body: JSON.stringify(body),
  }).then((answer) => answer.json());
  const { token } = await post("/agent/session", { publication: "page" });
  const said = { input: "在吗", background: true };
  const { events } = await post("/agent/chat", said, { authorization: `Bearer ${token}` });
  const told = { kinds: [], places: [], reply: "" };
  const follow = (more) => new Promise((over) => {
    const source = new EventSource(`${events}?access_token=${token}${more}`);
    const take = ({ type, data, lastEventId }) => {
      told.kinds.push(type);
      told.places.push(lastEventId);
      told.reply = JSON.parse(data).reply ?? told.reply;
    };
    ["accepted", "written", "rewritten", "answered"].forEach((kind) => source.addEventListener(kind, take));
    source.addEventListener("error", () => source.readyState === EventSource.CLOSED && over());
  });
  await follow("");
  const once = [...told.kinds];
  await follow("&last_event_id=over");
  return { ...told, once };
}"""


def test_an_event_source_of_a_browser_follows_an_answer_and_ends_by_itself(visit, world):
    world.tell("红茶和绿茶")
    told = visit("/chat/page").evaluate(FOLLOWS)
    assert (told["reply"], told["kinds"][-1], told["places"][-1]) == ("红茶和绿茶", "answered", "over")
    assert told["kinds"] == told["once"], "what is over is told to nobody again"
