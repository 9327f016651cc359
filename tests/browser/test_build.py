"""Composing: saving by itself, settings, JSON, problems, two windows."""

import json

from awaiting import until
from playwright.sync_api import expect

from tests.browser.conftest import SHOP

BUILD = "/build?agent=shop"


def saved(agents):
    return json.loads((agents / "shop.json").read_text("utf-8"))


def ready(page, path=BUILD):
    page.goto(path)
    expect(page.get_by_test_id("block-say")).to_be_visible()


def expect_saved(page):
    expect(page.get_by_test_id("saved")).to_contain_text("已自动保存")


def test_a_change_in_the_flow_is_saved_by_itself(page, agents):
    ready(page)
    page.get_by_test_id("block-say").click()
    page.get_by_test_id("title").fill("打招呼")
    expect_saved(page)
    assert saved(agents)["flow"][0]["title"] == "打招呼"


def test_the_name_and_the_settings_are_saved_by_themselves(page, agents):
    ready(page)
    page.get_by_test_id("agent-name").fill("新茶铺")
    page.get_by_test_id("view-settings").click()
    page.get_by_label("简介").fill("卖茶")
    expect_saved(page)
    assert (saved(agents)["name"], saved(agents)["description"]) == ("新茶铺", "卖茶")


def test_a_new_variable_can_be_used_in_the_flow(page, agents):
    ready(page)
    page.get_by_test_id("view-settings").click()
    page.get_by_test_id("add-variable").click()
    page.get_by_test_id("variable-name-1").fill("hours")
    expect_saved(page)
    assert saved(agents)["variables"][1]["name"] == "hours"


def test_what_cannot_be_saved_is_told_kept_and_not_lost(page, agents):
    ready(page)
    page.get_by_test_id("agent-name").fill("")
    expect(page.get_by_test_id("saved")).to_contain_text("草稿已保存 · 名称：")
    assert saved(agents)["name"] == "茶铺"
    ready(page)
    expect(page.get_by_test_id("agent-name")).to_have_value("")
    page.get_by_test_id("agent-name").fill("好茶铺")
    expect_saved(page)
    assert saved(agents)["name"] == "好茶铺"


def test_json_is_edited_with_the_line_of_each_mistake(page, agents):
    ready(page)
    page.get_by_test_id("view-json").click()
    area = page.get_by_test_id("json")
    text = area.input_value()
    area.fill(text.replace('"type": "reply"', '"type": "replay"'))
    expect(page.get_by_test_id("json-problems")).to_contain_text("replay")
    expect(page.get_by_test_id("json-problems")).to_contain_text("行")
    area.fill(text.replace("茶铺", "茶馆"))
    expect_saved(page)
    page.get_by_test_id("view-flow").click()
    expect(page.get_by_test_id("agent-name")).to_have_value("茶馆")


def test_broken_json_is_not_left_by_accident(page, agents):
    ready(page)
    page.get_by_test_id("view-json").click()
    page.get_by_test_id("json").fill("{")
    expect(page.get_by_test_id("saved")).to_contain_text("未保存")
    page.get_by_test_id("view-flow").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("block-say")).to_be_visible()
    assert saved(agents)["name"] == "茶铺"


def test_a_problem_leads_to_its_block(page, agents):
    data = saved(agents)
    data["flow"].insert(0, {"type": "model", "id": "answer", "input": "{{ nobody }}"})
    (agents / "shop.json").write_text(json.dumps(data), encoding="utf-8")
    ready(page)
    page.get_by_test_id("problems").click()
    page.get_by_test_id("problems-dialog").get_by_test_id("problem").filter(has_text="nobody").click()
    expect(page.get_by_test_id("inspector").get_by_test_id("title")).to_be_visible()


def test_the_bars_and_the_flow_fill_the_window(page, agents):
    ready(page)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0


def test_where_a_problem_is_is_said_in_the_words_of_the_page(page, agents):
    ready(page)
    page.get_by_test_id("palette-branch").click()
    expect(page.get_by_test_id("saved")).to_contain_text("草稿已保存 · 分支：")
    ready(page)
    expect(page.get_by_test_id("saved")).to_contain_text("草稿已保存 · 分支：")
    page.get_by_test_id("problems").click()
    expect(page.get_by_test_id("problem").locator(".faint")).to_have_text("分支")


def test_an_error_stops_publishing_and_says_which(page, agents):
    data = saved(agents)
    (agents / "shop.json").write_text(json.dumps({**data, "flow": []}), encoding="utf-8")
    page.goto(BUILD)
    page.get_by_test_id("go-publish").click()
    expect(page.get_by_test_id("problems-dialog")).to_contain_text("流程是空的")


