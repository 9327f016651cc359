"""The form of the selected block: every widget, and what it writes into the flow."""

import pytest
from flow_page import FLOW, card, drag, field, find, flow_of, pick, slot
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]

ELSEWHERE = ("{{ time", "{{ human", "{{ say", "{{ wish")
"""Of other branches, later, or still running."""


def test_variables_are_those_that_surely_exist_there(show):
    page = show()
    pick(page, "say")
    chips = field(page, "text")
    chips.locator(".fe-chip.more").click()
    offered = page.get_by_role("menuitem").locator("small").all_inner_texts()
    assert offered[:3] == ["{{ answer.text }}", "{{ docs.text }}", "{{ docs.material }}"]
    assert not [name for name in offered if name.split(".")[0] in ELSEWHERE]
    assert "{{ shop }}" in offered


def test_a_chip_inserts_at_the_cursor(show):
    page = show()
    pick(page, "tell")
    area = field(page, "text").locator("textarea")
    area.fill("它是。")
    area.press("ArrowLeft")
    field(page, "text").get_by_test_id("chip-time.result").click()
    assert find(page, "tell")["text"] == "它是{{ time.result }}。"


def test_what_equals_the_default_is_not_written(show):
    page = show()
    pick(page, "answer")
    page.get_by_text("更多设置").click()
    box = field(page, "rounds").locator("input[type=number]")
    box.fill("9")
    assert find(page, "answer")["rounds"] == 9
    box.fill("6")
    assert "rounds" not in find(page, "answer")


TYPED = [  # the block, its field, its control, and what is selected in it: what is left of that after an undo
    ("tell", "text", "textarea", (1, 3), (1, 3)),
    ("docs", "text", "textarea", (2, 9), (2, 7)),
    ("answer", "prompt", "[data-testid=value-shop] textarea", (1, 2), (1, 2)),
    ("said", "prompt", "textarea", (1, 2), (0, 0)),
    ("x", "values", "textarea, .fe-template input", (0, 2), (0, 2)),
]
UNDONE = [
    *FLOW,
    {"type": "model", "id": "said", "prompt": {"text": ""}},
    {"type": "set", "id": "x", "values": {"v": "价格"}},
]


@pytest.mark.parametrize(("block", "path", "control", "chosen", "left"), TYPED)
def test_an_undo_leaves_who_types_where_they_type(show, block, path, control, chosen, left):
    page = show()
    page.evaluate("flow => editor.load(flow)", UNDONE)
    pick(page, block)
    box = field(page, path).locator(control).first
    was, begun = box.input_value(), flow_of(page)
    box.fill("一二三四五六七八九十")
    box.evaluate("(node, [from, to]) => node.setSelectionRange(from, to)", chosen)
    box.press("Control+z")
    expect(box).to_have_value(was)
    expect(box).to_be_focused()
    assert flow_of(page) == begun
    assert box.evaluate("node => [node.selectionStart, node.selectionEnd]") == list(left)
    box.press("Control+Shift+z")
    expect(box).to_have_value("一二三四五六七八九十")
    expect(box).to_be_focused()


def test_a_slider_and_a_switch_write_numbers_and_truth(show):
    page = show()
    pick(page, "answer")
    page.get_by_text("更多设置").click()
    field(page, "temperature").locator("input[type=range]").fill("0.7")
    field(page, "memory").get_by_role("switch").uncheck()
    answer = find(page, "answer")
    assert (answer["temperature"], answer["memory"]) == (0.7, False)


def test_the_model_is_suggested_and_free(show):
    page = show()
    pick(page, "answer")
    box = field(page, "model").get_by_role("combobox")
    box.fill("qwen")
    page.get_by_role("option", name="qwen/qwen-plus").click()
    assert find(page, "answer")["model"] == "qwen/qwen-plus"
    box.fill("my/own")
    assert find(page, "answer")["model"] == "my/own"


