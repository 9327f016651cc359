"""What is pasted onto the flow: from another tab, by hand, broken, huge, with ids that clash."""

import json

from flow_page import FLOW, card, find, flow_of
from playwright.sync_api import expect

pytest_plugins = ["flow_fixtures"]

PASTE = """text => { const data = new DataTransfer(); data.setData('text/plain', text);
  return !document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data,
    bubbles: true, cancelable: true})); }"""
CHECKED = "() => editor.update({takeBlocks: async (blocks) => ({ok: true, value: {blocks, acts: []}})})"
SET = {"type": "set", "id": "docs", "values": {"x": "1"}}
TELL = {"type": "reply", "id": "say", "text": "{{ docs.x }}"}


def many(count):
    return [{**SET, "id": f"b{n}"} for n in range(count)]


def ready(page, block="wish"):
    page.evaluate(CHECKED)
    card(page, block).locator(".fe-main").focus()


def test_a_block_a_list_and_an_agent_written_by_hand_are_blocks_and_one_step_takes_them_back(show):
    page = show()
    ready(page)
    for text in (
        json.dumps([SET, TELL]),
        json.dumps({"id": "x", "name": "x", "flow": [SET, TELL]}, indent=4),
    ):
        page.evaluate(PASTE, text)
        expect(page.get_by_test_id("marked")).to_contain_text("已选 2 块")
        pasted = flow_of(page)[2:]
        assert [one["id"] for one in pasted] == ["set", "reply"]
        assert pasted[1]["text"] == "{{ set.x }}"
        page.keyboard.press("Control+z")
        assert flow_of(page) == FLOW
        card(page, "wish").locator(".fe-main").focus()
    page.evaluate(PASTE, json.dumps({**SET, "id": "alone"}))
    expect(card(page, "alone")).to_be_visible()


def test_another_tab_has_what_was_copied_in_this_one(show):
    here, there = show(), show('?flow=[{"type":"reply","id":"say","text":"好"}]')
    card(here, "time").locator(".fe-main").focus()
    here.keyboard.press("Shift+ArrowDown")
    here.keyboard.press("Control+c")
    card(there, "say").locator(".fe-more").click()
    there.keyboard.press("Escape")
    there.get_by_role("button", name="在这里加一块积木").first.click()
    there.get_by_test_id("menu-paste").click()
    assert [one["id"] for one in flow_of(there)] == ["time", "tell", "say"]
    assert find(there, "tell")["text"] == "现在是 {{ time.result }}"


def test_what_is_broken_or_too_much_is_told_and_changes_nothing(show):
    page = show()
    ready(page)
    deep = '{"type":"branch","id":"b","cases":[{"title":"a","when":"true","flow":[' * 3000
    broken = [
        '{"type": "set", "id": ',
        '[{"type": "set"}]',
        '{"flow": [{"type": "branch", "id": "b", "cases": [{"flow": [null]}]}]}',
        deep + "]}]}" * 3000,
    ]
    for text in broken:
        assert page.evaluate(PASTE, text)
    expect(page.get_by_test_id("toast").filter(has_text="不是有效的积木").first).to_be_visible()
    page.evaluate(PASTE, json.dumps(many(10_000)))
    expect(page.get_by_test_id("toast").filter(has_text="10000")).to_be_visible()
    assert flow_of(page) == FLOW
    assert not page.evaluate(PASTE, "只是一段话 { }")
    assert flow_of(page) == FLOW


def test_three_hundred_blocks_whose_ids_clash_come_in_as_one_step(show):
    page = show()
    ready(page)
    page.evaluate(PASTE, json.dumps([{**one, "id": "docs"} for one in many(300)]))
    expect(page.get_by_test_id("marked")).to_contain_text("已选 300 块")
    names = [one["id"] for one in flow_of(page)]
    assert len({*names}) == len(names) == 302
    page.keyboard.press("Control+z")
    assert flow_of(page) == FLOW