def test_a_second_window_does_not_overwrite_the_first(window, agents):
    first, second = window(), window()
    ready(first)
    ready(second)
    first.get_by_test_id("agent-name").fill("甲")
    expect_saved(first)
    expect(second.get_by_test_id("agent-name")).to_have_value("甲")
    second.get_by_test_id("agent-name").fill("乙")
    expect_saved(second)
    assert saved(agents)["name"] == "乙"


def test_work_on_an_agent_that_was_deleted_meanwhile_is_kept_as_a_copy(page, agents):
    ready(page)
    (agents / "shop.json").unlink()
    page.get_by_test_id("agent-name").fill("甲")
    page.get_by_test_id("conflict-copy").click()
    expect(page.get_by_test_id("agent-name")).to_have_value("甲 我的改动")


def test_trying_takes_the_last_change_along(page, agents):
    ready(page)
    page.get_by_test_id("agent-name").fill("最新的茶铺")
    page.get_by_test_id("try").click()
    page.wait_for_url("**/play?agent=shop")
    assert saved(agents)["name"] == "最新的茶铺"


def test_undo_is_there_again_after_a_reload(window, agents):
    page = window(own=True)
    ready(page)
    page.get_by_test_id("palette-set").click()
    expect(page.locator(".fe-card")).to_have_count(2)
    expect(page.get_by_test_id("saved")).to_contain_text("保存")
    page.wait_for_function("sessionStorage.getItem('hongyan:undo:shop')")
    page.on("dialog", lambda dialog: dialog.accept())
    expect(page.get_by_test_id("saved")).not_to_contain_text("正在")
    ready(page)
    page.get_by_test_id("bar-undo").click()
    expect(page.locator(".fe-card")).to_have_count(1)


def test_an_earlier_version_is_seen_noted_and_brought_back(page, agents):
    ready(page)
    page.get_by_test_id("agent-name").fill("新茶铺")
    expect_saved(page)
    page.get_by_test_id("history").click()
    dialog = page.get_by_test_id("history-dialog")
    first = dialog.get_by_test_id("version-kept").last
    expect(first).to_contain_text("1 块积木：回答")
    first.get_by_test_id("note-write").click()
    first.get_by_test_id("version-note").fill("开张时的样子")
    page.keyboard.press("Enter")
    expect(first.get_by_test_id("note")).to_have_text("开张时的样子")
    first.get_by_test_id("version-look").click()
    looked = page.get_by_test_id("version-dialog")
    expect(looked.get_by_test_id("change-settings")).to_contain_text("名称")
    expect(looked.locator("ins")).to_have_text("新")
    looked.get_by_title("关闭").click()
    first.get_by_test_id("version-restore").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("agent-name")).to_have_value("茶铺")
    expect_saved(page)
    page.get_by_test_id("toast-action").click()
    expect(page.get_by_test_id("agent-name")).to_have_value("新茶铺")


def test_rolling_back_is_three_clicks(page, agents):
    ready(page)
    page.evaluate("window.clicks = 0; addEventListener('click', () => window.clicks++, true)")
    for text in ("甲", "乙"):
        page.get_by_test_id("agent-name").fill(text)
        expect_saved(page)
    page.get_by_test_id("history").click()
    page.get_by_test_id("version-kept").last.get_by_test_id("version-restore").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("agent-name")).to_have_value("茶铺")
    assert page.evaluate("window.clicks") <= 3


def test_a_reload_takes_no_step_of_undo_away(page, agents):
    """Ctrl+Z goes on into what the server kept: also of what is no block, where the window knows nothing."""
    ready(page)
    page.get_by_test_id("view-settings").click()
    page.get_by_label("简介").fill("卖茶")
    expect_saved(page)
    page.get_by_test_id("view-flow").click()
    page.get_by_test_id("block-say").locator(".fe-main").focus()
    page.keyboard.press("Control+d")
    expect(page.locator(".fe-card")).to_have_count(2)
    expect_saved(page)
    page.evaluate("sessionStorage.clear()")
    ready(page)
    page.keyboard.press("Control+z")  # at once: nothing has the focus
    expect(page.locator(".fe-card")).to_have_count(1)
    expect(page.get_by_test_id("toast")).to_contain_text("删除")
    expect_saved(page)
    until(lambda: (len(saved(agents)["flow"]), saved(agents)["description"]), (1, "卖茶"))
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("toast").last).to_contain_text("简介")
    until(lambda: "description" in saved(agents), False)
    ready(page)
    page.keyboard.press("Control+Shift+z")
    until(lambda: saved(agents).get("description"), "卖茶")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".fe-card")).to_have_count(2)
    until(lambda: len(saved(agents)["flow"]), 2)


