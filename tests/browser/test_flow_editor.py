"""What a person does to a flow in the editor, and what the flow is afterwards."""

from flow_page import FLOW, card, drag, field, find, flow_of, ids, pick, slot
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]


def test_a_block_is_dragged_from_the_palette_into_a_branch(show):
    page = show()
    drag(page, page.get_by_test_id("palette-set"), slot(page, "flow.1.otherwise.1"))
    expect(page.locator(".fe-slot.hot")).to_have_count(1)
    page.mouse.up()
    assert [block["id"] for block in flow_of(page)[1]["otherwise"]] == ["answer", "set", "say"]


def test_escape_cancels_a_drag(show):
    page = show()
    drag(page, page.get_by_test_id("palette-set"), slot(page, "flow.1"))
    page.keyboard.press("Escape")
    page.mouse.up()
    assert flow_of(page) == FLOW


def test_a_block_is_dragged_to_another_branch(show):
    page = show()
    drag(page, card(page, "time"), slot(page, "flow.1.cases.0.flow.0"))
    page.mouse.up()
    assert [block["id"] for block in flow_of(page)[1]["cases"][0]["flow"]] == ["time", "human"]


def test_a_branch_cannot_be_dragged_into_itself(show):
    page = show()
    drag(page, card(page, "wish"), slot(page, "flow.1.cases.0.flow.0"))
    page.mouse.up()
    assert find(page, "wish")["cases"] == FLOW[1]["cases"]


def test_the_plus_between_blocks_adds_there(show):
    page = show()
    slot(page, "flow.1").get_by_role("button").click()
    page.get_by_test_id("menu-model").click()
    assert [block["id"] for block in flow_of(page)] == ["docs", "model", "wish"]
    expect(page.get_by_test_id("title")).to_have_attribute("placeholder", "大模型")


def test_the_palette_works_from_the_keyboard_and_ids_stay_unique(show):
    page = show("?flow=[]")
    for _ in range(2):
        page.get_by_test_id("palette-model").focus()
        page.keyboard.press("Enter")
    assert ids(page) == ["model", "model_2"]


def test_what_is_added_at_the_end_comes_before_the_reply_that_ends_the_turn(show):
    page = show('?flow=[{"type":"reply","id":"say","text":"好"}]')
    page.get_by_test_id("palette-model").click()
    assert ids(page) == ["model", "say"]


def test_a_reply_starts_with_the_nearest_answer(show):
    page = show("?flow=[]")
    page.get_by_test_id("palette-model").click()
    page.get_by_test_id("palette-reply").click()
    assert find(page, "reply")["text"] == "{{ model.text }}"


def test_an_approval_starts_with_the_message_and_asks_through_a_publication_that_is_there(show):
    page = show("?flow=[]")
    page.evaluate("editor.update({publications: [{value: 'shop-wecom', title: '企业微信 · shop-wecom'}]})")
    page.get_by_test_id("palette-approve").click()
    assert find(page, "approve")["question"] == "{{ message.text }}"
    page.get_by_text("更多设置").last.click()
    through = page.get_by_test_id("field-through").locator("select")
    for label, chosen in (("企业微信 · shop-wecom", "shop-wecom"), ("（不选）", None)):
        through.select_option(label=label)
        assert find(page, "approve").get("through") == chosen


def test_an_empty_flow_says_what_to_do(show):
    page = show("?flow=[]")
    expect(page.get_by_test_id("empty")).to_contain_text("从第一块积木开始")
    page.get_by_role("button", name="添加第一块积木").click()
    page.get_by_test_id("menu-model").click()
    expect(page.get_by_test_id("empty")).to_have_count(0)


def test_the_form_of_the_next_block_begins_at_its_top(show):
    page = show()
    page.set_viewport_size({"width": 1440, "height": 500})
    pick(page, "answer")
    panel = page.get_by_test_id("inspector")
    panel.evaluate("panel => { panel.scrollTop = 300; }")
    pick(page, "wish")
    assert panel.evaluate("panel => panel.scrollTop") == 0


def test_alt_arrows_move_a_block_and_keep_the_focus(show):
    page = show()
    card(page, "say").locator(".fe-main").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert [block["id"] for block in find(page, "wish")["otherwise"]] == ["say", "answer"]
    page.keyboard.press("Alt+ArrowLeft")
    assert [block["id"] for block in find(page, "wish")["cases"][1]["flow"]] == ["say", "time", "tell"]
    page.keyboard.press("Alt+ArrowUp")
    assert [block["id"] for block in flow_of(page)] == ["docs", "say", "wish"]
    expect(card(page, "say").locator(".fe-main")).to_be_focused()