def test_fallback_models_are_ordered(show):
    page = show()
    pick(page, "answer")
    page.get_by_text("更多设置").click()
    models = field(page, "fallbacks")
    for i, name in enumerate(("a/one", "b/two")):
        models.get_by_test_id("row-add").click()
        models.get_by_test_id(f"row-{i}").get_by_role("combobox").fill(name)
    models.get_by_test_id("row-1").get_by_test_id("do-up").click()
    assert find(page, "answer")["fallbacks"] == ["b/two", "a/one"]


def test_a_prompt_is_a_template_with_values_or_own_text(show):
    page = show()
    pick(page, "answer")
    page.get_by_test_id("value-shop").locator("textarea").fill("一叶茶铺")
    assert find(page, "answer")["prompt"] == {"template": "service", "values": {"shop": "一叶茶铺"}}
    page.get_by_test_id("prompt-own").click()
    assert find(page, "answer")["prompt"] == {"text": "你是一叶茶铺的客服。"}
    page.get_by_test_id("prompt-back").click()
    assert find(page, "answer")["prompt"] == {"template": "service", "values": {"shop": "一叶茶铺"}}
    page.get_by_test_id("prompt-own").click()
    field(page, "prompt").locator("textarea").fill("你是客服。")
    assert find(page, "answer")["prompt"] == {"text": "你是客服。"}
    page.get_by_test_id("prompt-template").click()
    expect(page.get_by_test_id("value-shop").locator("textarea")).to_have_value("一叶茶铺")
    page.get_by_test_id("preview").locator("summary").click()
    expect(page.locator(".fe-preview")).to_contain_text("一叶茶铺")
    pick(page, "say")
    pick(page, "answer")
    page.get_by_test_id("prompt-own").click()
    expect(field(page, "prompt").locator("textarea")).to_have_value("你是客服。")


def test_tools_are_added_set_up_and_removed(show):
    page = show()
    pick(page, "answer")
    for _ in range(2):
        page.get_by_test_id("tools-add").click()
        page.get_by_test_id("tool-clock").click()
    field(page, "tools.1.description").locator("textarea").fill("问时间时用")
    second = {"type": "clock", "name": "clock_2", "description": "问时间时用"}
    assert find(page, "answer")["tools"] == [{"type": "clock"}, second]
    page.get_by_test_id("tools-0").get_by_test_id("do-remove").click()
    assert [tool["name"] for tool in find(page, "answer")["tools"]] == ["clock_2"]


def test_what_is_typed_after_a_kept_value_is_chosen_is_that_value(show):
    page = show()
    page.evaluate("flow => editor.load(flow)", [{"type": "set", "id": "begin", "values": {"a": "1"}}])
    pick(page, "begin")
    page.get_by_test_id("pair-add").click()
    page.get_by_test_id("write-person.points").click()
    expect(page.get_by_test_id("pair-1").get_by_label("内容")).to_be_focused()
    page.keyboard.insert_text("0")
    assert find(page, "begin")["values"] == {"a": "1", "person.points": "0"}
    expect(card(page, "begin")).to_contain_text("a, 积分")


def test_a_field_that_is_asked_for_is_named_by_its_title_until_somebody_names_it(show):
    page = show()
    page.evaluate("flow => editor.load(flow)", [{"type": "ask", "id": "ask", "fields": [{"name": "text"}]}])
    pick(page, "ask")
    title, name = (field(page, f"fields.0.{one}").locator("input") for one in ("title", "name"))
    title.press_sequentially("Days off")
    expect(name).to_have_value("days_off")
    expect(title).to_be_focused()
    name.fill("days")
    title.fill("Number of days")
    assert find(page, "ask")["fields"] == [{"name": "days", "title": "Number of days"}]