def test_what_is_too_long_is_kept_whole_and_refused_with_a_sentence(page, agents):
    ready(page)
    page.get_by_test_id("view-settings").click()
    long = "长" * 100_500
    page.get_by_label("简介").fill(long)
    expect(page.get_by_test_id("saved")).to_contain_text("太长")
    ready(page)
    page.get_by_test_id("view-settings").click()
    expect(page.get_by_label("简介")).to_have_value(long)
    expect(page.get_by_test_id("settings-basic").get_by_role("alert").filter(has_text="太长")).to_be_visible()


def test_a_problem_leads_to_its_field(page, agents):
    data = saved(agents)
    data["flow"].insert(0, {"type": "model", "id": "answer", "input": "{{ nobody }}"})
    (agents / "shop.json").write_text(json.dumps(data), encoding="utf-8")
    ready(page)
    expect(page.get_by_role("button", name="处要处理")).to_have_count(1)
    page.get_by_test_id("problems").click()
    page.get_by_test_id("problems-dialog").get_by_test_id("problem").filter(has_text="nobody").click()
    expect(page.get_by_test_id("field-input").locator("textarea, input").first).to_be_focused()
    expect(page.get_by_test_id("field-input").get_by_role("alert").first).to_contain_text("nobody")


def test_the_question_mark_tells_the_keys(page, agents):
    ready(page)
    page.get_by_test_id("block-say").locator(".fe-main").focus()
    page.keyboard.press("?")
    expect(page.get_by_test_id("help-dialog")).to_contain_text("撤销")
    page.keyboard.press("Escape")
    page.get_by_test_id("agent-name").press("?")
    expect(page.get_by_test_id("help-dialog")).to_have_count(0)


def test_a_variable_that_is_wrong_says_so_under_its_field(page, agents):
    ready(page)
    page.get_by_test_id("view-settings").click()
    page.get_by_test_id("variable-name-0").fill("店 名")
    told = page.get_by_test_id("settings-variables").get_by_role("alert").filter(has_text="")
    expect(told.first).to_be_visible()
    page.get_by_test_id("variable-name-0").fill("shop")
    expect_saved(page)
    expect(page.get_by_test_id("settings-variables").get_by_role("alert")).to_have_count(0)


def test_keyword_answers_are_written_saved_and_taken_away_row_by_row(page, agents):
    def answers():
        return [(one["words"], one["text"]) for one in saved(agents).get("keywords", ())]

    ready(page)
    page.get_by_test_id("view-settings").click()
    for row, (words, answer) in enumerate([("营业时间，几点", "七点到十点"), ("地址", "中山路 8 号")]):
        page.get_by_test_id("add-keyword").click()
        expect(page.get_by_test_id(f"keyword-words-{row}")).to_be_focused()
        page.keyboard.type(words)
        expect(page.get_by_test_id(f"keyword-words-{row}")).to_have_value(words)
        page.get_by_role("group", name=f"第 {row + 1} 条").get_by_label("回答").fill(answer)
    until(answers, [(["营业时间", "几点"], "七点到十点"), (["地址"], "中山路 8 号")])
    page.get_by_role("group", name="第 1 条").get_by_title("删除").click()
    expect(page.get_by_test_id("keyword-words-0")).to_have_value("地址")
    until(answers, [(["地址"], "中山路 8 号")])


def test_code_is_tried_in_its_form_and_another_agent_is_chosen_by_name(page, agents):
    (agents / "clerk.json").write_text(json.dumps({**SHOP, "id": "clerk", "name": "小二"}), encoding="utf-8")
    ready(page)
    page.get_by_test_id("palette-code").click()
    page.get_by_test_id("field-code").locator("textarea").fill("print('hi')\nresult = 6 * 7")
    page.get_by_test_id("tool-trial").locator("summary").click()
    page.get_by_test_id("tool-run").click()
    expect(page.get_by_test_id("tool-result")).to_have_text("42\n\nhi\n")
    page.get_by_test_id("field-code").locator("textarea").fill("x = 1\nresult = x / 0")
    page.get_by_test_id("tool-run").click()
    expect(page.get_by_test_id("tool-result")).to_contain_text("第 2 行：ZeroDivisionError")
    page.get_by_test_id("palette-agent").click()
    field = page.get_by_test_id("field-agent").locator("select")
    assert field.locator("option").all_text_contents() == ["选一个智能体", "小二"]  # no agent asks itself
    field.select_option("clerk")
    expect(page.locator(".fe-card .fe-token.plain").filter(has_text="小二")).to_be_visible()


