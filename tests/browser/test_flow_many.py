"""Several blocks at once, from agent to agent, and finding one's way in a large flow."""

import json
import re

from flow_page import FLOW, card, find, flow_of, pick
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]

LARGE = [{"type": "set", "id": f"set_{n}", "title": f"第 {n} 步", "values": {"x": "1"}} for n in range(100)]
FOREIGN = {
    "hongyan": "blocks",
    "blocks": [{"type": "model", "id": "answer", "prompt": {"text": "见 {{ docs.text }}"}},
               {"type": "reply", "id": "other", "text": "{{ answer.text }}"}],
}  # fmt: skip
PASTE = """text => { const data = new DataTransfer(); data.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data,
    bubbles: true})); }"""


def main(page, name):
    return card(page, name).locator(".fe-main")


def test_several_blocks_are_marked_moved_switched_off_duplicated_and_deleted_by_keys(show):
    page = show()
    main(page, "time").focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_test_id("marked")).to_contain_text("已选 2 块")
    page.keyboard.press("d")
    assert all(block["disabled"] for block in find(page, "wish")["cases"][1]["flow"])
    page.keyboard.press("d")
    page.keyboard.press("Control+d")
    case = find(page, "wish")["cases"][1]["flow"]
    assert [block["id"] for block in case] == ["time", "tell", "tool", "reply"]
    assert case[3]["text"] == "现在是 {{ tool.result }}"
    page.keyboard.press("Delete")
    assert flow_of(page) == FLOW
    main(page, "docs").focus()
    page.keyboard.press("Alt+ArrowRight")  # into the branch that is next
    assert [block["id"] for block in find(page, "wish")["cases"][0]["flow"]] == ["docs", "human"]


def test_a_cut_block_keeps_its_id_and_what_is_pasted_from_elsewhere_is_asked_about(show):
    page = show()
    main(page, "answer").focus()
    page.keyboard.press("Control+x")
    main(page, "docs").focus()
    page.keyboard.press("Control+v")
    assert [block["id"] for block in flow_of(page)] == ["docs", "answer", "wish"]
    assert find(page, "say")["text"] == "{{ answer.text }}"
    page.evaluate("""() => editor.update({takeBlocks: async (blocks) => (window.asked = blocks,
        {ok: true, value: {blocks: [{...blocks[0], disabled: true}, blocks[1]],
                           acts: [{id: 'answer', words: {zh: '连别的服务器', en: ''}}]}})})""")
    page.evaluate(PASTE, json.dumps(FOREIGN))
    expect(page.get_by_role("status").filter(has_text="连别的服务器")).to_be_visible()
    assert page.evaluate("asked") == FOREIGN["blocks"]
    pasted = flow_of(page)[2:4]
    assert [block["id"] for block in pasted] == ["model", "other"]
    assert pasted[0]["disabled"]
    assert pasted[1]["text"] == "{{ model.text }}"
    before = flow_of(page)
    hostile = [
        '{"hongyan":"blocks","blocks":[null]}',
        '{"type":5,"id":"x"}',
        "[" * 60_000,
        "{" + "x" * 600_000,
    ]
    for text in hostile:
        page.evaluate(PASTE, text)
    page.evaluate("editor.update({takeBlocks: async () => ({ok: false, text: {zh: '不是积木', en: ''}})})")
    page.evaluate(PASTE, '{"type":"nothing","id":"constructor"}')
    expect(page.get_by_text("没有粘贴：不是积木")).to_be_visible()
    assert flow_of(page) == before


def test_a_large_flow_is_searched_zoomed_and_overlooked(show):
    page = show("?flow=[]")
    page.evaluate("flow => editor.load(flow)", LARGE)
    expect(page.get_by_test_id("minimap")).to_be_visible()
    main(page, "set_0").focus()
    page.keyboard.press("Control+f")
    page.get_by_test_id("flow-search").fill("第 9")
    expect(page.get_by_test_id("found")).to_contain_text("1/11：第 9 步")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_test_id("found")).to_contain_text("11/11")
    page.keyboard.press("Escape")
    expect(main(page, "set_99")).to_be_focused()
    expect(card(page, "set_99")).to_be_in_viewport()
    page.keyboard.press("Control+-")
    expect(page.locator(".fe-percent")).to_have_text("90%")
    page.keyboard.press("Control+0")
    expect(page.locator(".fe-percent")).to_have_text("100%")
    box = page.get_by_test_id("minimap").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 2)
    expect(card(page, "set_0")).to_be_in_viewport()
    box = card(page, "set_1").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator(".fe-percent")).to_have_text("110%")
    assert (
        abs(card(page, "set_1").bounding_box()["y"] + 20 * 1.1 - box["y"] - 20) < 4
    )  # stays under the pointer
    main(page, "set_1").focus()
    page.keyboard.press("Shift+Digit1")
    expect(page.locator(".fe-percent")).to_have_text("20%")
    bar = page.locator(".fe-bar").bounding_box()
    assert page.locator(".fe-terminal").first.bounding_box()["y"] >= bar["y"] + bar["height"]


def test_a_turn_is_painted_onto_the_flow(show):
    page = show()
    ran = [
        ("docs", {"text": "龙井产自西湖。"}),
        ("wish", {"case": "问时间"}),
        ("time", {"result": "九点", "failed": "True"}),
    ]
    started = [{"type": "block_started", "block": id} for id, _ in ran]
    ended = [
        {"type": "block_finished", "block": id, "ms": 1500, "output": output}
        for id, output in ran
        if id != "wish"
    ]
    stray = {
        "type": "block_started",
        "block": "say",
        "within": "other/agent",
    }  # of an agent inside
    failed = {"type": "failed", "block": "tell", "reason": {"zh": "写不出来", "en": ""}}
    page.evaluate("events => editor.paint(events)", [*started, *ended, stray, failed])
    expect(card(page, "docs").get_by_test_id("status")).to_have_text("1.5 s")
    expect(card(page, "docs").get_by_test_id("gave")).to_have_text("龙井产自西湖。")
    expect(card(page, "time").get_by_test_id("status")).to_have_text("失败")
    expect(card(page, "tell").get_by_test_id("gave")).to_have_text("写不出来")
    expect(page.locator(".fe-lane.taken .fe-case")).to_have_text("问时间")
    for passed in ("human", "answer", "say"):
        expect(card(page, passed)).to_have_class(re.compile("passed"))
    pick(page, "docs")
    expect(page.get_by_test_id("ran")).to_contain_text("1.5 s")
    page.evaluate("editor.paint(null)")
    expect(page.get_by_test_id("gave")).to_have_count(0)


FORM = """() => [...document.querySelectorAll('.fe-form [data-field]')]
  .map((node) => [node.dataset.field, node])"""
ANEW = """(before) => before.filter(([name, node]) =>
  document.querySelector(`.fe-form [data-field="${name}"]`) !== node).map(([name]) => name)"""


def test_a_step_back_makes_no_field_and_no_card_anew(show):
    """Whoever stands in one stays there."""
    page = show()
    pick(page, "say")
    box = page.get_by_test_id("field-text").locator("textarea")
    text = box.input_value()
    box.fill("另一句")
    fields = page.evaluate_handle(FORM)
    cards = page.evaluate_handle("() => [...document.querySelectorAll('.fe-card')]")
    main(page, "docs").focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("field-text").locator("textarea")).to_have_value(text)
    assert page.evaluate(ANEW, fields) == []
    assert page.evaluate("(before) => before.every((node) => node.isConnected)", cards)
