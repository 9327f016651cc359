"""Talking to the agent, and what WeChat would show."""

import io
import json
import wave

from PIL import Image
from playwright.sync_api import expect

PLAY = "/play?agent=shop"


def ask(page, text):
    page.locator("#ask textarea").fill(text)
    page.keyboard.press("Enter")


def change(agents, **more):
    data = json.loads((agents / "shop.json").read_text("utf-8"))
    (agents / "shop.json").write_text(json.dumps({**data, **more}), encoding="utf-8")


def test_the_answer_is_shown_in_the_chat_and_as_wechat_shows_it(page, clean, agents):
    page.goto(PLAY)
    ask(page, "几点开门")
    expect(page.locator("#chat strong")).to_have_text("一叶茶铺")
    expect(page.get_by_test_id("bubble-them")).to_have_text("一叶茶铺：几点开门")
    expect(page.get_by_test_id("part-size")).to_have_text("27 / 2048 字节")
    expect(page.locator("#ask textarea")).to_have_value("")


def test_a_long_answer_comes_in_parts(page, clean, agents):
    change(agents, flow=[{"type": "reply", "id": "say", "text": "很长的一段话。" * 120}])
    page.goto(PLAY)
    ask(page, "说")
    expect(page.get_by_test_id("bubble-them")).to_have_count(2)


def test_the_trace_shows_each_block(page, agents):
    page.goto(PLAY)
    ask(page, "你好")
    page.get_by_test_id("tab-trace").click()
    expect(page.get_by_test_id("trace-say")).to_contain_text("回答")


def test_the_line_below_tells_model_tokens_time_and_cost(page, agents):
    change(agents, flow=[{"type": "model", "id": "answer", "model": "demo/hongyan"}])
    page.goto(PLAY)
    ask(page, "你好")
    expect(page.get_by_test_id("usage-model")).to_contain_text("demo/hongyan")
    expect(page.get_by_test_id("usage-first")).to_contain_text("ms")
    expect(page.get_by_test_id("usage-cost")).to_contain_text("¥0")


def test_variables_are_tried_without_changing_the_agent(page, agents):
    page.goto(PLAY)
    page.get_by_test_id("tab-variables").click()
    page.get_by_test_id("var-shop").fill("新店")
    ask(page, "你好")
    expect(page.locator("#chat strong")).to_have_text("新店")
    assert "新店" not in (agents / "shop.json").read_text("utf-8")


def test_a_suggestion_is_asked_with_one_click(page, agents):
    page.goto(PLAY)
    page.get_by_role("button", name="几点开门？").click()
    expect(page.locator("#chat strong")).to_have_text("一叶茶铺")


def test_a_retry_asks_the_agent_as_it_is_now(page, agents):
    page.goto(PLAY)
    ask(page, "你好")
    expect(page.locator("#chat strong")).to_have_text("一叶茶铺")
    change(agents, flow=[{"type": "reply", "id": "say", "text": "**改过了**"}])
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#chat strong")).to_have_text("改过了")
    expect(page.locator("#chat .user-row")).to_have_count(1)
    expect(page.get_by_test_id("fork")).to_contain_text("第 2 / 2 条路")
    page.get_by_test_id("fork-before").click()
    expect(page.locator("#chat strong")).to_have_text("一叶茶铺")