def test_one_tool_is_chosen_and_its_arguments_are_offered(show):
    page = show()
    pick(page, "time")
    field(page, "arguments.timezone").locator("input").fill("{{ message.text }}")
    assert find(page, "time")["arguments"] == {"timezone": "{{ message.text }}"}
    page.get_by_test_id("tool-pick").click()
    page.get_by_test_id("tool-calculator").click()
    assert find(page, "time")["tool"] == {"type": "calculator"}


def test_cases_are_added_reordered_and_removed(show):
    page = show()
    pick(page, "wish")
    page.get_by_test_id("case-add").click()
    page.get_by_test_id("case-2").get_by_label("情况名称").fill("要发票")
    page.get_by_test_id("case-2").get_by_label("填写内容").fill("发票's")
    page.get_by_test_id("case-2").get_by_test_id("do-up").click()
    page.get_by_test_id("case-0").get_by_test_id("do-remove").click()
    cases = find(page, "wish")["cases"]
    assert [case["title"] for case in cases] == ["要发票", "问时间"]
    assert cases[0]["when"] == "'发票\\'s' in message.text | lower"
    assert [block["id"] for block in cases[1]["flow"]] == ["time", "tell"]


def test_a_case_edited_after_its_flow_changed_keeps_the_new_flow(show):
    page = show()
    pick(page, "wish")
    drag(page, card(page, "time"), slot(page, "flow.1.cases.0.flow.0"))
    page.mouse.up()
    page.get_by_test_id("case-0").get_by_label("情况名称").fill("人工")
    assert [block["id"] for block in find(page, "wish")["cases"][0]["flow"]] == ["time", "human"]


def test_conditions_are_rows_or_an_expression(show):
    page = show()
    pick(page, "wish")
    case = page.get_by_test_id("case-0")
    case.get_by_label("怎么比").select_option("starts")
    case.get_by_test_id("condition-add").click()
    case.get_by_label("填写内容").nth(1).fill("客服")
    case.get_by_role("button", name="并且").click()
    both = "message.text.startswith('人工') or '客服' in message.text"
    assert find(page, "wish")["cases"][0]["when"] == both
    case.get_by_test_id("condition-mode").click()
    case.get_by_label("条件表达式").fill("message.text | length > 3")
    assert find(page, "wish")["cases"][0]["when"] == "message.text | length > 3"
    expect(case.get_by_test_id("condition-mode")).to_be_disabled()


def test_a_new_id_is_checked_and_references_follow(show):
    page = show()
    pick(page, "time")
    page.get_by_text("更多设置").click()
    box = field(page, "id").locator("input")
    box.fill("docs")
    box.press("Enter")
    expect(field(page, "id").get_by_role("alert")).to_contain_text("已经有人用了")
    box.fill("watch")
    box.press("Enter")
    assert find(page, "tell")["text"] == "现在是 {{ watch.result }}"
    expect(page.get_by_test_id("title")).to_be_visible()


def test_no_field_cuts_what_is_pasted(show):
    page = show()
    pick(page, "say")
    long = "长" * 120_000
    field(page, "text").locator("textarea").fill(long)
    assert len(find(page, "say")["text"]) == 120_000
    page.get_by_test_id("title").fill("名" * 90)
    assert len(find(page, "say")["title"]) == 90
    assert page.locator("[maxlength]").count() == 0


def test_enter_on_a_card_reaches_its_form_and_esc_leads_back(show):
    page = show()
    main = card(page, "answer").locator(".fe-main")
    main.focus()
    main.press("Enter")
    expect(page.get_by_test_id("inspector").locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(main).to_be_focused()


def test_a_tool_that_is_chosen_by_a_key_has_the_focus_then(show):
    page = show()
    page.evaluate("editor.load([{type: 'tool', id: 'tool'}])")
    pick(page, "tool")
    page.get_by_test_id("tool-http_request").press("Enter")
    expect(page.get_by_test_id("tool-pick")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field(page, "tool.method").get_by_role("combobox")).to_be_focused()