def test_arrows_walk_the_blocks(show):
    page = show()
    card(page, "human").locator(".fe-main").focus()
    page.keyboard.press("ArrowRight")
    expect(card(page, "time").locator(".fe-main")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(card(page, "tell").locator(".fe-main")).to_be_focused()


def test_delete_undo_and_redo(show):
    page = show()
    expect(page.get_by_test_id("bar-undo")).to_be_disabled()
    card(page, "wish").locator(".fe-main").focus()
    page.keyboard.press("Delete")
    assert ids(page) == ["docs"]
    page.keyboard.press("Control+z")
    assert flow_of(page) == FLOW
    page.keyboard.press("Control+Shift+z")
    assert ids(page) == ["docs"]
    page.get_by_test_id("bar-undo").click()
    page.get_by_test_id("bar-redo").click()
    assert ids(page) == ["docs"]
    expect(page.get_by_test_id("bar-redo")).to_be_disabled()


def test_undo_works_again_and_again_from_the_keyboard(show):
    page = show()
    for name in ("set", "tool"):
        slot(page, "flow.0").get_by_role("button").click()
        page.get_by_test_id(f"menu-{name}").click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert flow_of(page) == FLOW


def test_typing_is_one_step_of_undo(show):
    page = show()
    pick(page, "say")
    field(page, "text").locator("textarea").press_sequentially("好的")
    page.get_by_test_id("bar-undo").click()
    assert flow_of(page) == FLOW
    expect(field(page, "text").locator("textarea")).to_have_value("{{ answer.text }}")


def test_a_duplicate_refers_to_itself(show):
    page = show()
    card(page, "wish").locator(".fe-main").focus()
    page.keyboard.press("Control+d")
    copy = flow_of(page)[2]
    assert [block["id"] for block in copy["otherwise"]] == ["model", "reply_2"]
    assert copy["otherwise"][1]["text"] == "{{ model.text }}"


def test_a_block_is_copied_and_pasted(show):
    page = show()
    pick(page, "tell")
    card(page, "tell").locator(".fe-main").focus()
    page.keyboard.press("Control+c")
    card(page, "docs").locator(".fe-main").click()
    page.keyboard.press("Control+v")
    assert [block["id"] for block in flow_of(page)] == ["docs", "reply", "wish"]


def test_the_list_view_shows_the_same_blocks(show):
    page = show()
    before = ids(page)
    page.get_by_test_id("bar-list").click()
    assert ids(page) == before
    boxes = [card(page, name).bounding_box() for name in ("human", "time", "answer")]
    assert len({box["x"] for box in boxes}) == 1


def test_blocks_after_a_handoff_are_never_reached(show):
    page = show()
    expect(page.get_by_test_id("unreached")).to_have_count(0)
    slot(page, "flow.1.cases.0.flow.1").get_by_role("button").click()
    page.get_by_test_id("menu-set").click()
    expect(card(page, "set").get_by_test_id("unreached")).to_contain_text("走不到这里")


def test_the_run_shows_on_the_blocks(show):
    page = show()
    done, running, failed = {"status": "done", "ms": 41}, {"status": "running"}, {"status": "failed"}
    page.evaluate("map => editor.status(map)", {"docs": done, "answer": running, "time": failed})
    expect(card(page, "docs").get_by_test_id("status")).to_have_text("41 ms")
    expect(card(page, "answer").get_by_test_id("status")).to_have_text("运行中")
    expect(card(page, "time").locator(".fe-main")).to_have_accessible_name("用工具，失败")


def test_a_problem_is_on_its_block_and_its_field(show):
    page = show()
    problem = {"field": "flow.1.otherwise.1.text", "text": {"zh": "不能为空", "en": "required"}}
    page.evaluate("problem => editor.problems([problem])", problem)
    expect(card(page, "say").get_by_test_id("problem")).to_have_text("不能为空")
    page.get_by_test_id("bar-problems").click()
    page.get_by_role("menuitem").click()
    expect(field(page, "text").get_by_role("alert")).to_have_text("不能为空")
    expect(field(page, "text").locator("textarea")).to_be_focused()
    expect(field(page, "text")).to_have_class("fe-field fe-bad")
    mild = {**problem, "text": "提示", "level": "warning"}
    page.evaluate("both => editor.problems(both)", [mild, problem])
    expect(field(page, "text").get_by_role("alert")).to_have_text("不能为空")  # what keeps it from working
    page.evaluate("one => editor.problems([one])", mild)
    expect(field(page, "text").get_by_role("alert")).to_have_class("fe-wrong mild")
    expect(field(page, "text")).to_have_class("fe-field")


def test_edits_come_out_once_after_a_pause(show):
    page = show()
    pick(page, "say")
    field(page, "text").locator("textarea").press_sequentially("您好")
    page.wait_for_function("edits.length === 1")
    assert page.evaluate("edits[0].why") == "field"
    assert page.evaluate("picks") == ["say"]


def test_load_replaces_the_flow_without_an_edit(show):
    page = show()
    page.evaluate("editor.load([{type: 'reply', id: 'only', text: '你好'}])")
    assert ids(page) == ["only"]
    expect(page.get_by_test_id("bar-undo")).to_be_disabled()
    assert page.evaluate("new Promise(done => setTimeout(() => done(edits.length), 250))") == 0


def test_a_second_mount_replaces_the_first(show):
    page = show()
    page.evaluate("remount()")
    expect(page.locator(".fe")).to_have_count(1)
    pick(page, "docs")
    assert page.evaluate("picks") == ["docs"]


def test_the_language_changes_in_place(show):
    page = show()
    pick(page, "answer")
    page.evaluate("editor.lang('en')")
    expect(page.get_by_test_id("bar-list")).to_have_text("List")
    expect(field(page, "input")).to_contain_text("Input")


def test_a_readonly_flow_cannot_be_changed(show):
    page = show("?readonly")
    expect(page.locator(".fe-add")).to_have_count(0)
    pick(page, "say")
    expect(field(page, "text").locator("textarea")).to_be_disabled()
    expect(page.locator(".fe-palette")).to_be_hidden()
    page.locator("[data-testid=palette-model]").dispatch_event("click")
    page.keyboard.press("Delete")
    assert flow_of(page) == FLOW


def test_blocks_of_one_kind_are_told_apart(show):
    page = show()
    two = [
        {"type": "model", "id": "a"},
        {"type": "model", "id": "b"},
        {"type": "reply", "id": "c", "text": "好"},
    ]
    page.evaluate("flow => editor.load(flow)", two)
    assert page.locator(".fe-name").all_inner_texts() == ["大模型 1", "大模型 2", "回复"]


def test_a_way_without_a_name_shows_its_condition_in_words(show):
    page = show()
    case = {"when": "'订单' in message.text or 'order' in message.text | lower", "flow": []}
    page.evaluate(
        "flow => editor.load(flow)", [{"type": "branch", "id": "b", "cases": [case], "otherwise": []}]
    )
    assert (
        page.locator(".fe-case").first.inner_text() == "用户的消息 包含 “订单” 或者 用户的消息 包含 “order”"
    )


def test_a_block_gets_another_way_for_when_it_fails_by_a_switch(show):
    page = show('?flow=[{"type":"set","id":"set","values":{"x":"1"}}]')
    expect(slot(page, "flow.0.otherwise.0")).to_have_count(0)
    pick(page, "set")
    field(page, "otherwise").get_by_role("switch").check()
    slot(page, "flow.0.otherwise.0").get_by_role("button").click()
    page.get_by_test_id("menu-reply").click()
    assert [block["id"] for block in flow_of(page)[0]["otherwise"]] == ["reply"]
    pick(page, "set")
    field(page, "otherwise").get_by_role("switch").uncheck()
    assert "otherwise" not in flow_of(page)[0]


def test_what_is_asked_is_composed_in_the_form(show):
    page = show("?flow=[]")
    page.get_by_test_id("palette-ask").click()
    field(page, "fields").get_by_role("button").first.click()
    field(page, "fields.0.name").get_by_role("textbox").fill("guests")
    field(page, "fields.0.type").get_by_role("combobox").select_option("number")
    [ask] = flow_of(page)
    assert ask["fields"][0]["name"] == "guests"
    assert ask["fields"][0]["type"] == "number"


def test_a_block_is_switched_off_and_on_by_its_key_and_its_menu(show):
    page = show()
    before = find(page, "answer")
    card(page, "answer").locator(".fe-main").focus()
    page.keyboard.press("d")
    assert list(find(page, "answer")) == ["type", "id", "disabled", "prompt"]
    expect(card(page, "answer").get_by_test_id("off")).to_be_visible()
    pick(page, "say")
    chips = page.get_by_test_id("inspector").locator(".fe-chip")
    names = [chip.get_attribute("data-testid") for chip in chips.all()]
    assert "chip-answer.text" not in names, names
    card(page, "answer").get_by_role("button", name="更多").click()
    page.get_by_test_id("do-toggle").click()
    assert find(page, "answer") == before