def test_a_chat_goes_several_ways_is_rated_and_is_in_the_list(page, agents):
    page.goto(PLAY)
    for number, line in enumerate("一二", 1):
        ask(page, line)
        expect(page.get_by_test_id("bubble-them")).to_have_count(number)
        expect(page.get_by_test_id("chat-name")).to_have_text("一")
        expect(page.locator("#ask .stop-button")).to_have_count(0)
    page.locator("#chat").get_by_role("button", name="编辑").first.press("Enter")
    box = page.locator("#chat .edit-textarea")
    expect(box).to_have_value("一")
    box.fill("<b>改")
    page.locator("#chat").get_by_role("button", name="发送").press("Enter")
    expect(page.get_by_test_id("fork")).to_contain_text("第 2 / 2 条路")
    expect(page.locator("#chat .user-row")).to_have_text("<b>改")
    page.get_by_test_id("fork-before").click()
    expect(page.locator("#chat .user-row")).to_have_text(["一", "二"])
    page.locator("#chat").get_by_role("button", name="踩").last.press("Enter")
    page.get_by_test_id("toast-action").click()
    page.get_by_test_id("note").fill("太短")
    page.get_by_test_id("note-save").click()
    page.locator("#chat").get_by_role("button", name="撤销").press("Enter")
    expect(page.locator("#chat .user-row")).to_have_text(["一"])
    expect(page.locator("#ask textarea")).to_have_value("二")
    page.locator("#ask textarea").fill("")
    page.keyboard.press("Alt+n")
    expect(page.locator("#chat .user-row")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#ask textarea")).to_have_value("二")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chat-name")).to_have_text("二")
    page.keyboard.press("Alt+l")
    page.get_by_test_id("chats-search").fill("<b>改")
    expect(page.get_by_test_id("chat-row")).to_have_count(1)
    with page.expect_download() as saved:
        page.get_by_test_id("feedback-export").click()
    rated = json.loads(saved.value.path().read_text("utf-8"))
    said = [(one["good"], one["question"]) for one in rated if one["note"] == "太短"]
    assert said == [(False, "二")]
    page.get_by_test_id("chat-delete").click()
    expect(page.get_by_test_id("chat-row")).to_have_count(0)
    page.get_by_test_id("toast-action").click()  # over the dialog
    page.locator(".hy-chat-open").click()
    expect(page.locator("#chat .user-row").first).to_have_text("<b>改")


def test_an_earlier_version_is_tried_and_left_again(page, agents):
    page.goto("/build?agent=shop")
    page.get_by_test_id("agent-name").fill("新茶铺")
    expect(page.get_by_test_id("saved")).to_contain_text("已自动保存")
    change(agents, flow=[{"type": "reply", "id": "say", "text": "现在的话"}])
    page.get_by_test_id("history").click()
    page.get_by_test_id("version-kept").last.get_by_test_id("version-try").click()
    page.wait_for_url("**/play?agent=shop&version=*")
    ask(page, "你好")
    expect(page.locator("#chat")).to_contain_text("你好")
    expect(page.locator("#chat")).not_to_contain_text("现在的话")
    page.get_by_test_id("leave-version").click()
    expect(page.get_by_test_id("leave-version")).to_have_count(0)
    ask(page, "你好")
    expect(page.locator("#chat")).to_contain_text("现在的话")


def test_two_answer_side_by_side_and_the_better_one_goes_on(page, agents):
    page.goto(PLAY)
    page.get_by_test_id("compare").click()
    page.get_by_test_id("column-model-1").select_option("demo/hongyan")
    ask(page, "几点")
    for chat in ("#chat", "#chat-1"):
        expect(page.locator(f"{chat} strong")).to_have_text("一叶茶铺")
    expect(page.locator("#chat-2")).to_be_hidden()
    page.get_by_test_id("column-trace-1").locator("summary").first.click()
    expect(page.get_by_test_id("column-trace-1").get_by_test_id("trace-say")).to_be_visible()
    page.get_by_test_id("choose-1").click()
    expect(page.get_by_test_id("choose-1")).to_have_text("已选这个")
    page.get_by_test_id("column-remove-0").click()
    expect(page.locator("#chat-1")).to_be_hidden()
    expect(page.get_by_test_id("fork")).to_contain_text("/ 2 条路")  # whichever answered first is the first


def test_columns_are_kept_over_a_reload_and_one_is_asked_again_alone(page, agents):
    page.goto(PLAY)
    expect(page.locator("#ask textarea")).to_be_visible()  # from then on it listens
    page.keyboard.press("Alt+c")
    page.get_by_test_id("column-model-1").select_option("demo/hongyan")
    ask(page, "几点")
    expect(page.locator("#chat-1 strong")).to_have_text("一叶茶铺")
    expect(page.locator("#ask .stop-button")).to_have_count(0)
    page.locator("#chat-1").get_by_role("button", name="重试").press("Enter")
    expect(page.get_by_test_id("column-1").get_by_test_id("fork")).to_contain_text("第 2 / 2 条路")
    expect(page.get_by_test_id("column-0").get_by_test_id("fork")).to_have_count(0)
    page.get_by_test_id("column-trace-1").locator("summary").first.click()
    page.reload()
    expect(page.get_by_test_id("column-1").get_by_test_id("fork")).to_contain_text("第 2 / 2 条路")
    expect(page.get_by_test_id("column-model-1")).to_have_value("demo/hongyan")
    expect(page.locator("#chat-1 .user-row")).to_have_text("几点")
    page.keyboard.press("Alt+e")
    expect(page.locator("#ask textarea")).to_have_value("几点")
    ask(page, "几点关门")
    for chat in ("#chat", "#chat-1"):
        expect(page.locator(f"{chat} .user-row")).to_have_text("几点关门")


def test_lines_sent_at_once_are_answered_one_by_one_and_a_line_sent_twice_is_one(page, agents):
    page.goto(PLAY)
    expect(page.locator("#ask textarea")).to_be_visible()  # from then on it listens
    box = page.locator("#ask textarea")
    box.fill("按住")
    for _ in range(4):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator("#ask .submit-button")).to_be_visible()
    box.fill("双击")
    page.locator("#ask .submit-button").dblclick()
    for line in "一二三四五":
        expect(box).to_have_value("")  # at once, while those before are answered
        ask(page, line)
    lines = ["按住", "双击", *"一二三四五"]
    expect(page.locator("#chat .user-row")).to_have_text(lines)
    expect(page.get_by_test_id("bubble-them")).to_have_text([f"一叶茶铺：{line}" for line in lines])
    expect(box).to_have_value("")