def test_a_schedule_has_a_flow_of_its_own_with_its_next_times_and_its_mistakes(page, agents):
    page.set_viewport_size({"width": 390, "height": 844})
    ready(page)
    page.get_by_test_id("add-start").click()
    page.get_by_test_id("start-schedule").click()
    form = page.get_by_test_id("start-form")
    expect(form.get_by_test_id("start-due")).to_contain_text("09:00")
    expect(page.get_by_test_id("empty")).to_be_visible()
    expect(page.locator(".fe-terminal").first).to_have_text("定时")
    page.get_by_test_id("slot-flow.0").get_by_role("button").click()
    page.get_by_role("menuitem", name="大模型").first.click()
    page.get_by_test_id("close").click()
    form.get_by_label("什么时候").fill("* * * * * *")
    expect(form).to_contain_text("不能写秒")
    form.get_by_label("什么时候").fill("0 9 * * 1")
    form.get_by_test_id("start-often").select_option("5")
    form.get_by_test_id("start-time").fill("18:30")
    expect(form.get_by_label("什么时候")).to_have_value("30 18 * * 5")
    expect(form.get_by_test_id("start-due")).to_contain_text("18:30")
    expect_saved(page)
    [start] = saved(agents)["starts"]
    assert (start["on"], start["cron"], [block["type"] for block in start["flow"]]) == (
        "schedule", "30 18 * * 5", ["model"],
    )  # fmt: skip
    assert start["flow"][0]["id"] not in {block["id"] for block in saved(agents)["flow"]}
    page.get_by_test_id("start-messages").click()
    expect(page.get_by_test_id("block-say")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_test_id("start-at-0").click()
    form.locator("summary").click()
    form.get_by_test_id("remove-start").click()
    expect(page.get_by_test_id("start-form")).to_have_count(0)
    page.get_by_test_id("toast-action").click()
    expect(form.get_by_label("什么时候")).to_have_value("30 18 * * 5")
    form.locator("summary").click()
    form.get_by_test_id("remove-start").click()
    expect(page.get_by_test_id("start-form")).to_have_count(0)
    until(lambda: saved(agents).get("starts", []), [])


def test_a_problem_is_mended_by_its_button_and_that_is_undone(page, agents):
    ready(page)
    page.get_by_test_id("block-say").click()
    page.get_by_test_id("field-text").locator("textarea").fill("{{ massage.text }}")
    page.get_by_test_id("problems").click()
    page.get_by_test_id("fix").click()
    expect(page.get_by_test_id("problems")).to_have_count(0)
    until(lambda: saved(agents)["flow"][0]["text"], "{{ message.text }}")
    page.get_by_test_id("bar-undo").click()
    until(lambda: saved(agents)["flow"][0]["text"], "{{ massage.text }}")


def test_a_turn_of_the_playground_is_drawn_on_the_flow_and_a_block_run_again_with_its_values(page, agents):
    ready(page)
    ended = {"type": "block_finished", "block": "say", "kind": "reply", "ms": 42, "output": {"text": "好的"}}
    events = [{"type": "block_started", "block": "say", "kind": "reply"}, ended]
    page.evaluate(
        "turn => sessionStorage.setItem('hongyan:turn:shop', JSON.stringify(turn))",
        {"events": [*events, {"type": "replied", "text": "好的", "ms": 50, "at": 50}], "asked": "在吗"},
    )
    page.goto(f"{BUILD}#turn=say")
    page.reload()
    expect(page.get_by_test_id("block-say").get_by_test_id("gave")).to_have_text("好的")
    expect(page.get_by_test_id("ran")).to_contain_text("42 ms")
    expect(page.get_by_text("画的是试聊的这一轮：「在吗」")).to_be_visible()
    page.get_by_test_id("block-say").locator(".fe-main").focus()
    page.keyboard.press("r")
    expect(page.get_by_test_id("piece-text")).to_have_value("在吗")
    page.get_by_test_id("piece-run").click()
    expect(page.get_by_test_id("piece-outcome")).to_contain_text("成功")
    page.get_by_test_id("turn-close").click()
    expect(page.get_by_test_id("gave")).to_have_count(0)