LISTEN = """() => {
  window.lines = [];
  document.addEventListener('hy-sends', ({ detail }) => {
    window.lines.push(detail[0].text);
    detail[0].text = '';  // so many turns are not what is looked at
  });
}"""
"""What goes to the server, told by whoever comes behind the page's own part."""
LINES = 60
"""Each is four calls to the browser."""


def test_what_is_sent_is_what_stood_in_the_box_at_enter_and_what_comes_after_stays(window, agents):
    page = window(own=True)
    page.goto(PLAY)
    expect(page.locator("#ask textarea")).to_be_visible()  # from then on it listens
    page.locator("#ask textarea").focus()
    page.evaluate(LISTEN)
    keys = page.context.new_cdp_session(page)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    for at in range(LINES):
        keys.send("Input.insertText", {"text": f"{at} "})
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r", **enter})
        keys.send("Input.insertText", {"text": f"after {at} "})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    lines = ["0 ", *(f"after {at - 1} {at} " for at in range(1, LINES))]
    page.wait_for_function(f"window.lines.length >= {LINES}")
    assert page.evaluate("window.lines") == lines
    expect(page.locator("#ask textarea")).to_have_value(f"after {LINES - 1} ")


def test_every_deed_has_a_key_that_the_sheet_names(page, agents):
    page.goto(PLAY)
    ask(page, "几点")
    expect(page.get_by_test_id("usage-total")).to_be_visible()
    expect(page.locator("#ask .stop-button")).to_have_count(0)
    page.keyboard.press("Alt+r")
    expect(page.get_by_test_id("fork")).to_contain_text("第 2 / 2 条路")
    page.keyboard.press("Alt+[")
    expect(page.get_by_test_id("fork")).to_contain_text("第 1 / 2 条路")
    page.keyboard.press("Alt+b")
    expect(page.get_by_test_id("toast")).to_contain_text("觉得不好")
    page.keyboard.press("Alt+t")
    expect(page.get_by_test_id("tab-rehearse")).to_be_focused()
    page.keyboard.press("Alt+z")
    expect(page.locator("#ask textarea")).to_have_value("几点")
    page.keyboard.press("Alt+s")
    expect(page.get_by_test_id("share-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("tab-phone").focus()
    page.keyboard.press("?")
    keys = page.locator("#help-dialog kbd, [data-testid=help-dialog] kbd").all_inner_texts()
    assert {"Enter", "Esc", *(f"Alt + {key}" for key in "NLREZ[]GBCSKUMT")} <= set(keys)


def test_a_failure_says_why_and_what_to_do(page, agents):
    change(agents, flow=[{"type": "reply", "id": "say", "text": "{{ nobody }}"}])
    page.goto(PLAY)
    ask(page, "你好")
    expect(page.locator("#chat")).to_contain_text("没有回答")
    expect(page.locator("#chat")).to_contain_text("nobody")


def test_clearing_begins_anew(page, agents):
    page.goto(PLAY)
    ask(page, "你好")
    expect(page.get_by_test_id("bubble-them")).to_be_visible()
    page.locator("#chat").get_by_role("button", name="清空").or_(
        page.locator("#chat button[aria-label='Clear']")
    ).first.click()
    expect(page.get_by_test_id("bubble-them")).to_have_count(0)
    expect(page.locator("#chat .user-row")).to_have_count(0)


def test_a_draft_is_not_tried_silently(page, agents, home):
    page.goto("/build?agent=shop")
    page.get_by_test_id("agent-name").fill("")
    expect(page.get_by_test_id("saved")).to_contain_text("草稿已保存")
    page.goto(PLAY)
    expect(page.locator("#play")).to_contain_text("上一次保存成功")


def test_the_chat_and_the_phone_are_there_again_after_a_reload(page, agents):
    page.goto(PLAY)
    ask(page, "几点开门")
    expect(page.get_by_test_id("usage-total")).to_be_visible()
    expect(page.get_by_test_id("bubble-them")).to_be_visible()
    page.wait_for_function("localStorage.getItem('hongyan:open:shop')")
    page.reload()
    expect(page.locator("#chat strong")).to_have_text("一叶茶铺")
    expect(page.get_by_test_id("bubble-them")).to_have_text("一叶茶铺：几点开门")
    ask(page, "还在吗")
    expect(page.get_by_test_id("bubble-them")).to_have_count(2)


def test_a_failed_turn_shows_on_the_phone_what_the_person_gets(page, agents):
    change(agents, flow=[{"type": "reply", "id": "say", "text": "{{ nobody }}"}])
    page.goto(PLAY)
    ask(page, "你好")
    expect(page.get_by_test_id("bubble-them")).to_contain_text("暂时回答不了")
    expect(page.get_by_test_id("phone")).to_contain_text("没有回答")


def test_what_the_model_was_sent_is_in_the_trace(page, agents):
    change(
        agents,
        flow=[{"type": "model", "id": "answer", "model": "demo/hongyan", "prompt": {"text": "你是店员小雁"}}],
    )
    page.goto(PLAY)
    expect(page.locator("#ask textarea")).to_be_visible()  # from then on it listens
    expect(page.locator("#ask textarea")).to_be_focused()
    ask(page, "你好")
    expect(page.get_by_test_id("usage-model")).to_be_visible()
    page.get_by_test_id("tab-trace").click()
    page.get_by_test_id("trace-sent").locator("summary").click()
    expect(page.get_by_test_id("trace-sent")).to_contain_text("你是店员小雁")


TRAP = (
    """<div style="position:fixed;inset:0;z-index:99999"><button form="f" style="width:100%">x</button></div>
<form id="f" action="/click/models" method="post" enctype="text/plain"><input name="{" value="}"></form>
<style>body { display: none }</style>

# <span style="font-size:999px">大</span>

![看](http://evil.example/p.png?d=1) [点我](/logout) [银行](https://evil.example/) $$\\rule{999em}{999em}$$
"""
    + "\u202e"
    + "长" * 3000
)


def test_the_page_is_usable_whatever_an_answer_says(page, agents):
    text = "{% raw %}" + TRAP + "{% endraw %}"
    change(agents, suggestions=[TRAP[:100]], flow=[{"type": "reply", "id": "say", "text": text}])
    page.goto(PLAY)
    ask(page, "**说** <form>")
    chat = page.locator("#chat")
    expect(chat).to_contain_text('<div style="position:fixed')
    expect(chat.locator(".user-row")).to_contain_text("**说** <form>")
    assert chat.locator(".hy-said :is(form, button, img, style, .katex)").count() == 0
    links = chat.locator(".hy-said a").evaluate_all("nodes => nodes.map(node => node.href)")
    assert set(links) == {"http://evil.example/p.png?d=1", "https://evil.example/"}
    for box in chat.locator(".hy-said").all():
        assert box.bounding_box()["width"] <= chat.bounding_box()["width"]
    ask(page, "再说")
    expect(chat.locator(".user-row")).to_have_count(2)


def test_a_copy_is_what_was_written(window, agents):
    page = window(permissions=["clipboard-read", "clipboard-write"])
    change(agents, flow=[{"type": "reply", "id": "say", "text": "**茶**\n\n- 一 <b>"}])
    page.goto(PLAY)
    ask(page, "你好")
    expect(page.locator("#chat strong")).to_have_text("茶")
    page.locator("#chat button[title='复制这条消息']").last.click()
    page.wait_for_timeout(200)
    assert page.evaluate("navigator.clipboard.readText()").strip().endswith("**茶**\n\n- 一 <b>")
    # a message's words are its name, not the HTML that Gradio was given
    expect(page.locator("#chat [aria-label*='hy-said'], #chat [aria-label*=\"'s message\"]")).to_have_count(0)


NAMES = "{% for f in message.files %}{{ f.kind }} {{ f.name }}：{{ f.text or f.reason }}\n{% endfor %}"
DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  const to = document.querySelector('#ask textarea');
  to.dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


PASTE = """(bytes) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], '图.png', {type: 'image/png'}));
  const to = document.querySelector('#ask textarea');
  to.dispatchEvent(new ClipboardEvent('paste', {clipboardData: files, bubbles: true, cancelable: true}));
}"""


def wav():
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    return made.getvalue()


def png():
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    return made.getvalue()


def test_files_are_chosen_dropped_and_taken_away_and_the_agent_reads_them(page, agents):
    change(agents, flow=[{"type": "reply", "id": "say", "text": NAMES + "{{ message.text }}"}])
    page.goto(PLAY)
    expect(page.locator("#ask textarea")).to_be_visible()
    there = page.locator("#ask .thumbnail-item")
    page.locator("#ask input[type=file]").set_input_files(
        [
            {"name": "条款.md", "mimeType": "text/plain", "buffer": "保修三年。".encode()},
        ]
    )
    expect(there).to_have_count(1)
    page.evaluate(DROP, ["坏的.pdf", "%PDF-1.7 nothing"])
    expect(there).to_have_count(2)
    page.evaluate(DROP, ["多余.md", "x"])
    expect(there).to_have_count(3)
    page.get_by_role("button", name="去掉文件").last.click()
    expect(there).to_have_count(2)
    ask(page, "看看")
    expect(page.locator("#chat .user-row .file-name").first).to_have_text("条款.md")
    expect(page.locator("#chat .user-row .file-type").first).to_have_text("MD · 15 B")
    expect(page.locator("#chat .bot-row").last).to_contain_text("file 条款.md：保修三年。")
    expect(page.locator("#chat .bot-row").last).to_contain_text("损坏")
    expect(there).to_have_count(0)
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#chat .user-row")).to_have_count(1)
    expect(page.locator("#chat .bot-row").last).to_contain_text("保修三年。")
    # a picture and a voice, which the agent has no model for: they arrive, and it says so
    page.evaluate(PASTE, list(png()))
    expect(there.locator("img")).to_be_visible()
    voice = {"name": "话.wav", "mimeType": "audio/wav", "buffer": wav()}
    page.locator("#ask input[type=file]").set_input_files([voice])
    expect(there).to_have_count(2)
    ask(page, "听听")
    sent = page.locator("#chat .user-row").last
    expect(sent.get_by_role("img", name="图.png")).to_be_visible()
    expect(sent.get_by_role("button", name="播放")).to_be_visible()
    expect(page.locator("#chat .bot-row").last).to_contain_text("还看不懂")
    page.keyboard.press("Alt+e")
    expect(page.locator("#ask textarea")).to_have_value("听听")
    expect(there).to_have_count(2)
    page.keyboard.press("Escape")
    page.reload()
    expect(sent.get_by_role("img", name="图.png")).to_be_visible()
    expect(sent.get_by_role("button", name="播放")).to_be_visible()


LEAVE = [
    {"type": "approve", "id": "boss", "question": "{{ event.body.who }} 请假"},
    {"type": "reply", "id": "told", "text": "准了{{ boss.note }}"},
]


def test_what_begins_and_what_is_waited_for_is_played_beside_the_chat(page, agents):
    change(agents, starts=[{"on": "webhook", "id": "leave", "title": "请假单", "flow": LEAVE}])
    page.goto(PLAY)
    page.get_by_test_id("tab-starts").click()
    page.get_by_test_id("start-leave-body").fill('{"who": "小李"')
    expect(page.get_by_test_id("playable-leave")).to_contain_text("不是 JSON")
    page.get_by_test_id("start-leave-body").fill('{"who": "小李"}')
    page.get_by_test_id("start-leave-body-go").click()
    page.get_by_test_id("tab-phone").click()
    expect(page.get_by_test_id("phone-note")).to_contain_text("请假单")
    expect(page.get_by_test_id("waits")).to_contain_text("小李 请假")
    page.get_by_test_id("play-approve").click()
    expect(page.get_by_test_id("bubble-them").last).to_have_text("准了")
    expect(page.get_by_test_id("waits")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("phone-note").last).to_have_text("同意")
    page.get_by_test_id("tab-starts").click()
    expect(page.get_by_test_id("start-leave-body")).to_have_value('{"who": "小李"}')
